/** How the level of a series follows it: slowly, and by no point further than a few deviations, so that anomalies do not become usual. */
import { median } from '../order.ts';
import type { PointSettings } from './settings.ts';

const HOUR_MS = 3_600_000;
/** Hours in which the level takes in two thirds of a change: chosen by the bench, as all figures of this folder that state no source. */
const LEVEL_HOURS = 2;
/** Deviations that a residual counts for at the most. */
export const MOST_DEVIATIONS = 3;

/** Below it a spread is this one: quotients stay finite. */
const LEAST_SPREAD = 1e-200;
/** Of the least deviation that means anything: no spread is less. */
const LEAST_OF_LEAST = 0.05;

/** What no spread is less than, by the least deviation that means anything. */
export function leastSpread(least: number): number {
  return Math.max(LEAST_OF_LEAST * least, LEAST_SPREAD);
}

/** The level after a residual. Linear in it where it is small (Huber, 1964). */
export function adapted(level: number, residual: number, scale: number, { periodMs, sparse }: PointSettings): number {
  // What is counted now and then has no level to follow.
  if (sparse) return level;
  const most = MOST_DEVIATIONS * scale;
  const rate = Math.min(0.2, Math.max(0.0005, periodMs / (LEVEL_HOURS * HOUR_MS)));
  return level + rate * Math.min(most, Math.max(-most, residual));
}

/** What is left of each value by the level before it. */
export function levelled(flat: Float64Array, scale: number, settings: PointSettings) {
  let level = median(settings.sparse ? flat : flat.subarray(0, Math.max(1, Math.ceil(flat.length / 8))));
  const residuals = flat.map((value) => {
    const residual = value - level;
    level = adapted(level, residual, scale, settings);
    return residual;
  });
  return { level, residuals };
}
