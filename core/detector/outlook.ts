/** How fast the floor grows, since when, and in which shape. */
import type { Interval, Onset, Pattern } from '../model/verdict.ts';
import { eachHinge } from './change-point.ts';
import { type Curve, curveOf } from './curve.ts';
import type { Measured } from './evaluate.ts';
import { CELLS_PER_HOUR, type Grid, pairFloors } from './floors.ts';
import { median } from './order.ts';
import { patternOf } from './pattern.ts';
import { residualsAbout, slopeInterval } from './trend.ts';

const HOUR_MS = 3_600_000;

/** In percent of capacity and hours. */
export interface Outlook {
  /** The last floor without its season, which would otherwise decide how far away exhaustion is. */
  readonly level: number;
  /** The highest cell since growth began, of the last day at most: peaks reach the limit before the floor does. */
  readonly peak: number;
  readonly growth: Interval;
  /** Hours before the end that growth is measured over. */
  readonly hours: number;
  /** Growth per hour of their last third. */
  readonly lateGrowth: number;
  /** The parabola through the hourly floors of these hours. */
  readonly curve: Curve;
  /** Standard deviation of the hourly floors of these hours about the line of the estimated growth. */
  readonly deviation: number;
  /** The hourly increment in which growth comes: the mean of those that rise, each weighted by itself. */
  readonly jump: number;
  /** The shape of a leak, where it has a name. */
  readonly pattern: Pattern | null;
}

/** What the outlook is taken from. */
export interface Growing {
  readonly measured: Measured;
  readonly grid: Grid;
  /** Index of the cell with which the last segment begins: peaks before a restart were of memory that was released. */
  readonly segmentStart: number;
  /** The hours that growth is measured over: of a leak, those since its change point. */
  readonly hours: number;
}

export function outlookOf({ measured, grid, segmentStart, hours }: Growing, isLeaking: boolean): Outlook {
  const { hourly } = measured;
  const growthHours = Math.max(LEAST_GROWTH_HOURS, hours);
  const growth = growthOf(hourly, growthHours);
  const floors = hourly.subarray(-growthHours);
  const level = hourly.at(-1) ?? 0;
  return {
    level,
    peak: Math.max(level, highestOf(grid, segmentStart, growthHours)),
    growth,
    hours: growthHours,
    lateGrowth: growthOf(hourly, Math.ceil(growthHours / 3)).estimate,
    curve: curveOf(floors),
    deviation: deviationAbout(floors, growth.estimate),
    jump: jumpOf(floors),
    pattern: isLeaking ? patternOf(measured, grid, hours) : null,
  };
}

/** Older peaks than this belong to a host that held less. */
const PEAK_HOURS = 24;

/** The highest cell of the last `hours`, of the last day and of the segment; 0 where none is known. */
function highestOf({ cells }: Grid, segmentStart: number, hours: number): number {
  const from = Math.max(0, segmentStart, cells.length - CELLS_PER_HOUR * Math.min(PEAK_HOURS, hours));
  let highest = 0;
  for (let cell = from; cell < cells.length; cell++) if ((cells[cell] ?? 0) > highest) highest = cells[cell] ?? 0;
  return highest;
}

/** The mean of the increments that rise, each weighted by itself; 0 where none does. */
function jumpOf(floors: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 1; i < floors.length; i++) {
    const step = Math.max(0, (floors[i] ?? 0) - (floors[i - 1] ?? 0));
    sum += step;
    squares += step * step;
  }
  return sum > 0 ? squares / sum : 0;
}

/** Standard deviation of floors about a line of this slope; 0 of nothing. */
function deviationAbout(floors: Float64Array, slope: number): number {
  const residuals = residualsAbout(floors, slope);
  const middle = median(residuals);
  let squares = 0;
  for (let i = 0; i < residuals.length; i++) squares += ((residuals[i] ?? 0) - middle) ** 2;
  return residuals.length === 0 ? 0 : Math.sqrt(squares / residuals.length);
}

/** All pairs of this many floors are enough slopes; of longer growth pairs of floors are merged. */
const MOST_FLOORS = 64;
/** Fewer hours than this have no slope: the line is lengthened to the left. */
const LEAST_GROWTH_HOURS = 6;

/**
 * Other consumers move beside a leak, for longer than the lag-one correlation shows. Of leaks with a known slope on recorded hosts
 * the slope's own interval held three of five; widened by half it holds four of five.
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

/**
 * The 80 % quantile of F(1, n - 3) is 1.7 for any n that matters here. Neighbouring floors are correlated, so that the effective
 * sample is some five times smaller: with 1.7 less than half of the intervals held the true change point, with this four of five.
 */
const F_QUANTILE = 9;

/** A change point with fewer hours before it may as well lie before the first of them: no flat part shows that it does not. */
const LEAST_BEFORE_HOURS = 2;

/** The interval of change points that explain the hourly floors nearly as well as the best one does; null when no line rises. */
export function onsetOf({ hourly, hinge }: Pick<Measured, 'hourly' | 'hinge'>, end: number): Onset | null {
  const n = hourly.length;
  if (hinge === null) return null;
  const limit = Math.max(0, hinge.rss) * (1 + F_QUANTILE / Math.max(1, n - 3)) + 1e-9;
  let [first, last] = [hinge.changePoint, hinge.changePoint];
  eachHinge(hourly, (changePoint, slope, rss) => {
    if (!(slope > 0 && rss <= limit)) return;
    first = Math.min(first, changePoint);
    last = Math.max(last, changePoint);
  });
  // A floor stands for its hour: growth began between the start of the first change point's hour and the end of the last one's.
  const startOf = (hour: number) => end - (n - hour) * HOUR_MS;
  return { start: startOf(first), end: startOf(last + 1), leftCensored: first < LEAST_BEFORE_HOURS };
}
