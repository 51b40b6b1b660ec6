/** Days of UTC, as keys name them: `2026-11-29`. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** @param time Epoch milliseconds. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Epoch milliseconds. */
export function startOf(day: string): number {
  return Date.parse(day);
}

/** Epoch milliseconds at which the next day begins. */
export function endOfDay(day: string): number {
  return startOf(day) + DAY_MS;
}
