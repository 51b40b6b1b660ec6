/** The swap of one host. What all hosts sent is in the same objects, so that the first request reads it for all of them. */
import type { SampleSeries } from '../../core/model/sample.ts';
import { MEMORY_USAGE, PAGING_USAGE, type Reading, type Resource } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan, MemorySource, Meter } from '../../core/ports/memory-source.ts';
import { NO_SWAP } from './hints.ts';
import { hourByHour } from './hours.ts';
import { type Folded, PeriodFold } from './periods.ts';
import type { StoredSamples } from './stored-samples.ts';

interface HostSwap extends Folded {
  readonly limit: number | undefined;
}

/** Never aborts. */
const NEVER = new AbortController().signal;

export function createSwap(samples: StoredSamples): NonNullable<MemorySource['swap']> {
  let kept: { readonly key: string; readonly swap: Promise<ReadonlyMap<string, HostSwap>> } | undefined;

  async function swapOf(span: MeanSpan, meter: Meter, signal: AbortSignal): Promise<ReadonlyMap<string, HostSwap>> {
    const key = JSON.stringify(span);
    if (kept?.key === key) return await kept.swap;
    const requested = { key, swap: foldSwap(samples, span, meter, signal) };
    kept = requested;
    try {
      return await requested.swap;
    } catch (error) {
      if (kept === requested) kept = undefined;
      throw error;
    }
  }

  return async (host, span, meter, signal = NEVER) => {
    try {
      return readingOf(host, span, (await swapOf(span, meter, signal)).get(host.id));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { kind: 'unreadable', scope: host, reason: error.reason, detail: error.message };
    }
  };
}

function readingOf(host: Resource, { window, periodMs, statistic }: MeanSpan, swap: HostSwap | undefined): Reading {
  if (swap?.last === undefined) return { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: NO_SWAP };
  const { times, values, limit } = swap;
  return {
    kind: 'series',
    resource: host,
    metric: PAGING_USAGE,
    unit: 'By',
    ...(limit !== undefined && { limit }),
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

async function foldSwap(
  samples: StoredSamples,
  span: MeanSpan,
  meter: Meter,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HostSwap>> {
  const folds = new Map<string, PeriodFold>();
  const limits = new Map<string, number>();
  for await (const { series } of hourByHour(samples.hosts(span.window, meter, signal))) {
    for (const one of series) {
      if (one.metric === MEMORY_USAGE && one.limit !== undefined) limits.set(one.host, one.limit);
      if (one.metric === PAGING_USAGE) addTo(folds, span, one);
    }
  }
  return new Map([...folds].map(([host, fold]) => [host, { ...fold.result(), limit: limits.get(host) }]));
}

function addTo(folds: Map<string, PeriodFold>, span: MeanSpan, { host, times, values }: SampleSeries): void {
  const fold = folds.get(host) ?? new PeriodFold(span);
  folds.set(host, fold);
  for (const [index, time] of times.entries()) fold.add(time, values[index] ?? 0);
}
