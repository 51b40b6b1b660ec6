/** Which samples of a series a detector receives: those that the adapters feed, or all. */
import type { Series } from '../core/model/series.ts';
import type { BenchSeries } from './data.ts';

const SECOND_MS = 1000;
const CELL = 900;

export interface Feed {
  readonly name: string;
  /** Hours before the end of the window that are given; Infinity for all there are. */
  readonly hours: number;
  /** Minima of 15 minutes, or the samples themselves. */
  readonly samples: 'minima' | 'all';
}

export const AS_ADAPTERS: Feed = { name: '15-min minima, 100 h', hours: 100, samples: 'minima' };
export const EVERYTHING: Feed = { name: 'all samples', hours: Infinity, samples: 'all' };

/** A series in the detector's units, from which windows are taken. */
export interface FeedableSeries {
  /** Epoch milliseconds, counted from 1970 as the start of the series. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly periodMs: number;
  readonly statistic: Series['statistic'];
  readonly id: string;
}

export function feedable(series: BenchSeries, feed: Feed): FeedableSeries {
  const step = feed.samples === 'all' ? series.step : CELL;
  const values = feed.samples === 'all' ? series.v : minima(series);
  const known = values.flatMap((value, index) => (value === null ? [] : [index]));
  return {
    id: series.id,
    times: Float64Array.from(known, (index) => index * step * SECOND_MS),
    values: Float64Array.from(known, (index) => (values[index] ?? 0) / 100),
    periodMs: step * SECOND_MS,
    statistic: feed.samples === 'all' ? 'average' : 'minimum',
  };
}

function minima({ v, step }: BenchSeries): (number | null)[] {
  const perCell = CELL / step;
  return Array.from({ length: Math.floor(v.length / perCell) }, (_, cell) => {
    const known = v.slice(cell * perCell, (cell + 1) * perCell).filter((value) => value !== null);
    return known.length > 0 ? Math.min(...known) : null;
  });
}

/** The window of `hours` that ends at `now` (seconds from the start of the series). */
export function windowOf(series: FeedableSeries, now: number, hours: number): Series {
  const end = now * SECOND_MS;
  const start = Math.max(0, end - hours * 3600 * SECOND_MS);
  const from = firstNotBelow(series.times, start);
  const to = firstNotBelow(series.times, end);
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'bench', region: 'bench', id: series.id },
    metric: 'system.memory.utilization',
    unit: '1',
    statistic: series.statistic,
    window: { start, end },
    periodMs: series.periodMs,
    times: series.times.subarray(from, to),
    values: series.values.subarray(from, to),
  };
}

/** Index of the first of ordered values that is not below `value`: how many of them are. */
export function firstNotBelow(ordered: Float64Array, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
