/** What one look-back, from six hours to a month, says about growth: unit-free figures on 24 block floors. */
import { blockFloors, CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median, present, quantile } from './order.ts';
import { trendOf } from './trend.ts';

/** Hours. Each doubles the one before or nearly; a series is judged over as many as its stretch is long. */
export const HORIZONS = [6, 12, 24, 48, 72, 168, 336, 720] as const;

/** Enough for Kendall's tau to tell a trend from noise, few enough that all pairs cost microseconds. */
export const BLOCKS = 24;

/** A horizon with fewer blocks than this holding samples says nothing. */
const MIN_BLOCKS = 0.6 * BLOCKS;

/** The figures of one horizon. Levels and rises are in percentage points of capacity. */
export interface Horizon {
  readonly hours: number;
  /** The 24 floors, gaps filled from the left, oldest first. */
  readonly floors: Float64Array;
  /** What Sen's slope makes of the whole horizon. */
  readonly rise: number;
  readonly tau: number;
  /** Rise over the spread of the floors about the line. */
  readonly signalToNoise: number;
  /** Share of the growth between the thirds that fell into the last one: a third when linear, little on a plateau. */
  readonly lateShare: number;
  /** The greatest rise within two blocks over the rise: near one when the growth is a single step. */
  readonly jumpShare: number;
  /** Rise over the greatest one that this host has shown over the same length before; null without enough history. */
  readonly timesPastRise: number | null;
  /** How far the last floor stands above the host's earlier highs, in rises; null without enough history. */
  readonly aboveHighs: number | null;
}

/** Spread below which noise is not believed, in percentage points: an idle host is quantised, not silent. */
const LEAST_NOISE = 0.02;
/** Divisor floor of shares, in percentage points, so that a flat host has shares near zero and not near infinity. */
export const LEAST_RISE = 0.05;
/** Past rises below this, in percentage points, count as this much: three hundredths of a point are nobody's record. */
const LEAST_PAST_RISE = 0.15;

/** The figures of the last `hours`; null when the stretch, which begins at cell `start`, is shorter or too thin. */
export function horizonOf(grid: Grid, start: number, hours: number): Horizon | null {
  const size = (hours * CELLS_PER_HOUR) / BLOCKS;
  if (grid.cells.length - start < hours * CELLS_PER_HOUR) return null;
  const blocks = blockFloors(grid, size);
  const floors = filled(blocks.subarray(blocks.length - BLOCKS));
  if (floors === null) return null;

  const { slope, tau } = trendOf(floors);
  const rise = slope * (BLOCKS - 1);
  const divisor = Math.max(Math.abs(rise), LEAST_RISE);
  return {
    hours,
    floors,
    rise,
    tau,
    signalToNoise: rise / (noiseAbout(floors, slope) + LEAST_NOISE),
    lateShare: lateShareOf(floors),
    jumpShare: greatestJump(floors) / divisor,
    timesPastRise: timesPastRise(blocks),
    aboveHighs: aboveHighs(grid, hours, floors, divisor),
  };
}

/** The floors with gaps filled from the nearest earlier floor (at the front: later); null when too many are missing. */
function filled(floors: Float64Array): Float64Array | null {
  const known = present(floors);
  if (known.length < MIN_BLOCKS) return null;
  let last = known[0] ?? 0;
  return floors.map((floor) => {
    if (!Number.isNaN(floor)) last = floor;
    return last;
  });
}

/** Median absolute deviation from the line, scaled to a normal distribution's standard deviation. */
function noiseAbout(floors: Float64Array, slope: number): number {
  const residuals = floors.map((floor, index) => floor - slope * index);
  const middle = median(residuals);
  return 1.4826 * median(residuals.map((residual) => Math.abs(residual - middle)));
}

function lateShareOf(floors: Float64Array): number {
  const third = BLOCKS / 3;
  const [first, second, last] = [0, third, 2 * third].map((from) => mean(floors.subarray(from, from + third)));
  const growth = (last ?? 0) - (first ?? 0);
  return ((last ?? 0) - (second ?? 0)) / Math.max(Math.abs(growth), 1e-3);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function greatestJump(floors: Float64Array): number {
  let jump = 0;
  for (let i = 2; i < floors.length; i++) jump = Math.max(jump, (floors[i] ?? 0) - (floors[i - 2] ?? 0));
  return jump;
}

/** A quarter of a horizon at either end gives its level for the comparison with the past. */
const END_BLOCKS = BLOCKS / 4;
/** Fewer earlier rises than this are no null distribution. */
const MIN_PAST = 6;
/** At most this many earlier ends are compared, every second block: the rest of a long series is not needed. */
const MAX_PAST = 256;

/**
 * The present rise over the greatest one of the same length that ended before this horizon began. It is an empirical
 * null: season and autocorrelation are in it, whatever their form.
 */
function timesPastRise(blocks: Float64Array): number | null {
  const now = riseEndingAt(blocks, blocks.length);
  let greatest = -Infinity;
  let count = 0;
  for (let end = blocks.length - BLOCKS; end >= BLOCKS && count < MAX_PAST; end -= 2) {
    const rise = riseEndingAt(blocks, end);
    if (Number.isNaN(rise)) continue;
    count++;
    greatest = Math.max(greatest, rise);
  }
  return count < MIN_PAST || Number.isNaN(now) ? null : Math.max(now, LEAST_RISE) / Math.max(greatest, LEAST_PAST_RISE);
}

function riseEndingAt(blocks: Float64Array, end: number): number {
  const first = median(present(blocks.subarray(end - BLOCKS, end - BLOCKS + END_BLOCKS)));
  const last = median(present(blocks.subarray(end - END_BLOCKS, end)));
  return ((last - first) * (BLOCKS - 1)) / (BLOCKS - END_BLOCKS);
}

/** Two weeks before the horizon are what "earlier highs" means. */
const HIGHS_CELLS = 14 * 24 * CELLS_PER_HOUR;
/** Less history than four hours has no highs. */
const MIN_HIGHS_CELLS = 16;

function aboveHighs({ cells }: Grid, hours: number, floors: Float64Array, divisor: number): number | null {
  const end = cells.length - hours * CELLS_PER_HOUR;
  const before = present(cells.subarray(Math.max(0, end - HIGHS_CELLS), Math.max(0, end)));
  if (before.length < MIN_HIGHS_CELLS) return null;
  return ((floors[BLOCKS - 1] ?? 0) - quantile(before, 0.95)) / divisor;
}
