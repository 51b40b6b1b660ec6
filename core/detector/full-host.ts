/** Whether a host is full: above 90 % for hours, or restarted at the top again and again. Pure; no leak has to be found for it. */
import { FULL_FROM, type FullHost, type FullKind, RECENT_HOURS, topOf } from '../model/full-host.ts';
import type { Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid, gridOf, hourlyFloors } from './floors.ts';
import { middle } from './order.ts';

const TOP = 100 * FULL_FROM;
/** The share of the last hours that must be full. */
const RECENT_SHARE = 0.8;
/** A pause of so many hours below the top does not end a time of being full. */
const PAUSE_HOURS = 2;
/** A fall releases so many points within an hour, more than a collection of garbage at the top. */
const FALL_POINTS = 15;
/** Falls in the window that make a host one that fills again and again. One may be a deployment. */
const LEAST_FALLS = 2;
/**
 * A host that is killed at the top passes through it: of hosts that fill and are killed 3 to 17 % of the hours were at the top. One that is
 * there in more than this share of its hours is sized so, as recorded servers at 85 to 95 % are (31 to 100 %), and what frees memory now and then kills nothing.
 */
const PASSING_SHARE = 0.25;
/** A climb lasts so long, and no hour brings more than this share of it: a batch job rises at once. */
const LEAST_CLIMB_HOURS = 2;
const LARGEST_STEP_SHARE = 0.5;
/** A host whose floor was so many points lower when the window began has grown to the top … */
const GROWN_POINTS = 5;
/** … unless more than this share of the hours before was at the top already: that host comes and goes there. */
const USUAL_SHARE = 0.1;
/** Shorter history does not show whether a host was always full. */
const LEAST_HOURS = 12;

/** Null where the host is not full, and where that cannot be said: without a limit, or without a verdict. */
export function fullHostOf(series: Series, verdict: Verdict): FullHost | null {
  if (verdict.state === 'insufficient_data' || !touchesTop(series)) return null;
  const samples = clean(series);
  if (samples === undefined || !samples.limitKnown || samples.times.length === 0) return null;
  const grid = gridOf(samples, series.window.end);
  const floors = hourlyFloors(grid);
  if (floors.length < LEAST_HOURS) return null;
  const peaks = hourlyPeaks(grid, floors);
  const recent = { floors: floors.subarray(-RECENT_HOURS), peaks: peaks.subarray(-RECENT_HOURS) };
  const falls = fallsOf(floors, peaks);
  const floorShare = shareAtTop(recent.floors);
  const since = fullSince(peaks);
  const fallsAgain = falls.length >= LEAST_FALLS && shareAtTop(peaks) <= PASSING_SHARE;
  const kind = fallsAgain ? 'filling_again' : kindOf(floors, peaks.subarray(0, since ?? 0), floorShare >= RECENT_SHARE);
  if (kind === null) return null;
  const toTime = (hour: number) => grid.end - (floors.length - hour) * CELLS_PER_HOUR * CELL_MS;
  return {
    kind,
    level: (floors.at(-1) ?? 0) / 100,
    highest: highestOf(peaks) / 100,
    floorShare,
    peakShare: shareAtTop(recent.peaks),
    recentHours: RECENT_HOURS,
    since: since === null ? null : toTime(since),
    falls: falls.map(({ hour }) => toTime(hour)),
    hoursToFull: medianOf(falls.flatMap(({ hoursToFull }) => hoursToFull ?? [])),
    grows: verdict.evidence.growthPerHour.low > 0,
  };
}

/** Most hosts have no sample at the top: they cost one pass over the samples. */
function touchesTop({ values, ...series }: Series): boolean {
  const least = topOf(series);
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) >= least) return true;
  return false;
}

/** The highest cell of each hour that has a floor; the floor where no cell is known. */
function hourlyPeaks({ cells }: Grid, floors: Float64Array): Float64Array {
  const offset = cells.length - floors.length * CELLS_PER_HOUR;
  return floors.map((floor, hour) => {
    const from = offset + hour * CELLS_PER_HOUR;
    return highestOf(cells.subarray(from, from + CELLS_PER_HOUR), floor);
  });
}

function highestOf(levels: Float64Array, least = 0): number {
  let highest = least;
  for (let i = 0; i < levels.length; i++) if ((levels[i] ?? 0) > highest) highest = levels[i] ?? 0;
  return highest;
}

function shareAtTop(levels: Float64Array): number {
  let count = 0;
  for (let i = 0; i < levels.length; i++) if ((levels[i] ?? 0) >= TOP) count++;
  return count / levels.length;
}

function kindOf(floors: Float64Array, peaksBefore: Float64Array, isFull: boolean): FullKind | null {
  if (!isFull) return null;
  const start = middle(floors.slice(0, Math.ceil(floors.length / 4)));
  const hasGrown = start <= (floors.at(-1) ?? 0) - GROWN_POINTS;
  const isUsual = peaksBefore.length > 0 && shareAtTop(peaksBefore) > USUAL_SHARE;
  return hasGrown && !isUsual ? 'stands_at_the_top' : 'steady_full';
}

/** The hour since which the peaks have been at the top but for short pauses; null where they are not. */
function fullSince(peaks: Float64Array): number | null {
  let since: number | null = null;
  for (let hour = peaks.length - 1; hour >= 0; hour--) {
    if ((peaks[hour] ?? 0) >= TOP) since = hour;
    else if ((since ?? peaks.length) - hour > PAUSE_HOURS) break;
  }
  return since;
}

function medianOf(hours: readonly number[]): number | null {
  return hours.length === 0 ? null : middle(Float64Array.from(hours));
}

interface Fall {
  /** Index of the first hour after the fall. */
  readonly hour: number;
  /** Hours until it was at the top again; null where it is not yet. */
  readonly hoursToFull: number | null;
}

/** Falls from the top after which memory grew back over hours, or still grows. */
function fallsOf(floors: Float64Array, peaks: Float64Array): Fall[] {
  const falls: Fall[] = [];
  for (let hour = 1; hour < floors.length; hour++) {
    const before = peaks[hour - 1] ?? 0;
    if (before < TOP || before - (floors[hour] ?? 0) < FALL_POINTS) continue;
    const back = peaks.findIndex((peak, index) => index > hour && peak >= TOP);
    const end = back < 0 ? floors.length - 1 : back;
    if (isClimb(floors.subarray(hour, end + 1))) {
      falls.push({ hour, hoursToFull: back < 0 ? null : back - hour });
      hour = end;
    } else hour += 1;
  }
  return falls;
}

/** Whether memory grew over hours, and not at once. */
function isClimb(floors: Float64Array): boolean {
  const rise = highestOf(floors) - (floors[0] ?? 0);
  if (floors.length <= LEAST_CLIMB_HOURS || rise < FALL_POINTS / 2) return false;
  let largest = 0;
  for (let i = 1; i < floors.length; i++) largest = Math.max(largest, (floors[i] ?? 0) - (floors[i - 1] ?? 0));
  return largest <= LARGEST_STEP_SHARE * rise;
}
