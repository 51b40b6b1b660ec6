/** How the level of a series follows it: slowly, and by no point further than a few deviations, so that anomalies do not become usual. */
import type { PointSettings } from './settings.ts';

const HOUR_MS = 3_600_000;
/** Hours in which the level takes in two thirds of a change. */
const LEVEL_HOURS = 12;
/** Deviations to which a residual is limited. */
const MOST_DEVIATIONS = 3;

/** The level after a residual. Linear in it where it is small (Huber, 1964). */
export function adapted(level: number, residual: number, scale: number, { periodMs }: PointSettings): number {
  const most = MOST_DEVIATIONS * scale;
  const rate = Math.min(0.1, Math.max(0.001, periodMs / (LEVEL_HOURS * HOUR_MS)));
  return level + rate * Math.min(most, Math.max(-most, residual));
}
