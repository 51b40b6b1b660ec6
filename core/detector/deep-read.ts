/** A deep read: weeks of a host's memory as hourly floors in percentage points. */
import type { Series } from '../model/series.ts';
import { type CleanedSamples, clean, levelOf } from './clean.ts';

export const HOUR_MS = 3_600_000;
export const DAY_HOURS = 24;
export const WEEK_HOURS = 168;

/** Of a longer read only the end counts, so that time and memory do not grow with the input. */
const MOST_DEEP_HOURS = 60 * DAY_HOURS;

export interface DeepRead {
  /** Epoch milliseconds at which the first hour begins, and the last one ends. */
  readonly start: number;
  readonly end: number;
  /** The least sample of each hour in percentage points of the capacity; NaN where an hour has none. */
  readonly floors: Float64Array;
  readonly capacity: number;
  readonly limitKnown: boolean;
  /** Share of the hours that have a sample, in [0, 1]. */
  readonly coverage: number;
}

/** Null where a series is malformed or has no samples. Hours are counted back from the end of the window. */
export function deepReadOf(series: Series): DeepRead | null {
  const samples = clean(series);
  const first = samples?.times[0];
  if (samples === undefined || first === undefined) return null;
  const { end } = series.window;
  const hours = Math.min(MOST_DEEP_HOURS, Math.max(1, Math.ceil((end - first) / HOUR_MS)));
  const floors = floorsOf(samples, end, hours);
  const known = floors.reduce((count, floor) => (Number.isNaN(floor) ? count : count + 1), 0);
  const { capacity, limitKnown } = samples;
  return { start: end - hours * HOUR_MS, end, floors, capacity, limitKnown, coverage: known / hours };
}

function floorsOf({ times, values, capacity }: CleanedSamples, end: number, hours: number): Float64Array {
  const floors = new Float64Array(hours).fill(Number.NaN);
  const start = end - hours * HOUR_MS;
  for (let i = 0; i < times.length; i++) {
    const hour = Math.floor(((times[i] ?? 0) - start) / HOUR_MS);
    if (hour < 0) continue;
    const level = levelOf(values[i] ?? 0, capacity);
    if (!(level >= (floors[hour] ?? 0))) floors[hour] = level;
  }
  return floors;
}

/** Monday, 5 January 1970, 00:00 UTC. */
const FIRST_MONDAY_MS = 4 * DAY_HOURS * HOUR_MS;

/** Hour of the week in UTC, from Monday 00:00 on, of a time in epoch milliseconds. */
export function hourOfWeek(time: number): number {
  const hours = Math.floor((time - FIRST_MONDAY_MS) / HOUR_MS);
  return ((hours % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;
}
