/** A curve against what is normal for its host: rises of each length, the level, and refills after restarts. */
import type { Baseline } from '../model/baseline.ts';
import { HOUR_MS, hourOfWeek, WEEK_HOURS } from './deep-read.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { hourlyLeast } from './hourly-least.ts';
import { median } from './order.ts';

export interface AgainstBaseline {
  /** The greatest rise over the normal one of the same length, as a quotient, and that length in hours. */
  readonly growth: number;
  readonly hours: number;
  /** The rise itself, in percentage points. */
  readonly rise: number;
  /** How far the level is above the highest normal one, in percentage points; negative below it. */
  readonly above: number;
  /** How far it is below the plateau that it came back to after a restart within the window; NaN where it does not refill. */
  readonly belowPlateau: number;
  /** In percent, without the season of its hour. */
  readonly level: number;
}

/** The lengths of rises that are compared, in hours. */
const LENGTHS = [6, 12, 24, 48, 96];
/** A rise is compared with at least so many percentage points, and so many deviations of an hour. */
const LEAST_NORMAL = 0.5;
const NORMAL_DEVIATIONS = 3;
/** A level counts as that of a plateau within so many percentage points, and so many deviations of days. */
const PLATEAU_POINTS = 1;
const PLATEAU_DEVIATIONS = 3;
/** Hours of which the level is the median. */
const LEVEL_HOURS = 3;
/** The limit may change by so much before the host counts as another machine. */
const SAME_CAPACITY = 0.02;

export interface Curve {
  readonly grid: Grid;
  /** Indices of the grid's cells with which memory begins to be held anew. */
  readonly restarts: readonly number[];
  /** In the unit of the series, as the grid's levels are percentages of it. */
  readonly capacity: number;
  readonly limitKnown: boolean;
}

/** Null where the baseline is of another machine, or the window too short to be compared. */
export function againstBaseline(curve: Curve, baseline: Baseline): AgainstBaseline | null {
  const scale = scaleOf(curve, baseline);
  const floors = hourlyLeast(curve.grid);
  if (scale === null || floors.length <= (LENGTHS[0] ?? 0)) return null;
  const calm = withoutSeason(floors, curve.grid.end, baseline).map((floor) => floor * scale);
  const level = median(calm.subarray(-LEVEL_HOURS));
  const rises = LENGTHS.filter((hours) => hours < calm.length + LEVEL_HOURS).map((hours) => {
    const rise = Math.max(0, level - Math.min(...calm.subarray(-hours)));
    return { hours, rise, growth: rise / normalRise(baseline, hours) };
  });
  const greatest = rises.reduce((best, one) => (one.growth > best.growth ? one : best));
  return {
    ...greatest,
    above: level - baseline.highest,
    belowPlateau: belowPlateau(curve, calm, level, baseline),
    level,
  };
}

/** What the curve's percentages are multiplied by to be those of the baseline. */
function scaleOf({ capacity, limitKnown }: Curve, baseline: Baseline): number | null {
  if (baseline.capacity === null) return limitKnown ? 1 : null;
  if (!baseline.limitKnown) return capacity / baseline.capacity;
  return Math.abs(capacity / baseline.capacity - 1) <= SAME_CAPACITY ? 1 : null;
}

function withoutSeason(floors: Float64Array, end: number, { season }: Baseline): Float64Array {
  if (season.length === 0) return floors;
  const first = hourOfWeek(end - floors.length * HOUR_MS);
  return floors.map((floor, hour) => floor - (season[(first + hour) % WEEK_HOURS] ?? 0) / 100);
}

/** The greatest rise of so many hours that ended by itself, and at least what is noise. */
function normalRise({ growths, noise }: Baseline, hours: number): number {
  const longest = growths.filter((growth) => growth.hours <= hours).at(-1);
  return Math.max(LEAST_NORMAL, NORMAL_DEVIATIONS * noise.hour, longest?.rise ?? 0);
}

/** Of a host that was restarted within the window: to the lowest plateau that the level has not left behind. */
function belowPlateau(
  { grid, restarts }: Curve,
  calm: Float64Array,
  level: number,
  { plateaus, noise }: Baseline,
): number {
  const last = restarts.at(-1);
  if (last === undefined) return Number.NaN;
  const near = Math.max(PLATEAU_POINTS, PLATEAU_DEVIATIONS * noise.day);
  const since = calm.subarray(-Math.max(1, Math.round((grid.cells.length - last) / CELLS_PER_HOUR)));
  const trough = Math.min(...since);
  const plateau = plateaus.find((one) => one.level + near >= level);
  return plateau === undefined || plateau.level - near < trough ? Number.NaN : plateau.level - level;
}
