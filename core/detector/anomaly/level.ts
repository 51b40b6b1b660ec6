/** How the level of a series follows it: slowly, and by no point further than a few deviations, so that anomalies do not become usual. */
import { median } from '../order.ts';
import type { PointSettings } from './settings.ts';
import { T } from './tuning.ts';

const HOUR_MS = 3_600_000;

/** The level after a residual. Linear in it where it is small (Huber, 1964). */
export function adapted(level: number, residual: number, scale: number, { periodMs, sparse }: PointSettings): number {
  // What is counted now and then has no level to follow.
  if (sparse) return level;
  const most = T.mostDeviations * scale;
  const rate = Math.min(0.2, Math.max(0.0005, periodMs / (T.levelHours * HOUR_MS)));
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
