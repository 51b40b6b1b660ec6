/** Names the shape of the growth. On noisy hosts a name is weak: each has a confidence of its own, and there may be none. */
import { PATTERN_NAMES, type Pattern, type PatternName } from '../model/verdict.ts';
import type { Measured } from './evaluate.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median } from './order.ts';
import { residualsAbout, slopeOf } from './trend.ts';

/** Below this confidence a name would mislead. */
const LEAST_CONFIDENCE = 0.4;
/** The growth is resampled to this many floors. */
const FLOORS = 24;
/** Shorter growth than this has no shape. */
const LEAST_HOURS = 6;

/** The best-supported shape of the last `hours` of growth, or null. */
export function patternOf({ raw, hourly }: Measured, grid: Grid, hours: number): Pattern | null {
  const grown = hourly.subarray(-Math.max(2, hours + 1));
  if (hours < LEAST_HOURS || grown.length < LEAST_HOURS) return null;
  const floors = resampled(grown);
  const slope = slopeOf(floors);
  const rise = slope * (FLOORS - 1);
  if (!(rise > 0)) return null;
  const support: Readonly<Record<PatternName, number>> = {
    sawtooth: sawtoothSupport(grid.cells.subarray(-hours * CELLS_PER_HOUR), rise),
    staircase: staircaseSupport(grown, rise),
    exponential: bendSupport(floors, rise),
    creep: bendSupport(floors.map((floor) => -floor).reverse(), rise),
    load_proportional: daySupport(raw.subarray(-hours - 1)),
    linear: 0.6,
  };
  const [name, strength] = strongest(support);
  // A rise that is ten times its noise shows its shape; below, the name fades with it.
  const { deviation } = spreadOf(residualsAbout(floors, slope));
  const confidence = strength * Math.min(1, rise / (deviation + 0.02) / 10);
  return confidence >= LEAST_CONFIDENCE ? { name, confidence } : null;
}

function strongest(support: Readonly<Record<PatternName, number>>): [PatternName, number] {
  const names: readonly PatternName[] = PATTERN_NAMES;
  const name = names.reduce((leader, other) => (support[other] > support[leader] ? other : leader));
  return [name, support[name]];
}

/** Values at 24 evenly spaced points, interpolated between the neighbours. */
function resampled(values: Float64Array): Float64Array {
  return Float64Array.from({ length: FLOORS }, (_, index) => {
    const position = (index / (FLOORS - 1)) * (values.length - 1);
    const left = Math.floor(position);
    const from = values[left] ?? 0;
    return from + ((values[left + 1] ?? from) - from) * (position - left);
  });
}

/** A jump or a fall exceeds the median increment by at least so many deviations. */
const STANDS_OUT = 6;
/** It is at least this many percentage points. */
const LEAST_JUMP = 0.5;
/** Fewer jumps or falls make no staircase and no sawtooth. */
const LEAST_JUMPS = 3;

/** Falls that recur while the floor climbs: what a collector frees each time. */
function sawtoothSupport(cells: Float64Array, rise: number): number {
  const known = withoutUnknown(cells);
  const { middle, deviation } = spreadOf(increments(known));
  const least = Math.max(LEAST_JUMP, STANDS_OUT * deviation, 0.05 * rise);
  let falls = 0;
  let high = -Infinity;
  for (let i = 0; i < known.length; i++) {
    const level = known[i] ?? 0;
    if (high - level - middle >= least) {
      falls++;
      high = level;
    } else high = Math.max(high, level);
  }
  return falls >= LEAST_JUMPS ? Math.min(1, 0.5 + falls / 12) : 0;
}

function withoutUnknown(cells: Float64Array): Float64Array {
  const known = new Float64Array(cells.length);
  let count = 0;
  for (let i = 0; i < cells.length; i++) {
    const level = cells[i] ?? Number.NaN;
    if (!Number.isNaN(level)) known[count++] = level;
  }
  return known.subarray(0, count);
}

/** The share of the growth that came in jumps, where there are several. */
function staircaseSupport(hourly: Float64Array, rise: number): number {
  const steps = increments(hourly);
  const { middle, deviation } = spreadOf(steps);
  const jumps = steps.filter((step) => step - middle >= Math.max(LEAST_JUMP, STANDS_OUT * deviation));
  if (jumps.length < LEAST_JUMPS) return 0;
  return Math.min(1, jumps.reduce((sum, jump) => sum + jump, 0) / rise);
}

function increments(values: Float64Array): Float64Array {
  const steps = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < steps.length; i++) steps[i] = (values[i + 1] ?? 0) - (values[i] ?? 0);
  return steps;
}

/** The median, and the median absolute deviation from it scaled to a normal distribution's standard deviation. */
function spreadOf(values: Float64Array): { middle: number; deviation: number } {
  const middle = median(values);
  const distances = new Float64Array(values.length);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs((values[i] ?? 0) - middle);
  return { middle, deviation: 1.4826 * median(distances) };
}

/** How much of a straight line's rise is missing at the middle: 0 on a line, 1 when everything grew in the second half. */
function bendSupport(floors: Float64Array, rise: number): number {
  const middle = ((floors[FLOORS / 2 - 1] ?? 0) + (floors[FLOORS / 2] ?? 0)) / 2;
  const line = ((floors[0] ?? 0) + (floors[FLOORS - 1] ?? 0)) / 2;
  const missing = (line - middle) / (rise / 2);
  return missing > 0.15 ? Math.min(1, 0.4 + missing) : 0;
}

const DAY_HOURS = 24;
/** With less than two days, growth by day and rest by night cannot be distinguished from growth in two parts. */
const LEAST_DAYS = 2;

/**
 * How much of the hourly growth the hour of the day explains: a leak per request grows with the load, which follows the clock.
 * It is the share of the increments' variance in the first daily harmonic. A straight line has none of it. A season has it too,
 * but releases at night what it took by day. `raw` still holds the season.
 */
function daySupport(raw: Float64Array): number {
  const steps = increments(raw);
  const days = Math.floor(steps.length / DAY_HOURS);
  if (days < LEAST_DAYS) return 0;
  const fullDays = steps.subarray(-days * DAY_HOURS);
  const mean = fullDays.reduce((sum, value) => sum + value, 0) / fullDays.length;
  let [cosine, sine, total, given] = [0, 0, 0, 0];
  for (let i = 0; i < fullDays.length; i++) {
    const value = fullDays[i] ?? 0;
    const angle = (2 * Math.PI * i) / DAY_HOURS;
    cosine += (value - mean) * Math.cos(angle);
    sine += (value - mean) * Math.sin(angle);
    total += (value - mean) * (value - mean);
    given += Math.max(0, -value);
  }
  if (total === 0 || mean <= 0) return 0;
  const wave = (2 * (cosine ** 2 + sine ** 2)) / fullDays.length / total;
  return wave * Math.max(0, 1 - (4 * given) / (mean * fullDays.length));
}
