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

/** A collector reads one process after the other: moments closer to each other than this, in milliseconds, are one reading of all. */
const ONE_READING_MS = 2_500;

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

/**
 * The mean of a name in a period is the sum of all samples of its processes over how often the processes of the host were read in it: one
 * that ran for a part of the period counts for that part.
 */
class ProcessSums {
  readonly #span: MeanSpan;
  readonly #columns = new Map<string, Column>();
  #period = Number.NaN;
  #sums = new Map<string, number>();
  #moments: number[] = [];

  constructor(span: MeanSpan) {
    this.#span = span;
  }

  addHour(series: readonly SampleSeries[]): void {
    const samples: { readonly time: number; readonly name: string; readonly value: number }[] = [];
    for (const { metric, process, times, values } of series) {
      if (metric !== PROCESS_MEMORY || process === undefined) continue;
      const { name } = process;
      for (const [index, time] of times.entries()) {
        const value = values[index];
        if (value !== undefined) samples.push({ time, name, value });
      }
    }
    for (const sample of samples.sort((a, b) => a.time - b.time)) this.#add(sample);
  }

  #add({ time, name, value }: { time: number; name: string; value: number }): void {
    const { window, periodMs } = this.#span;
    if (time < window.start || time >= window.end) return;
    const period = window.start + Math.floor((time - window.start) / periodMs) * periodMs;
    if (period !== this.#period) this.#end();
    this.#period = period;
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    this.#moments.push(time);
  }

  #end(): void {
    const readings = countReadings(this.#moments);
    for (const [name, sum] of this.#sums) {
      const column = this.#columns.get(name) ?? { times: [], values: [] };
      column.times.push(this.#period);
      column.values.push(sum / readings);
      this.#columns.set(name, column);
    }
    this.#sums = new Map();
    this.#moments = [];
  }

  result(): ReadonlyMap<string, Column> {
    this.#end();
    return this.#columns;
  }
}

/** @param moments In order. */
function countReadings(moments: readonly number[]): number {
  let previous = Number.NEGATIVE_INFINITY;
  let readings = 0;
  for (const moment of moments) {
    if (moment - previous > ONE_READING_MS) readings++;
    previous = moment;
  }
  return readings;
}
