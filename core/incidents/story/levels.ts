/** Levels within the floors of a lookback window. Indices count hours; a time is epoch milliseconds. */
import { type Floors, HOUR_MS } from './facts.ts';

/** The index of the hour that holds a time, between 0 and the number of hours. */
export function hourAt({ end, hourly }: Floors, time: number): number {
  return Math.min(hourly.length, Math.max(0, hourly.length - Math.ceil((end - time) / HOUR_MS)));
}

export function lowest(hourly: Float64Array, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = Math.max(0, from); i < Math.min(to, hourly.length); i++) least = Math.min(least, hourly[i] ?? least);
  return least;
}

export function highest(hourly: Float64Array, from: number, to: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, from); i < Math.min(to, hourly.length); i++) most = Math.max(most, hourly[i] ?? most);
  return most;
}

/** The upper median; NaN of nothing. */
export function medianOf(values: ArrayLike<number>): number {
  return Float64Array.from(values).sort()[values.length >> 1] ?? Number.NaN;
}

/** Hours after a time that hold samples. */
export function hoursKnownSince(floors: Floors, time: number): number {
  let hours = 0;
  for (let i = hourAt(floors, time); i < floors.known.length; i++) if (floors.known[i]) hours++;
  return hours;
}

/** Rounded to what is worth remembering: a story is a part of an item whose size is bounded. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
