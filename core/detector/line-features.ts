/** Features of the rising line that fits floors best: how straight it is, and how much better than steps, ramps and fills. */

import { type Hinge, hingeOf, rampOf, saturationRest, stepRest, twoStepsRest } from './change-point.ts';
import { withoutGaps } from './floors.ts';
import { LEAST_RISE } from './rise-features.ts';

interface CompleteFeatures {
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
  readonly complete: CompleteFeatures;
  readonly twoDays: TwoDayFeatures;
  readonly day: DayFeatures;
} = {
  complete: { rise: 0, toNoise: 0, jump1h: 1, jump2h: 1, fallBack: 1, newHighs: 0, overTwoSteps: 0 },
  twoDays: { overStep: 0, overRamp: 0, held: 1, overFillNear: 0, overTwoStepsNear: 0 },
  day: { overTwoSteps: 0, flatShare: 1 },
};

/** Fewer hourly floors than this have no meaningful change point. */
const LEAST_HOURLY = 8;
/** Nothing explains floors better than to this square of a percentage point each: the collector's resolution. */
const LEAST_SQUARE = 1e-4;

function leastRest(rest: number, floors: number): number {
  return Math.max(rest, LEAST_SQUARE * floors);
}

/** Of all hourly floors. */
export function ofComplete(hourly: Float64Array, hinge: Hinge): CompleteFeatures {
  const n = hourly.length;
  if (n < LEAST_HOURLY) return NO_LINE.complete;
  const rest = leastRest(hinge.rest, n);
  const rise = hinge.slope * (n - 1 - hinge.changePoint);
  const divisor = Math.max(rise, LEAST_RISE);
  const since = hourly.subarray(hinge.changePoint);
  const { fallBack, newHighs } = highsOf(since, divisor);
  return {
    rise,
    toNoise: rise / (Math.sqrt(rest / n) + 0.02),
    jump1h: greatestJump(since, 1) / divisor,
    jump2h: greatestJump(since, 2) / divisor,
    fallBack,
    newHighs,
    overTwoSteps: twoStepsRest(hourly) / rest,
  };
}

/** Of the hourly floors of the last two days, and of the floors as far before their change point as the end lies after it. */
export function ofTwoDays(hourly: Float64Array, hinge: Hinge | null): TwoDayFeatures {
  const n = hourly.length;
  if (hinge === null || n < LEAST_HOURLY) return NO_LINE.twoDays;
  const rest = leastRest(hinge.rest, n);
  const ramp = rampOf(hourly);
  return {
    overStep: stepRest(hourly) / rest,
    overRamp: ramp.rest / rest,
    held: ramp.held,
    ...nearFeatures(hourly.subarray(Math.max(0, hinge.changePoint - (n - 1 - hinge.changePoint)))),
  };
}

function nearFeatures(near: Float64Array): Pick<TwoDayFeatures, 'overFillNear' | 'overTwoStepsNear'> {
  const hinge = hingeOf(near, true);
  if (hinge === null) return { overFillNear: 0, overTwoStepsNear: 0 };
  const rest = leastRest(hinge.rest, near.length);
  return {
    // The logarithm of a likelihood ratio, but for the factor 1/2: with independent errors of one variance.
    overFillNear: near.length * Math.log(leastRest(saturationRest(near), near.length) / rest),
    overTwoStepsNear: twoStepsRest(near) / rest,
  };
}

/** Of the half-hourly floors of the last day, gaps among them. */
export function ofDay(halfHourly: Float64Array): DayFeatures {
  const { filled, first } = withoutGaps(halfHourly);
  const floors = filled.subarray(first);
  const n = floors.length;
  const hinge = n < 12 ? null : hingeOf(floors, true);
  if (hinge === null) return NO_LINE.day;
  const since = n - 1 - hinge.changePoint;
  return {
    overTwoSteps: twoStepsRest(floors) / leastRest(hinge.rest, n),
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

/** A high is new where it is this share of a mean hour's rise above the one before. */
const NEW_HIGH = 0.25;

/** How far floors fell back from a high, over the rise, and in which share of the hours after the first they reached a new one. */
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

/** For how many floors the end has stood still, but for `slack`. */
function flatAtEnd(floors: Float64Array, changePoint: number, slack: number): number {
  const last = floors.length - 1;
  const top = floors[last] ?? 0;
  let first = last;
  while (first > changePoint && Math.abs(top - (floors[first] ?? 0)) < slack) first--;
  return last - first;
}
