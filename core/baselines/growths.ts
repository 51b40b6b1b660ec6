/** Growths that ended by themselves, and the levels at which memory settled, in pieces that may be learned from. */
import { DAY_HOURS } from '../detector/deep-read.ts';
import { quantile } from '../detector/order.ts';
import type { NormalGrowth, Plateau } from '../model/baseline.ts';
import { MOST_PLATEAUS } from '../model/baseline.ts';
import type { Piece } from './pieces.ts';

/** Lengths in hours at which the greatest rise is kept. */
const GROWTH_HOURS = [6, 12, 24, 48, 96, 168, 336, 720] as const;

/** A level counts once it has been held for so many hours: a peak of an hour is no growth. */
const HELD_HOURS = 3;

/** The greatest rise within each length, in percentage points; lengths that no piece has are left out. */
export function growthsOf(pieces: readonly Pick<Piece, 'floors'>[]): NormalGrowth[] {
  const held = pieces.map(({ floors }) => heldOf(floors));
  return GROWTH_HOURS.flatMap((hours) => {
    const long = held.filter(({ length }) => length >= hours);
    if (long.length === 0) return [];
    const rise = Math.max(...held.map((levels) => greatestRise(levels, hours)));
    return [{ hours, rise: Math.round(rise * 100) / 100 }];
  });
}

/** The least of each hour and those before it within HELD_HOURS. */
function heldOf(floors: Float64Array): Float64Array {
  return floors.map((_, hour) => lowest(floors, Math.max(0, hour - HELD_HOURS + 1), hour + 1));
}

function greatestRise(levels: Float64Array, within: number): number {
  let greatest = 0;
  for (let hour = 1; hour < levels.length; hour++) {
    const rise = (levels[hour] ?? Number.NaN) - lowest(levels, Math.max(0, hour - within), hour);
    if (rise > greatest && rise < Infinity) greatest = rise;
  }
  return greatest;
}

function lowest(levels: Float64Array, from: number, to: number): number {
  let least = Infinity;
  for (let i = from; i < to; i++) {
    const level = levels[i] ?? Number.NaN;
    if (level < least) least = level;
  }
  return least;
}

/** Levels that lie closer than this, in percentage points and in deviations of days, are one plateau. */
const SAME_POINTS = 2;
const SAME_DEVIATIONS = 4;
/** Where memory settled is the median of the last hours before a restart or a change … */
const SETTLED_HOURS = 72;
/** … where the medians of their days range by less than this many percentage points, or deviations of days: a climb has no plateau. */
const FLAT_POINTS = 1;
const FLAT_DEVIATIONS = 3;

/** Those that were seen most, in order of their level. */
export function plateausOf(pieces: readonly Pick<Piece, 'floors'>[], noise: number): Plateau[] {
  const same = Math.max(SAME_POINTS, SAME_DEVIATIONS * noise);
  const plateaus: { level: number; seen: number }[] = [];
  const flat = Math.max(FLAT_POINTS, FLAT_DEVIATIONS * noise);
  const levels = pieces.map(({ floors }) => settledAt(floors, flat));
  for (const level of levels.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b)) {
    const last = plateaus.at(-1);
    if (last === undefined || level - last.level > same) plateaus.push({ level, seen: 1 });
    else {
      last.level += (level - last.level) / ++last.seen;
    }
  }
  return plateaus
    .sort((a, b) => b.seen - a.seen)
    .slice(0, MOST_PLATEAUS)
    .sort((a, b) => a.level - b.level)
    .map(({ level, seen }) => ({ level: Math.round(level * 100) / 100, seen: Math.min(1000, seen) }));
}

/** The level on which memory settled at the end of a piece; NaN where it did not. */
function settledAt(floors: Float64Array, flat: number): number {
  if (floors.length < SETTLED_HOURS) return Number.NaN;
  const last = floors.subarray(-SETTLED_HOURS);
  const days = Array.from({ length: SETTLED_HOURS / DAY_HOURS }, (_, day) =>
    medianOf(last.subarray(day * DAY_HOURS, (day + 1) * DAY_HOURS)),
  ).filter((level) => !Number.isNaN(level));
  return Math.max(...days) - Math.min(...days) <= flat ? medianOf(last) : Number.NaN;
}

function medianOf(floors: Float64Array): number {
  return quantile(
    floors.filter((floor) => !Number.isNaN(floor)),
    0.5,
  );
}
