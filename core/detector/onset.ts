/** When the growth began: the knee of a line that is flat and then rises. */
import type { Window } from '../model/series.ts';
import { eachHinge } from './change-point.ts';
import type { Measured } from './evaluate.ts';

const HOUR_MS = 3_600_000;

/**
 * F(1, n - 3) at 80 % is 1.7, for any n that matters here. Floors follow one another, so that there are some five times fewer of
 * them than are counted: with 1.7 less than half of the intervals held the true knee, with this four of five do.
 */
const F_QUANTILE = 9;

/** The interval of knees that explain the hourly floors nearly as well as the best one does; null when no line rises. */
export function onsetOf({ hourly, hinge }: Pick<Measured, 'hourly' | 'hinge'>, end: number): Window | null {
  const n = hourly.length;
  if (hinge === null) return null;
  const limit = Math.max(0, hinge.rest) * (1 + F_QUANTILE / Math.max(1, n - 3)) + 1e-9;
  let [first, last] = [hinge.changePoint, hinge.changePoint];
  eachHinge(hourly, (changePoint, slope, rest) => {
    if (!(slope > 0 && rest <= limit)) return;
    first = Math.min(first, changePoint);
    last = Math.max(last, changePoint);
  });
  // A floor stands for its hour: growth began between the start of the first knee's hour and the end of the last one's.
  const startOf = (hour: number) => end - (n - hour) * HOUR_MS;
  return { start: startOf(first), end: startOf(last + 1) };
}
