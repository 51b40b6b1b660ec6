/**
 * The features of a young host: its first day, or the last one that is known, read for or against a leak. Nothing can be
 * compared with the day before, so they look closer than those of `features.ts`: at cells of 15 minutes and floors of half an hour, at
 * how a straight line fits beside steps, a ramp, a fill and a wave of a day, and at the noise about it. A feature is NaN where too
 * little is known.
 */
import type { CheckName } from '../model/verdict.ts';
import { hingeOf, moments, rampOf, saturationRss, stepRss, twoStepsRss } from './change-point.ts';
import type { FeatureKind } from './features.ts';
import { CELLS_PER_HOUR, hourlyFloors, pairFloors, withoutGaps } from './floors.ts';
import { flooredRss } from './line-features.ts';
import { median, rangeOf } from './order.ts';
import { aboveBefore, greatestFall, tauOf } from './rise-features.ts';
import { type Line, lineOf, waveRss } from './young-fits.ts';

type YoungName = Extract<CheckName, `young_${string}`>;

const FOR = { direction: 1, monotone: false } as const;
const AGAINST = { direction: -1, monotone: false } as const;

/** In the order in which `youngFeaturesOf` returns them. */
export const YOUNG_FEATURES: readonly (FeatureKind & { readonly name: YoungName })[] = [
  { name: 'young_rise', ...FOR, unit: '%' },
  { name: 'young_rise_8h', ...FOR, unit: '%' },
  { name: 'young_rise_4h', ...FOR, unit: '%' },
  { name: 'young_rise_2h', ...FOR, unit: '%' },
  { name: 'young_rise_1h', ...FOR, unit: '%' },
  { name: 'young_above_6h', ...FOR, unit: '%' },
  { name: 'young_above_3h', ...FOR, unit: '%' },
  { name: 'young_trend', ...FOR, unit: '1' },
  { name: 'young_new_highs', ...FOR, unit: '1' },
  { name: 'young_never_below', ...FOR, unit: '1' },
  { name: 'young_range', ...AGAINST, unit: '%' },
  { name: 'young_peak_range', ...AGAINST, unit: '%' },
  { name: 'young_deviation', ...AGAINST, unit: '%' },
  { name: 'young_noise', ...AGAINST, unit: '%' },
  { name: 'young_unchanged', ...AGAINST, unit: '1' },
  { name: 'young_fall', ...AGAINST, unit: '%' },
  { name: 'young_jump_30min', ...AGAINST, unit: '1' },
  { name: 'young_jump_2h', ...AGAINST, unit: '1' },
  { name: 'young_bend_over_step', ...FOR, unit: '1' },
  { name: 'young_bend_over_ramp', ...FOR, unit: '1' },
  { name: 'young_bend_over_fill', ...FOR, unit: '1' },
  { name: 'young_line_over_step', ...FOR, unit: '1' },
  { name: 'young_line_over_two_steps', ...FOR, unit: '1' },
  { name: 'young_line_over_wave', ...FOR, unit: '1' },
  { name: 'young_correlation', ...AGAINST, unit: '1' },
];

/** Of a longer history the last day counts. */
const YOUNG_HOURS = 24;
/** Fewer half hours than this have no line worth the name. */
const LEAST_HALF_HOURS = 12;
/** Rises below this, in percentage points, do not make ratios large. */
const LEAST_RISE = 0.3;
/** A high is new where it exceeds the one before by this share of a mean half hour's rise. */
const NEW_HIGH = 0.25;

/** What the features are computed from. */
interface Floors {
  /** Of 15 minutes, without gaps. */
  readonly cells: Float64Array;
  readonly halfHourly: Float64Array;
  readonly hourly: Float64Array;
  /** The straight line through the half-hourly floors. */
  readonly line: Line;
  /** The rise over all of it, in percentage points, at least LEAST_RISE: what jumps are divided by. */
  readonly rise: number;
}

/** @param cells Percentage points by 15 minutes, NaN where there is no sample, the latest last. */
export function youngFeaturesOf(cells: Float64Array): Float64Array {
  const day = cells.subarray(-YOUNG_HOURS * CELLS_PER_HOUR);
  const { filled, first } = withoutGaps(day);
  const known = filled.subarray(first);
  const halfHourly = pairFloors(known);
  if (halfHourly.length < LEAST_HALF_HOURS) return new Float64Array(YOUNG_FEATURES.length).fill(Number.NaN);
  const hourly = hourlyFloors({ end: 0, cells: known });
  const rise = Math.max(
    Math.abs(median(known.slice(-CELLS_PER_HOUR)) - median(known.slice(0, CELLS_PER_HOUR))),
    LEAST_RISE,
  );
  const floors = { cells: known, halfHourly, hourly, line: lineOf(halfHourly), rise };
  return Float64Array.of(...growthOf(floors), ...steadinessOf(floors), ...fitsOf(floors));
}

function growthOf({ cells, halfHourly, hourly, line }: Floors): number[] {
  const riseOver = (hours: number) => {
    const some = cells.subarray(-hours * CELLS_PER_HOUR);
    return lineOf(some).slope * some.length;
  };
  return [
    line.slope * halfHourly.length,
    riseOver(8),
    riseOver(4),
    riseOver(2),
    riseOver(1),
    aboveBefore(hourly, 6),
    aboveBefore(hourly, 3),
  ];
}

function steadinessOf({ cells, halfHourly, hourly, line, rise }: Floors): number[] {
  const n = halfHourly.length;
  return [
    tauOf(halfHourly),
    newHighs(halfHourly, (NEW_HIGH * rise) / n),
    neverBelow(halfHourly),
    rangeOf(hourly),
    rangeOf(cells),
    Math.sqrt(line.rss / n),
    ...noiseOf(cells),
    greatestFall(halfHourly),
    greatestJump(cells, 2) / rise,
    greatestJump(cells, 8) / rise,
  ];
}

/** How much better a straight line, or one that begins at a change point ("bend"), fits than other shapes. */
function fitsOf({ halfHourly, line }: Floors): number[] {
  const n = halfHourly.length;
  const floored = (rss: number) => flooredRss(rss, n);
  const straight = floored(line.rss);
  const bend = floored(hingeOf(halfHourly, true)?.rss ?? moments(halfHourly).total);
  const step = floored(stepRss(halfHourly));
  return [
    step / bend,
    floored(rampOf(halfHourly).rss) / bend,
    // The logarithm of a likelihood ratio, but for the factor 1/2.
    n * Math.log(floored(saturationRss(halfHourly)) / bend),
    step / straight,
    floored(twoStepsRss(halfHourly)) / straight,
    floored(waveRss(halfHourly)) / straight,
    line.correlation,
  ];
}

/** The share of floors, the first excluded, that exceed all before them by more than `slack`. */
function newHighs(floors: Float64Array, slack: number): number {
  let [high, count] = [floors[0] ?? 0, 0];
  for (const floor of floors.subarray(1)) {
    if (floor > high + slack) count++;
    high = Math.max(high, floor);
  }
  return count / (floors.length - 1);
}

/** The share of floors, the last excluded, that no later one falls below. */
function neverBelow(floors: Float64Array): number {
  let [least, count] = [floors.at(-1) ?? 0, 0];
  for (let i = floors.length - 2; i >= 0; i--) {
    const floor = floors[i] ?? 0;
    if (floor <= least) count++;
    least = Math.min(least, floor);
  }
  return count / (floors.length - 1);
}

/** The deviation of a cell from its neighbour as of noise alone, and the share of cells that are as the one before. */
function noiseOf(cells: Float64Array): [noise: number, unchanged: number] {
  const differences = cells.slice(1).map((value, index) => value - (cells[index] ?? 0));
  const middle = median(differences);
  const deviation = median(differences.map((difference) => Math.abs(difference - middle)));
  const same = differences.reduce((count, difference) => count + (Math.abs(difference) < 1e-6 ? 1 : 0), 0);
  // From the median deviation of differences to the standard deviation of values that are independent and normal.
  return [(1.4826 / Math.SQRT2) * deviation, same / differences.length];
}

/** The greatest rise from one cell to the `apart`-th after it. */
function greatestJump(cells: Float64Array, apart: number): number {
  let jump = 0;
  for (let i = apart; i < cells.length; i++) jump = Math.max(jump, (cells[i] ?? 0) - (cells[i - apart] ?? 0));
  return jump;
}
