/**
 * Divides a deep read into pieces that may be learned from and pieces that may not, each with the reason: complete and stable days
 * without incidents are used. A rise is used once it has come back or levelled off by itself; one that a restart ended is not, however
 * often it came before: a leak that restarts end looks like that.
 */
import { DAY_HOURS, type DeepRead, HOUR_MS } from '../detector/deep-read.ts';
import { GAP_HOURS, giveBacksOf } from '../detector/give-backs.ts';
import { median, quantile } from '../detector/order.ts';
import type { SegmentUse } from '../model/baseline.ts';
import type { Window } from '../model/series.ts';
import { stepsOf } from './steps.ts';

/** A span that is not learned from, in epoch milliseconds. */
export interface Excluded extends Window {
  readonly use: Extract<SegmentUse, 'incident' | 'label'>;
}

/** Consecutive hours of one use. */
export interface Piece {
  /** Epoch milliseconds. */
  readonly start: number;
  /** Hourly, in percentage points; NaN where an hour has no sample. */
  readonly floors: Float64Array;
  readonly use: SegmentUse;
}

/** More than this share of a day's hours must hold a sample. */
const COMPLETE = 0.95;
/** A used piece is at least so long: within less, a ramp and a habit look alike. */
const LEAST_PIECE_HOURS = 48;

/** The pieces of one read, oldest first. `until` is where the newest days begin, in epoch milliseconds. */
export function piecesOf(read: DeepRead, excluded: readonly Excluded[], until: number): Piece[] {
  const days = daysOf(read, excluded, until);
  markUnstable(days);
  markRising(days);
  return merged(days, read);
}

interface Day {
  /** Indices into the floors; a day that a restart or the end of the read divides is shorter. */
  readonly from: number;
  readonly to: number;
  /** Counts up at each restart, gap and excluded span. */
  readonly run: number;
  /** The run ends in a restart. */
  readonly isGivenBack: boolean;
  readonly known: Float64Array;
  use: SegmentUse;
}

/** Days are counted back from the end of each run. */
function daysOf(read: DeepRead, excluded: readonly Excluded[], until: number): Day[] {
  const hourUses = read.floors.map((_, hour) => USES.indexOf(useAt(read.start + hour * HOUR_MS, excluded, until)));
  const restarts = new Set(giveBacksOf(read.floors));
  const bounds = boundsOf(read.floors, hourUses, restarts);
  return bounds.slice(1).flatMap((to, run) => {
    const from = bounds[run] ?? 0;
    const use = USES[hourUses[from] ?? 0] ?? 'used';
    return daysWithin(read.floors, from, to).map(
      (day): Day => ({ ...day, run, isGivenBack: restarts.has(to), use: usable(day, use) }),
    );
  });
}

const USES: readonly SegmentUse[] = ['used', 'incident', 'label', 'newest'];

function useAt(time: number, excluded: readonly Excluded[], until: number): SegmentUse {
  const span = excluded.find(({ start, end }) => time + HOUR_MS > start && time < end);
  return span?.use ?? (time >= until ? 'newest' : 'used');
}

/** Where a run begins: at the start, at restarts, after gaps, where the use changes; and the end. */
function boundsOf(floors: Float64Array, uses: Float64Array, restarts: ReadonlySet<number>): number[] {
  const bounds = [0];
  let lastKnown = 0;
  for (let hour = 1; hour < floors.length; hour++) {
    const isKnown = !Number.isNaN(floors[hour] ?? Number.NaN);
    const afterGap = isKnown && hour - lastKnown > GAP_HOURS;
    if (restarts.has(hour) || afterGap || uses[hour] !== uses[hour - 1]) bounds.push(hour);
    if (isKnown) lastKnown = hour;
  }
  return [...bounds, floors.length];
}

type DayBounds = Pick<Day, 'from' | 'to' | 'known'>;

function daysWithin(floors: Float64Array, from: number, to: number): DayBounds[] {
  const count = Math.ceil((to - from) / DAY_HOURS);
  return Array.from({ length: count }, (_, number) => {
    const end = to - (count - 1 - number) * DAY_HOURS;
    const start = Math.max(from, end - DAY_HOURS);
    return { from: start, to: end, known: floors.slice(start, end).filter((floor) => !Number.isNaN(floor)) };
  });
}

function usable({ known, from, to }: DayBounds, use: SegmentUse): SegmentUse {
  return use === 'used' && known.length < COMPLETE * (to - from) ? 'incomplete' : use;
}

/** A day within which levels range this many times as far as on the host's median day is unstable … */
const UNSTABLE_TIMES = 4;
/** … unless they range by less than this many percentage points. */
const STABLE_POINTS = 5;

/** (Stable windows are found by their range in percentage points: a quotient by the mean would call a quiet empty host unstable.) */
function markUnstable(days: readonly Day[]): void {
  const used = days.filter(({ use }) => use === 'used');
  const ranges = used.map(({ known }) => quantile(known, 0.95) - quantile(known, 0.05));
  const most = Math.max(STABLE_POINTS, UNSTABLE_TIMES * median(Float64Array.from(ranges)));
  for (const [index, day] of used.entries()) if ((ranges[index] ?? 0) > most) day.use = 'unstable';
}

/** A rise of at least so many percentage points, and of so many deviations of daily floors, is one. */
const RISE_POINTS = 1.5;
const RISE_DEVIATIONS = 4;
/** It has levelled off when it has held for so many days and for this share of the days that it took. */
const HELD_DAYS = 4;
const HELD_SHARE = 0.75;

/**
 * Marks the days of each rise that was still going on when its run ended: of one that a restart ended at whatever level, because the run
 * before may have leaked as far; else of one to a level that used days have not seen before.
 */
function markRising(days: readonly Day[]): void {
  const floors = days.map(({ known }) => quantile(known, 0.2));
  const runs = [...Map.groupBy(days.keys(), (index) => days[index]?.run).values()];
  const levelsOf = (indices: readonly number[]) => indices.map((index) => floors[index] ?? Number.NaN);
  const tolerance = Math.max(RISE_POINTS, RISE_DEVIATIONS * dayNoise(runs.map(levelsOf)));
  let highest = -Infinity;
  for (const run of runs) {
    const used = run.filter((index) => days[index]?.use === 'used');
    const from = riseOf(days, used, levelsOf(used), { tolerance, highest });
    for (const index of run) {
      const day = days[index];
      if (day === undefined) continue;
      if (index >= from && (day.use === 'used' || day.use === 'unstable')) day.use = 'rising';
      else if (day.use === 'used') highest = Math.max(highest, floors[index] ?? -Infinity);
    }
  }
}

interface Limits {
  readonly tolerance: number;
  /** The highest level of used days before. */
  readonly highest: number;
}

/** The index of the first day that is not learned from, because it belongs to a rise; Infinity where there is none. */
function riseOf(
  days: readonly Day[],
  used: readonly number[],
  levels: readonly number[],
  { tolerance, highest }: Limits,
): number {
  const isGivenBack = days[used[0] ?? -1]?.isGivenBack === true;
  const position = risesFrom(levels, tolerance, isGivenBack ? null : highest);
  if (position === Infinity) return Infinity;
  // The first days of a slow leak lie within the noise of the lowest: only a level that was held before the rise is learned from.
  const isAllOfRun = isGivenBack && position < HELD_DAYS;
  return isAllOfRun ? 0 : (used[position] ?? Infinity);
}

/**
 * The position from which levels rise to a height that they have not held yet; Infinity where they do not.
 *
 * @param highestBefore The height is a new one only above it; null where that does not matter.
 */
function risesFrom(levels: readonly number[], tolerance: number, highestBefore: number | null): number {
  const last = levels.at(-1);
  if (last === undefined) return Infinity;
  const top = Math.max(last, levels.at(-2) ?? last);
  const reached = levels.findLastIndex((level) => level < top - tolerance / 2) + 1;
  const before = levels.slice(0, reached);
  const lowest = Math.min(...before);
  const trough = before.findLastIndex((level) => level <= lowest + tolerance / 2);
  if (trough < 0) return Infinity;
  const known = highestBefore === null ? -Infinity : Math.max(highestBefore, ...levels.slice(0, trough));
  const isNew = top - (levels[trough] ?? top) > tolerance && top - known > tolerance / 2;
  const isHeld = levels.length - reached >= Math.max(HELD_DAYS, HELD_SHARE * (reached - trough));
  return isNew && !isHeld ? trough : Infinity;
}

/**
 * Standard deviation of daily floors, from the median of the differences between neighbours of a run, less what the run grows by each
 * day: a steady climb is no noise, and would hide itself.
 */
function dayNoise(runs: readonly (readonly number[])[]): number {
  const differences = Float64Array.from(runs.flatMap((levels) => stepsOf(levels).steps).map(Math.abs));
  return differences.length === 0 ? 0 : (1.4826 * median(differences)) / Math.SQRT2;
}

/** Neighbours of one run and one use as one piece. */
function merged(days: readonly Day[], read: DeepRead): Piece[] {
  const pieces: { from: number; to: number; run: number; use: SegmentUse }[] = [];
  for (const { from, to, run, use } of days) {
    const last = pieces.at(-1);
    if (last !== undefined && last.run === run && last.use === use) last.to = to;
    else pieces.push({ from, to, run, use });
  }
  return pieces.map(({ from, to, use }) => ({
    start: read.start + from * HOUR_MS,
    floors: read.floors.slice(from, to),
    use: use === 'used' && to - from < LEAST_PIECE_HOURS ? 'too_short' : use,
  }));
}
