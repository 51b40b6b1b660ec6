/** Points of a part of a series, and those of a sparse one, of which a period without a point is one of 0. */
import { firstNotBefore } from '../detector/order.ts';
import type { PointSeries } from '../model/points.ts';

type Points = Pick<PointSeries, 'times' | 'values'>;

/** @param end Epoch milliseconds: points from it on are left out. */
export function upTo({ times, values }: Points, end: number): Points {
  const count = firstNotBefore(times, end);
  return { times: times.subarray(0, count), values: values.subarray(0, count) };
}

/**
 * The points after `last` and before `end`, with a 0 for each period that has none.
 *
 * @param last The start of a period, epoch milliseconds.
 */
export function withZeros({ times, values }: Points, last: number, end: number, periodMs: number): Points {
  const count = Math.max(0, Math.ceil((end - last) / periodMs) - 1);
  const filled = new Float64Array(count);
  times.forEach((time, index) => {
    const slot = Math.floor((time - last) / periodMs) - 1;
    if (slot >= 0 && slot < count) filled[slot] = values[index] ?? 0;
  });
  return { times: Float64Array.from(filled, (_, index) => last + (index + 1) * periodMs), values: filled };
}
