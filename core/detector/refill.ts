/** A refill: memory that comes back, after a restart, to the plateau where it was before. */
import { giveBacksOf } from './give-backs.ts';
import { median, quantile } from './order.ts';
import { slopeOf } from './trend.ts';

export interface Refill {
  /** Hours since the restart. */
  readonly hours: number;
  /** Where it was before, in percent, … */
  readonly plateau: number;
  /** … how much the restart gave back, and how much of it is missing still; below zero where more came back. In percentage points. */
  readonly depth: number;
  readonly missing: number;
}

/** The hours before the restart that show a plateau, and how many of them must be known. */
const PLATEAU_HOURS = 36;
const LEAST_PLATEAU_HOURS = 12;
/** A plateau ranges and rises by less than these shares of what the restart gave back: else the restart ended a growth. */
const RANGE_SHARE = 0.4;
const RISE_SHARE = 0.2;
/** It may come back to so much more before it is no refill any longer: percentage points, and a share of what was given back. */
const ABOVE_POINTS = 1;
const ABOVE_SHARE = 0.1;
const LEVEL_HOURS = 3;

/** Null where there was no restart from a plateau, or where the level has risen above it. `floors` are hourly and without gaps. */
export function refillOf(floors: Float64Array): Refill | null {
  const restart = giveBacksOf(floors).at(-1);
  if (restart === undefined || restart < LEAST_PLATEAU_HOURS) return null;
  const before = floors.subarray(Math.max(0, restart - PLATEAU_HOURS), restart);
  const since = floors.subarray(restart);
  const plateau = median(before);
  const depth = plateau - Math.min(...since);
  const missing = plateau - median(since.subarray(-LEVEL_HOURS));
  const range = quantile(before, 0.9) - quantile(before, 0.1);
  const isPlateau = range <= RANGE_SHARE * depth && slopeOf(before) * before.length <= RISE_SHARE * depth;
  const isBack = missing < -Math.max(ABOVE_POINTS, ABOVE_SHARE * depth);
  return !isPlateau || isBack ? null : { hours: floors.length - restart, plateau, depth, missing };
}
