/**
 * The features of growth of weeks, from daily floors. Models of the floors are fitted by least squares: flat and then a line (a leak), one
 * step, two steps, a fill that saturates, a ramp that has ended. A feature is NaN where nothing can be compared.
 */
import { type Hinge, hingeOf, rampOf, saturationRss, stepRss, twoStepsRss } from './change-point.ts';
import { mannKendall } from './mann-kendall.ts';
import { median } from './order.ts';
import { slopeOf } from './trend.ts';

/** 1 where more of it can only speak for a leak, -1 where more can only speak against one, 0 where it depends on the others. */
export const WEEKS_FEATURES = [
  { name: 'days', direction: 0 },
  { name: 'rise', direction: 1 },
  { name: 'per_day', direction: 0 },
  { name: 'kendall', direction: 1 },
  { name: 'late_growth', direction: 0 },
  { name: 'recent_growth', direction: 0 },
  { name: 'above_before', direction: 1 },
  { name: 'days_above', direction: -1 },
  { name: 'rise_to_noise', direction: 1 },
  { name: 'rise_to_earlier', direction: 1 },
  { name: 'jump', direction: -1 },
  { name: 'two_jumps', direction: -1 },
  { name: 'new_highs', direction: 1 },
  { name: 'fall_back', direction: -1 },
  { name: 'line_over_step', direction: 1 },
  { name: 'line_over_two_steps', direction: 1 },
  { name: 'line_over_fill', direction: 1 },
  { name: 'line_over_ramp', direction: 1 },
  { name: 'held', direction: -1 },
  { name: 'trough_rise', direction: 1 },
  { name: 'trough_slope', direction: 1 },
] as const;

/** Daily floors of a segment that ends with the read. */
export interface Days {
  /** In percentage points, without gaps. */
  readonly floors: Float64Array;
  /** The floors of the days before them. */
  readonly before: Float64Array;
  /** Indices of restarts within `floors`. */
  readonly restarts: readonly number[];
}

export interface WeeksMeasured {
  readonly features: Float64Array;
  /** The rising line that fits best; null where none rises. */
  readonly hinge: Hinge | null;
}

/** Percentage points; quieter floors are as noisy as the collector's resolution. */
const LEAST_NOISE = 0.05;

export function weeksFeaturesOf({ floors, before, restarts }: Days): WeeksMeasured {
  const hinge = hingeOf(floors, true);
  if (hinge === null) return { hinge, features: new Float64Array(WEEKS_FEATURES.length).fill(Number.NaN) };
  const n = floors.length;
  const days = n - 1 - hinge.changePoint;
  const grown = floors.subarray(hinge.changePoint);
  const { slope, score } = mannKendall(grown);
  const rise = Math.max(0.01, slope * days);
  const noise = noiseOf(floors);
  const level = median(floors.subarray(-2));
  const earlier = Float64Array.of(...before, ...floors.subarray(0, hinge.changePoint));
  const [jump, second] = greatestJumps(grown);
  const ramp = rampOf(floors);
  const over = (rss: number) =>
    Math.log((rss + n * LEAST_NOISE ** 2) / (Math.max(0, hinge.rss) + n * LEAST_NOISE ** 2));
  const troughs = troughsOf(floors, restarts);
  const features = Float64Array.of(
    days,
    rise,
    slope,
    score,
    lateGrowth(grown) / slopeBounded(slope),
    (level - median(floors.subarray(-6, -4))) / (4 * slopeBounded(slope)),
    earlier.length === 0 ? Number.NaN : level - highestOf(earlier),
    earlier.length === 0 ? Number.NaN : shareAbove(earlier, level - noise),
    rise / noise,
    rise / Math.max(LEAST_NOISE, earlierRise(earlier, days)),
    jump / rise,
    (jump + second) / rise,
    newHighs(grown),
    greatestFall(grown) / rise,
    over(stepRss(floors)),
    over(twoStepsRss(floors)),
    over(saturationRss(floors)),
    over(ramp.rss),
    ramp.held,
    troughs.rise,
    troughs.slope,
  );
  return { hinge, features };
}

function slopeBounded(slope: number): number {
  return Math.max(0.01, slope);
}

/** Standard deviation from the median of the differences between neighbours. */
export function noiseOf(floors: Float64Array): number {
  const differences = new Float64Array(Math.max(0, floors.length - 1));
  for (let i = 0; i < differences.length; i++) differences[i] = Math.abs((floors[i + 1] ?? 0) - (floors[i] ?? 0));
  return differences.length === 0 ? LEAST_NOISE : Math.max(LEAST_NOISE, (1.4826 * median(differences)) / Math.SQRT2);
}

/** Sen's slope of the last third, at least of four days. */
function lateGrowth(grown: Float64Array): number {
  const late = grown.subarray(-Math.max(4, Math.ceil(grown.length / 3)));
  return late.length < 2 ? 0 : slopeOf(late);
}

function highestOf(values: Float64Array): number {
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) > highest) highest = values[i] ?? 0;
  return highest;
}

function shareAbove(values: Float64Array, level: number): number {
  let above = 0;
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) >= level) above++;
  return above / values.length;
}

/** The greatest rise of earlier days within as many days. */
function earlierRise(earlier: Float64Array, within: number): number {
  let greatest = 0;
  for (let day = 1; day < earlier.length; day++) {
    for (let from = Math.max(0, day - within); from < day; from++) {
      greatest = Math.max(greatest, (earlier[day] ?? 0) - (earlier[from] ?? 0));
    }
  }
  return greatest;
}

/** The two greatest rises from one day to the next. */
function greatestJumps(grown: Float64Array): [number, number] {
  let [first, second] = [0, 0];
  for (let day = 1; day < grown.length; day++) {
    const jump = (grown[day] ?? 0) - (grown[day - 1] ?? 0);
    if (jump > first) [first, second] = [jump, first];
    else if (jump > second) second = jump;
  }
  return [first, second];
}

/** Share of the days that are higher than all before them. */
function newHighs(grown: Float64Array): number {
  let [highest, count] = [grown[0] ?? 0, 0];
  for (let day = 1; day < grown.length; day++) {
    if ((grown[day] ?? 0) <= highest) continue;
    highest = grown[day] ?? 0;
    count++;
  }
  return count / Math.max(1, grown.length - 1);
}

function greatestFall(grown: Float64Array): number {
  let [highest, fall] = [-Infinity, 0];
  for (const floor of grown) {
    highest = Math.max(highest, floor);
    fall = Math.max(fall, highest - floor);
  }
  return fall;
}

/** How far the floors just after restarts rose from the first to the last, and by how much a day; NaN below three restarts. */
function troughsOf(floors: Float64Array, restarts: readonly number[]): { rise: number; slope: number } {
  const lows = restarts.map((day) => Math.min(floors[day] ?? Infinity, floors[day + 1] ?? Infinity));
  const known = lows.filter((low) => low < Infinity);
  const [first, last] = [known[0], known.at(-1)];
  if (known.length < 3 || first === undefined || last === undefined) return { rise: Number.NaN, slope: Number.NaN };
  const slope = slopeOf(Float64Array.from(known));
  return { rise: last - first, slope };
}

/** With fewer days nothing is said. */
export const LEAST_WEEKS_DAYS = 10;

/** Growth is looked for in all days, in the last four weeks and the last two, and in those since the last restart. */
const LAST_DAYS = [28, 14];
/** Fewer days than this are not looked at by themselves. */
const LEAST_SEGMENT_DAYS = 8;

/** Where growth is looked for, all days first. */
export function segmentsOfWeeks(floors: Float64Array, restarts: readonly number[]): Days[] {
  const n = floors.length;
  const lengths = new Set([n, ...LAST_DAYS, n - (restarts.at(-1) ?? 0)]);
  return [...lengths]
    .filter((length) => length <= n && (length >= LEAST_SEGMENT_DAYS || length === n))
    .map((length) => ({
      floors: floors.subarray(n - length),
      before: floors.subarray(0, n - length),
      restarts: restarts.map((day) => day - (n - length)).filter((day) => day > 0),
    }));
}
