/** Which samples an inspection judges: a pure calculation, so that a retry or a late run judges the same ones. */
import type { Series, Span, Statistic, Window } from '../model/series.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** How finely, and folded how, a span is asked for. */
export interface Resolution {
  readonly periodMs: number;
  readonly statistic: Statistic;
}

/** What is judged: the floor after garbage collections, at 400 points for 100 h, so that one call reads 252 hosts. */
export const EVALUATED: Resolution = { periodMs: 15 * MINUTE, statistic: 'minimum' };

/** What people are shown of a suspect. Five minutes are what CloudWatch still keeps after 63 days. */
export const SHOWN: Resolution = { periodMs: 5 * MINUTE, statistic: 'average' };

/** How the consumers of a leaking host are compared: means, because they add up to the host's and minima do not. */
export const CONSUMED = { periodMs: EVALUATED.periodMs, statistic: 'average' } as const;

/**
 * The span of `hours` that ends at the scheduled time less the source's ingestion delay, floored to a whole period:
 * providers round windows to periods on their own, each in its own way, unless they are aligned.
 */
export function spanEndingBefore(
  scheduledTime: number,
  ingestionDelayMs: number,
  hours: number,
  { periodMs, statistic }: Resolution,
): Span {
  const end = Math.floor((scheduledTime - ingestionDelayMs) / periodMs) * periodMs;
  const start = end - Math.floor((hours * HOUR) / periodMs) * periodMs;
  return { window: { start, end }, periodMs, statistic };
}

/** The part of a series that lies in a window, without copying samples: what a source would have answered for it. */
export function truncatedTo(series: Series, window: Window): Series {
  const start = lowerBound(series.times, window.start);
  const end = lowerBound(series.times, window.end);
  return { ...series, window, times: series.times.subarray(start, end), values: series.values.subarray(start, end) };
}

/** The index of the first time that is not before `time`, in times that are in order. */
function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
