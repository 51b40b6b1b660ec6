/** How fast the floor grows now: Sen's slope over the rising line, or over the last day where nothing rises. */
import type { Interval } from '../model/verdict.ts';
import { pairFloors } from './floors.ts';
import { slopeInterval } from './trend.ts';

/** All pairs of this many floors are slopes enough; a longer line is seen in coarser blocks. */
const MOST_FLOORS = 64;
/** Fewer hours than this have no slope: the line is lengthened to the left. */
export const LEAST_GROWTH_HOURS = 6;

/**
 * Beside a leak other things move, and for longer than the correlation of neighbours tells: of leaks with a known slope on recorded
 * hosts the slope's own interval held three of five, widened by half it holds four of five.
 */
const WIDER = 1.5;

/** Percentage points per hour, over the last `hours` of the hourly floors. */
export function growthOf(hourly: Float64Array, hours: number): Interval {
  let floors = hourly.subarray(-Math.max(LEAST_GROWTH_HOURS, hours));
  if (floors.length < 2) return { low: 0, estimate: 0, high: 0 };
  let hoursPerFloor = 1;
  while (floors.length > MOST_FLOORS) {
    floors = pairFloors(floors);
    hoursPerFloor *= 2;
  }
  const { low, estimate, high } = slopeInterval(floors);
  return {
    low: (estimate - WIDER * (estimate - low)) / hoursPerFloor,
    estimate: estimate / hoursPerFloor,
    high: (estimate + WIDER * (high - estimate)) / hoursPerFloor,
  };
}
