/** When the growth began: the knee of a line that is flat and then rises. */
import type { Window } from '../model/series.ts';
import { hingesOf } from './knee.ts';

const HOUR_MS = 3_600_000;

/**
 * F(1, n - 3) at 80 % is 1.7, for any n that matters here. Floors follow one another, so that there are some five times fewer of
 * them than are counted: with 1.7 less than half of the intervals held the true knee, with this four of five do.
 */
const F_QUANTILE = 9;

/** The interval of knees that explain the hourly floors nearly as well as the best one does; null when no line rises. */
export function onsetOf(hourly: Float64Array, end: number): Window | null {
  const n = hourly.length;
  const { slopes, rests } = hingesOf(hourly);
  const rising = [...rests.keys()].filter((knee) => (slopes[knee] ?? 0) > 0);
  const restAt = (knee: number) => rests[knee] ?? Infinity;
  const least = rising.reduce((best, knee) => Math.min(best, restAt(knee)), Infinity);
  const limit = Math.max(0, least) * (1 + F_QUANTILE / Math.max(1, n - 3)) + 1e-9;
  const knees = rising.filter((knee) => restAt(knee) <= limit);
  if (knees.length === 0) return null;
  // A floor stands for its hour: growth began between the start of the first knee's hour and the end of the last one's.
  const startOf = (hour: number) => end - (n - hour) * HOUR_MS;
  return { start: startOf(Math.min(...knees)), end: startOf(Math.max(...knees) + 1) };
}
