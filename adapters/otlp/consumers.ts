/** The processes of one host: their memory summed by name, read for leaking hosts only. */
import type { SampleSeries } from '../../core/model/sample.ts';
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import { PROCESS_MEMORY, type Reading, type Resource } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { NO_PROCESSES } from './hints.ts';
import { hourByHour } from './hours.ts';

export interface ConsumersRequest {
  readonly span: MeanSpan;
  /** The host's memory in bytes; undefined where it is not known. */
  readonly limit: number | undefined;
}

export async function* readConsumers(
  chunks: AsyncIterable<SampleChunk>,
  host: Resource,
  { span, limit }: ConsumersRequest,
): AsyncGenerator<Reading> {
  const sums = new ProcessSums(span);
  try {
    for await (const { series } of hourByHour(chunks)) sums.addHour(series);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: host, reason: error.reason, detail: error.message };
    return;
  }
  const { window, periodMs, statistic } = span;
  const consumers = sums.result();
  if (consumers.size === 0) {
    yield { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: NO_PROCESSES };
    return;
  }
  for (const [name, { times, values }] of [...consumers].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    yield {
      kind: 'series',
      resource: host,
      consumer: { kind: 'process', name },
      metric: PROCESS_MEMORY,
      unit: 'By',
      ...(limit !== undefined && { limit }),
      statistic,
      window,
      periodMs,
      times: Float64Array.from(times),
      values: Float64Array.from(values),
    };
  }
}

interface Column {
  readonly times: number[];
  readonly values: number[];
}

interface ProcessSample {
  readonly time: number;
  /** The same for all samples of a process. */
  readonly process: string;
  readonly name: string;
  readonly value: number;
}

/** One process in one period. */
interface PeriodOfProcess {
  readonly name: string;
  readonly first: number;
  last: number;
  sum: number;
  count: number;
  /** Milliseconds between its samples, and to the one of the period before. */
  readonly gaps: number[];
}

/**
 * The mean of a name in a period is the sum of its processes' means, each by the part of the period that it ran for. That part is the time that its
 * own samples stand for: how often a host reads its processes is not known, and a recording reads some of them more often than the others.
 */
class ProcessSums {
  readonly #span: MeanSpan;
  readonly #columns = new Map<string, Column>();
  #period = Number.NaN;
  #processes = new Map<string, PeriodOfProcess>();
  /** When each process was read last. */
  readonly #read = new Map<string, number>();

  constructor(span: MeanSpan) {
    this.#span = span;
  }

  addHour(series: readonly SampleSeries[]): void {
    const samples: ProcessSample[] = [];
    for (const { metric, process, times, values } of series) {
      if (metric !== PROCESS_MEMORY || process === undefined) continue;
      const { name, pid, startedAt } = process;
      const key = JSON.stringify([name, pid, startedAt]);
      for (const [index, time] of times.entries()) {
        const value = values[index];
        if (value !== undefined) samples.push({ time, process: key, name, value });
      }
    }
    for (const sample of samples.sort((a, b) => a.time - b.time)) this.#add(sample);
  }

  #add({ time, process, name, value }: ProcessSample): void {
    const { window, periodMs } = this.#span;
    if (time < window.start || time >= window.end) return;
    const period = window.start + Math.floor((time - window.start) / periodMs) * periodMs;
    if (period !== this.#period) this.#end();
    this.#period = period;
    const known = this.#processes.get(process) ?? { name, first: time, last: time, sum: 0, count: 0, gaps: [] };
    const gap = time - (this.#read.get(process) ?? time);
    if (gap > 0 && gap <= periodMs) known.gaps.push(gap);
    known.last = time;
    known.sum += value;
    known.count += 1;
    this.#processes.set(process, known);
    this.#read.set(process, time);
  }

  #end(): void {
    for (const [name, sum] of sumsByName([...this.#processes.values()], this.#span.periodMs)) {
      const column = this.#columns.get(name) ?? { times: [], values: [] };
      column.times.push(this.#period);
      column.values.push(sum);
      this.#columns.set(name, column);
    }
    this.#processes = new Map();
  }

  result(): ReadonlyMap<string, Column> {
    this.#end();
    return this.#columns;
  }
}

/** The part of a period is held against that of the process which has the longest: where the host sent for half of the period, that is all of it. */
function sumsByName(processes: readonly PeriodOfProcess[], periodMs: number): ReadonlyMap<string, number> {
  const gaps = processes.map((one) => medianOf(one.gaps));
  // Of one that was read once: as long as the others were not read.
  const usual = gaps.reduce<number>((most, gap) => Math.max(most, gap ?? 0), 0) || 1;
  const spans = processes.map(({ first, last }, index) => Math.min(periodMs, last - first + (gaps[index] ?? usual)));
  const longest = spans.reduce((most, span) => Math.max(most, span), 0);
  const sums = new Map<string, number>();
  for (const [index, { name, sum, count }] of processes.entries())
    sums.set(name, (sums.get(name) ?? 0) + ((sum / count) * (spans[index] ?? 0)) / longest);
  return sums;
}

/** Undefined where there is none. */
function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
