/**
 * Medians of all values but one. Each of n hosts is compared with the n - 1 others: sorting the others anew for each host takes
 * n² log n, and looking up what one value less changes in values that are sorted once takes n log n.
 */
import { firstNotBefore } from './order.ts';

/** What is known of some values. NaN where there are none. */
export interface Spread {
  readonly count: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** The median of the absolute deviations from the median. */
  readonly deviation: number;
}

/**
 * Medians of an even number of values are the mean of the two in the middle.
 *
 * @param sorted Ascending, without NaN.
 * @param without One of the values, which is left out once; absent where none is.
 */
export function spreadOf(sorted: Float64Array, without?: number): Spread {
  const skipped = without === undefined ? sorted.length : firstNotBefore(sorted, without);
  const count = sorted.length - Number(skipped < sorted.length);
  const at = (index: number) => sorted[index < skipped ? index : index + 1] ?? Number.NaN;
  const median = middleOf(count, at);
  const deviation = middleOf(count, (index) => nearest(count, at, median, index));
  return { count, low: at(0), median, high: at(count - 1), deviation };
}

function middleOf(count: number, at: (index: number) => number): number {
  return count === 0 ? Number.NaN : (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
}

/**
 * The distance from `center` that `rank` values (from 0) are closer than or as close as: of the runs of `rank + 1` values in a row,
 * the one whose farther end is closest.
 */
function nearest(count: number, at: (index: number) => number, center: number, rank: number): number {
  let low = 0;
  let high = count - 1 - rank;
  while (low < high) {
    const half = (low + high) >>> 1;
    if (center - at(half) > at(half + rank) - center) low = half + 1;
    else high = half;
  }
  const farther = (from: number) => Math.max(Math.abs(at(from) - center), Math.abs(at(from + rank) - center));
  return low === 0 ? farther(low) : Math.min(farther(low), farther(low - 1));
}
