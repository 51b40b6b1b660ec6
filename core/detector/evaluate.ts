/**
 * Scores a grid: removes its season, computes its features, and lets the model add them up. For earlier hours the features are
 * computed from the samples up to then, but with the season and the last segment as they are known now.
 */

import { type Model, scoreOf } from './boosted-trees.ts';
import { type Hinge, hingeOf } from './change-point.ts';
import { featuresOf } from './features.ts';
import { CELLS_PER_HOUR, type Grid, hourlyFloors } from './floors.ts';
import { seasonOf, withoutSeason } from './season.ts';

/** The measurements of a grid. */
export interface Measured {
  /** Hourly floors without gaps, with their season. */
  readonly raw: Float64Array;
  /** The same less their season. */
  readonly hourly: Float64Array;
  /** The cells less their season. */
  readonly cells: Float64Array;
  /** The rising line that fits the hourly floors best; null where none rises. */
  readonly hinge: Hinge | null;
  readonly features: Float64Array;
}

/** Hours since the change point of a measured grid; 0 where no line rises. */
export function changePointHoursOf({ hourly, hinge }: Measured): number {
  return hinge === null ? 0 : hourly.length - 1 - hinge.changePoint;
}

export interface Evaluation extends Measured {
  /** Log-odds before calibration. */
  readonly score: number;
  /** Index of the first evaluated cell: 0, or where the last segment begins. */
  readonly start: number;
}

/**
 * A segment this long after a restart is evaluated by itself too: a restarted host leaks again from below its former level.
 * A shorter segment may be a warm-up, which only the samples before the restart distinguish from a leak.
 */
export const OWN_SEGMENT_HOURS = 12;

/** Scores now and at earlier hours: of the entire grid or of its last segment, whichever score is greater. */
export interface Evaluations {
  readonly now: Evaluation;
  /** The evaluation so many hours ago. */
  readonly ago: (hours: number) => EvaluationAgo;
  /** What its score was computed from, which costs little: the entire grid, and the last segment where it is evaluated by itself too. */
  readonly linesAgo: (hours: number) => readonly LineAgo[];
}

export interface EvaluationAgo extends LineAgo {
  readonly score: number;
}

/** Where the floor was at an earlier hour, and where it was going. */
export interface LineAgo {
  /** The floor then, in percent of capacity. */
  readonly level: number;
  /** Of the rising line that fitted best then, in percentage points an hour; 0 where none rose. */
  readonly slope: number;
}

/** `segmentStart` is the cell with which the last segment begins. */
export function evaluationOf(grid: Grid, segmentStart: number, model: Model): Evaluations {
  const evaluated = (measured: Measured, start: number) => ({
    ...measured,
    start,
    score: scoreOf(model, measured.features),
  });
  const entire = evaluated(measure(grid), 0);
  const ownGrid = ownSegment(grid, segmentStart);
  const own = ownGrid === null ? null : evaluated(measure(ownGrid), segmentStart);
  const measured = remembered((hours) => measuredThen(entire, own, hours));
  return {
    now: own !== null && own.score > entire.score ? own : entire,
    ago: remembered((hours) => surest(measured(hours), model)),
    linesAgo: measured,
  };
}

/** The same function, which computes each answer once. */
function remembered<Answer>(of: (hours: number) => Answer): (hours: number) => Answer {
  const known = new Map<number, Answer>();
  return (hours) => {
    const answer = known.get(hours) ?? of(hours);
    known.set(hours, answer);
    return answer;
  };
}

function measuredThen(entire: Measured, own: Measured | null, hours: number): MeasuredAgo[] {
  const ofEntire = measuredAgo(entire, hours);
  if (own === null || !isOwn(own.cells.length - hours * CELLS_PER_HOUR)) return [ofEntire];
  return [ofEntire, measuredAgo(own, hours)];
}

/** Of several evaluations the one with the greatest score. */
function surest(measured: readonly MeasuredAgo[], model: Model): EvaluationAgo {
  const scored = measured.map(({ level, slope, features }) => ({ level, slope, score: scoreOf(model, features()) }));
  return scored.reduce((best, one) => (one.score > best.score ? one : best));
}

/** The last segment of a grid where it is evaluated by itself too, else null. */
export function ownSegment({ end, cells }: Grid, start: number): Grid | null {
  return start === 0 || !isOwn(cells.length - start) ? null : { end, cells: cells.subarray(start) };
}

function isOwn(cells: number): boolean {
  return cells >= OWN_SEGMENT_HOURS * CELLS_PER_HOUR;
}

export function measure(grid: Grid): Measured {
  const raw = hourlyFloors(grid);
  const season = seasonOf(raw);
  const hourly = withoutSeason(raw, season);
  const cells = season === null ? grid.cells : cellsWithout(grid.cells, season);
  const hinge = hingeOf(hourly, true);
  return { raw, hourly, cells, hinge, features: featuresOf(cells, raw, hourly, hinge) };
}

interface MeasuredAgo extends LineAgo {
  readonly features: () => Float64Array;
}

/** What was known of a measured grid so many hours ago. */
function measuredAgo({ raw, hourly, cells }: Measured, hours: number): MeasuredAgo {
  const then = (values: Float64Array, count: number) => values.subarray(0, Math.max(0, values.length - count));
  const [rawThen, hourlyThen] = [then(raw, hours), then(hourly, hours)];
  const hinge = hingeOf(hourlyThen, true);
  return {
    level: hourlyThen.at(-1) ?? 0,
    slope: hinge?.slope ?? 0,
    features: () => featuresOf(then(cells, hours * CELLS_PER_HOUR), rawThen, hourlyThen, hinge),
  };
}

/** The cells less their season, which is interpolated between the middles of the hours. */
function cellsWithout(cells: Float64Array, season: Float64Array): Float64Array {
  const hours = season.length;
  const perCell = new Float64Array(hours * CELLS_PER_HOUR);
  for (let cell = 0; cell < perCell.length; cell++) {
    const hoursAgo = (cell + 0.5) / CELLS_PER_HOUR - 0.5;
    const hour = Math.floor(hoursAgo);
    const part = hoursAgo - hour;
    const [before, after] = [season[(hour + hours) % hours] ?? 0, season[(hour + 1) % hours] ?? 0];
    perCell[cell] = before * (1 - part) + after * part;
  }
  const deseasoned = new Float64Array(cells.length);
  for (let day = cells.length; day > 0; day -= perCell.length) {
    for (let ago = 0; ago < perCell.length && ago < day; ago++) {
      deseasoned[day - 1 - ago] = (cells[day - 1 - ago] ?? Number.NaN) - (perCell[ago] ?? 0);
    }
  }
  return deseasoned;
}
