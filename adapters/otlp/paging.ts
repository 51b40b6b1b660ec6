/**
 * What one host pages out, and how often it reads a page back. What all hosts sent is in the same objects, so that the first request reads both for
 * all of them.
 */
import type { PointReading } from '../../core/model/points.ts';
import type { SampleSeries } from '../../core/model/sample.ts';
import { MEMORY_USAGE, PAGING_FAULTS, PAGING_USAGE, type Reading, type Resource } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan, MemorySource, Meter } from '../../core/ports/memory-source.ts';
import { onceForKey } from '../reading/once.ts';
import { pageFaultSeries } from '../reading/page-faults.ts';
import type { Points } from '../reading/points.ts';
import { Additions, BEFORE_MS } from './additions.ts';
import { NO_PAGE_FAULTS, NO_SWAP } from './hints.ts';
import { hourByHour } from './hours.ts';
import { type Folded, PeriodFold } from './periods.ts';
import type { StoredSamples } from './stored-samples.ts';

interface HostSwap extends Folded {
  readonly limit: number | undefined;
}

interface Paging {
  readonly swap: ReadonlyMap<string, HostSwap>;
  /** Major page faults that were counted in each period. */
  readonly faults: ReadonlyMap<string, Points>;
}

/** Never aborts. */
const NEVER = new AbortController().signal;

export function createPaging(samples: StoredSamples): Required<Pick<MemorySource, 'swap' | 'pageFaults'>> {
  const pagingOf = onceForKey(isSameSpan, (span: MeanSpan, meter: Meter, signal: AbortSignal) => {
    return foldPaging(samples, span, meter, signal);
  });
  return {
    async swap(host, span, meter, signal = NEVER) {
      try {
        return swapReading(host, span, (await pagingOf(span, meter, signal)).swap.get(host.id));
      } catch (error) {
        return unreadable(host, error);
      }
    },
    async pageFaults(host, span, meter, signal = NEVER) {
      try {
        return faultsReading(host, span, (await pagingOf(span, meter, signal)).faults.get(host.id));
      } catch (error) {
        return { ...unreadable(host, error), metric: PAGING_FAULTS };
      }
    },
  };
}

function isSameSpan(kept: MeanSpan, span: MeanSpan): boolean {
  return JSON.stringify(kept) === JSON.stringify(span);
}

function unreadable(scope: Resource, error: unknown) {
  if (!(error instanceof SourceError)) throw error;
  return { kind: 'unreadable', scope, reason: error.reason, detail: error.message } as const;
}

function swapReading(host: Resource, { window, periodMs, statistic }: MeanSpan, swap: HostSwap | undefined): Reading {
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

function faultsReading(host: Resource, span: MeanSpan, counted: Points | undefined): PointReading {
  if (counted === undefined || counted.times.length === 0)
    return {
      kind: 'not_monitored',
      resource: host,
      metric: PAGING_FAULTS,
      reason: 'not_reported',
      hint: NO_PAGE_FAULTS,
    };
  const values = counted.values.map((count) => (1000 * count) / span.periodMs);
  return pageFaultSeries(host, span, { times: counted.times, values });
}

async function foldPaging(samples: StoredSamples, span: MeanSpan, meter: Meter, signal: AbortSignal): Promise<Paging> {
  const swap = new Map<string, PeriodFold>();
  const faults = new Map<string, Additions>();
  const limits = new Map<string, number>();
  const { start, end } = span.window;
  for await (const { series } of hourByHour(samples.hosts({ start: start - BEFORE_MS, end }, meter, signal))) {
    for (const one of series) {
      if (one.metric === MEMORY_USAGE && one.limit !== undefined) limits.set(one.host, one.limit);
      if (one.metric === PAGING_USAGE)
        addAll(
          foldOf(swap, one.host, () => new PeriodFold(span)),
          one,
        );
      if (one.metric === PAGING_FAULTS) foldOf(faults, one.host, () => new Additions(span)).add(one);
    }
  }
  return {
    swap: new Map([...swap].map(([host, fold]) => [host, { ...fold.result(), limit: limits.get(host) }])),
    faults: new Map([...faults].map(([host, fold]) => [host, fold.result()])),
  };
}

function foldOf<Fold>(folds: Map<string, Fold>, host: string, begin: () => Fold): Fold {
  const fold = folds.get(host) ?? begin();
  folds.set(host, fold);
  return fold;
}

function addAll(fold: PeriodFold, { times, values }: SampleSeries): void {
  for (const [index, time] of times.entries()) fold.add(time, values[index] ?? 0);
}
