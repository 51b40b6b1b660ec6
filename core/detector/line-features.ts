/** Features of the rising line that fits floors best: how straight it is, and how much better than steps, ramps and fills. */

import { type Hinge, hingeOf, rampOf, saturationRss, stepRss, twoStepsRss } from './change-point.ts';
import { withoutGaps } from './floors.ts';
import { LEAST_RISE } from './rise-features.ts';

interface AllHoursFeatures {
  readonly rise: number;
  readonly toNoise: number;
  readonly jump1h: number;
  readonly jump2h: number;
  readonly fallBack: number;
  readonly newHighs: number;
  readonly overTwoSteps: number;
}

interface TwoDayFeatures {
  readonly overStep: number;
  readonly overRamp: number;
  readonly held: number;
  readonly overFillNear: number;
  readonly overTwoStepsNear: number;
}

interface DayFeatures {
  readonly overTwoSteps: number;
  readonly flatShare: number;
}

/** Where nothing rises, each feature takes its least leaky value. */
export const NO_LINE: {
  readonly allHours: AllHoursFeatures;
  readonly twoDays: TwoDayFeatures;
  readonly day: DayFeatures;
} = {
  allHours: { rise: 0, toNoise: 0, jump1h: 1, jump2h: 1, fallBack: 1, newHighs: 0, overTwoSteps: 0 },
  twoDays: { overStep: 0, overRamp: 0, held: 1, overFillNear: 0, overTwoStepsNear: 0 },
  day: { overTwoSteps: 0, flatShare: 1 },
};

/** Fewer hourly floors than this have no meaningful change point. */
const LEAST_HOURLY = 8;
/** Least residual sum of squares for each floor, in squared percentage points: the collector's resolution. */
const LEAST_SQUARE = 1e-4;

/** No sum is less than what the resolution leaves of any floors: quotients stay finite. */
export function flooredRss(rss: number, floors: number): number {
  return Math.max(rss, LEAST_SQUARE * floors);
}

/** Features of all hourly floors. */
export function allHoursFeatures(hourly: Float64Array, hinge: Hinge): AllHoursFeatures {
  const n = hourly.length;
  if (n < LEAST_HOURLY) return NO_LINE.allHours;
  const rss = flooredRss(hinge.rss, n);
  const rise = hinge.slope * (n - 1 - hinge.changePoint);
  const divisor = Math.max(rise, LEAST_RISE);
  const since = hourly.subarray(hinge.changePoint);
  const { fallBack, newHighs } = highsOf(since, divisor);
  return {
    rise,
    toNoise: rise / (Math.sqrt(rss / n) + 0.02),
    jump1h: greatestJump(since, 1) / divisor,
    jump2h: greatestJump(since, 2) / divisor,
    fallBack,
    newHighs,
    overTwoSteps: twoStepsRss(hourly) / rss,
  };
}

/**
 * Features of the hourly floors of the last two days, and ("near") of the floors as far before their change point as
 * the end is after it.
 */
export function twoDayFeatures(hourly: Float64Array, hinge: Hinge | null): TwoDayFeatures {
  const n = hourly.length;
  if (hinge === null || n < LEAST_HOURLY) return NO_LINE.twoDays;
  const rss = flooredRss(hinge.rss, n);
  const ramp = rampOf(hourly);
  return {
    overStep: stepRss(hourly) / rss,
    overRamp: ramp.rss / rss,
    held: ramp.held,
    ...nearFeatures(hourly.subarray(Math.max(0, hinge.changePoint - (n - 1 - hinge.changePoint)))),
  };
}

function nearFeatures(near: Float64Array): Pick<TwoDayFeatures, 'overFillNear' | 'overTwoStepsNear'> {
  const hinge = hingeOf(near, true);
  if (hinge === null) return { overFillNear: 0, overTwoStepsNear: 0 };
  const rss = flooredRss(hinge.rss, near.length);
  return {
    // The logarithm of a likelihood ratio, but for the factor 1/2: with independent errors of one variance.
    overFillNear: near.length * Math.log(flooredRss(saturationRss(near), near.length) / rss),
    overTwoStepsNear: twoStepsRss(near) / rss,
  };
}

/** Features of the half-hourly floors of the last day, which may have gaps. */
export function dayFeatures(halfHourly: Float64Array): DayFeatures {
  const { filled, first } = withoutGaps(halfHourly);
  const floors = filled.subarray(first);
  const n = floors.length;
  const hinge = n < 12 ? null : hingeOf(floors, true);
  if (hinge === null) return NO_LINE.day;
  const since = n - 1 - hinge.changePoint;
  return {
    overTwoSteps: twoStepsRss(floors) / flooredRss(hinge.rss, n),
    flatShare: flatAtEnd(floors, hinge.changePoint, 0.1 * Math.max(hinge.slope * since, LEAST_RISE)) / since,
  };
}

/** The greatest rise from one floor to the `hours`-th after it, or to fewer at the beginning. */
function greatestJump(floors: Float64Array, hours: number): number {
  let jump = 0;
  for (let i = 1; i < floors.length; i++) {
    jump = Math.max(jump, (floors[i] ?? 0) - (floors[Math.max(0, i - hours)] ?? 0));
  }
  return jump;
}

/** A high is new where it exceeds the one before by this share of a mean hour's rise. */
const NEW_HIGH = 0.25;

/** `fallBack`: the greatest fall from a high, over the rise. `newHighs`: the share of hours, the first excluded, with a new high. */
function highsOf(floors: Float64Array, rise: number): { fallBack: number; newHighs: number } {
  const hours = Math.max(1, floors.length - 1);
  const slack = (NEW_HIGH * rise) / hours;
  let high = floors[0] ?? 0;
  let fall = 0;
  let count = 0;
  for (let i = 0; i < floors.length; i++) {
    const floor = floors[i] ?? 0;
    if (floor > high + slack) {
      count++;
      high = floor;
    }
    fall = Math.max(fall, high - floor);
  }
  return { fallBack: fall / rise, newHighs: count / hours };
}

/** How many floors at the end stay within `slack` of the last one. */
function flatAtEnd(floors: Float64Array, changePoint: number, slack: number): number {
  const last = floors.length - 1;
  const top = floors[last] ?? 0;
  let first = last;
  while (first > changePoint && Math.abs(top - (floors[first] ?? 0)) < slack) first--;
  return last - first;
}
