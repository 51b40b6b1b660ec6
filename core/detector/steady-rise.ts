/** A steady rise of days on a quiet host: small beside what hosts do, and far above the noise of this one. */

import { pairFloors } from './floors.ts';
import { mannKendall } from './mann-kendall.ts';
import { median } from './order.ts';
import { residualsAbout, slopeOf } from './trend.ts';

interface SteadyRise {
  /** Hours over which it is measured. */
  readonly hours: number;
  /** In percentage points, by Sen's slope. */
  readonly rise: number;
  /** Over the deviation of the floors about the line. */
  readonly toNoise: number;
  /** The standard score of the Mann-Kendall test, corrected for autocorrelation. */
  readonly score: number;
  /** The slopes of the first and the last half over that of all, the lesser one. */
  readonly evenness: number;
  /** The greatest rise from one floor to the next over the entire one. */
  readonly jump: number;
  /** Share of the floors that are higher than all before them. */
  readonly newHighs: number;
}

/** What a clear one is: points, deviations, evenness of its halves, share of its greatest step, share of new highs. */
const CLEAR = { leastRise: 0.8, mostRise: 6, toNoise: 5, evenness: 0.5, jump: 0.35, newHighs: 0.45 };

/** What a host does in its first hours is a warm-up. */
const WARM_UP_HOURS = 6;
const MOST_HOURS = 84;
const LEAST_HOURS = 40;
/** Percentage points: floors that deviate less are as good as the collector's resolution. */
const LEAST_NOISE = 0.03;

/** Null where there are too few hours, or nothing rises so. `hourly` are floors without gaps and without their season. */
export function clearRiseOf(hourly: Float64Array): SteadyRise | null {
  const steady = steadyRiseOf(hourly);
  return steady !== null && isClear(steady) ? steady : null;
}

function isClear({ rise, toNoise, evenness, jump, newHighs }: SteadyRise): boolean {
  const isSmall = rise >= CLEAR.leastRise && rise <= CLEAR.mostRise;
  const isPlain = toNoise >= CLEAR.toNoise && newHighs >= CLEAR.newHighs;
  return isSmall && isPlain && evenness >= CLEAR.evenness && jump <= CLEAR.jump;
}

function steadyRiseOf(hourly: Float64Array): SteadyRise | null {
  const hours = Math.min(MOST_HOURS, hourly.length - WARM_UP_HOURS);
  if (hours < LEAST_HOURS) return null;
  // Floors of four hours: collections and short jobs have given back theirs.
  const floors = pairFloors(pairFloors(hourly.subarray(-hours)));
  const { slope, score } = mannKendall(floors);
  const n = floors.length;
  const rise = slope * (n - 1);
  if (!(rise > 0)) return null;
  const residuals = residualsAbout(floors, slope);
  const middle = median(residuals);
  const deviation = 1.4826 * median(residuals.map((residual) => Math.abs(residual - middle)));
  const half = Math.ceil(n / 2) + 1;
  return {
    hours,
    rise,
    toNoise: rise / Math.max(LEAST_NOISE, deviation),
    score,
    evenness: Math.min(slopeOf(floors.subarray(0, half)), slopeOf(floors.subarray(-half))) / slope,
    jump: greatestJump(floors) / rise,
    newHighs: newHighs(floors),
  };
}

function greatestJump(floors: Float64Array): number {
  let greatest = 0;
  for (let i = 1; i < floors.length; i++) greatest = Math.max(greatest, (floors[i] ?? 0) - (floors[i - 1] ?? 0));
  return greatest;
}

function newHighs(floors: Float64Array): number {
  let [highest, count] = [floors[0] ?? 0, 0];
  for (const floor of floors) {
    if (floor > highest) count++;
    highest = Math.max(highest, floor);
  }
  return count / Math.max(1, floors.length - 1);
}
