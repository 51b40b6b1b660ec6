/**
 * Learns from a reference window what is usual for a series: its level, its cycle, and how far its points lie from what is expected. The
 * residuals are those of expectations that were made before the point was seen, as they will be when points are scored.
 */
import type { PointState } from '../../model/point-state.ts';
import type { Window } from '../../model/series.ts';
import { median } from '../order.ts';
import { alongCycle, slotAt } from './cycle.ts';
import { fillOf } from './fill.ts';
import { leastSpread, levelled } from './level.ts';
import { type Points, referenceOf } from './reference.ts';
import { rehearsed } from './rehearse.ts';
import { seasonIn } from './season.ts';
import { watchOf } from './season-watch.ts';
import type { PointSettings } from './settings.ts';
import { distributionOf } from './tail.ts';

/** A reference that is too short to show what is usual. */
export interface InsufficientPoints {
  readonly kind: 'insufficient';
  readonly reason: 'too_few_points';
  /** Usable points in the reference, and how many are needed. */
  readonly points: number;
  readonly needed: number;
}

export const LEAST_POINTS = 30;
const MOST_STANDARD = 1e6;
const MAD_TO_DEVIATION = 1.4826;
const SPREADS = 24;
const LEAST_OF_SPREAD = 8;
/** Of the range between the limits: what is nearer to what was expected means nothing to anybody, whatever is usual. */
const LEAST_SHARE = 0.02;
/** Of how far values lie apart, where there is no such range. */
const LEAST_OF_DEVIATION = 0.1;

/**
 * The state after a reference window, of which the newest `referencePoints` are used. `window` is what was read: of a sparse series its
 * periods without a point are zeros.
 */
export function beginState(points: Points, settings: PointSettings, window?: Window): PointState | InsufficientPoints {
  const { times, values } = referenceOf(points, settings, window);
  const needed = Math.min(LEAST_POINTS, settings.referencePoints);
  if (times.length < needed) return { kind: 'insufficient', reason: 'too_few_points', points: times.length, needed };
  const { cycleMs } = settings;
  const least = leastDeviation(values, settings);
  const atLeast = leastSpread(least);
  const { profile, flat } = seasonIn(times, values, Math.max(deviationOf(values), atLeast), settings);
  const { level, residuals } = levelled(flat, Math.max(deviationOf(flat), atLeast), settings);
  const spread = spreadOf(times, residuals, profile.length > 0 ? cycleMs : null, atLeast);
  const standard = residuals.map((residual, i) => standardised(residual, alongCycle(spread, cycleMs, times[i] ?? 0)));
  const distribution = distributionOf(standard);
  return {
    kind: 'state',
    version: 1,
    last: times.at(-1) ?? 0,
    learned: times.length,
    level,
    least,
    profile,
    spread,
    ...distribution,
    ...rehearsed(standard, distribution, settings),
    evidence: 0,
    value: values.at(-1) ?? 0,
    ...repeatsIn(values),
    season: watchOf({ times, values }, { profile, spread }, settings),
    run: null,
    calm: null,
    fill: fillOf({ times, values }, settings),
  };
}

/** A residual in units of a spread, limited so that its square is finite. */
export function standardised(residual: number, spread: number): number {
  return Math.min(MOST_STANDARD, Math.max(-MOST_STANDARD, residual / spread));
}

/** Typical deviations along the cycle, drawn half to that of the entire series. */
function spreadOf(times: Float64Array, residuals: Float64Array, cycleMs: number | null, atLeast: number): number[] {
  const own = Math.max(deviationOf(residuals), atLeast);
  if (cycleMs === null) return [own];
  const bySlot: number[][] = Array.from({ length: SPREADS }, () => []);
  residuals.forEach((residual, i) => {
    bySlot[slotAt(times[i] ?? 0, cycleMs, SPREADS)]?.push(residual);
  });
  return bySlot.map((some) => {
    if (some.length < LEAST_OF_SPREAD) return own;
    return Math.max((deviationOf(Float64Array.from(some)) + own) / 2, own / 2);
  });
}

/** 1.4826 median absolute deviations; of mostly equal values the mean absolute deviation, which is 0 of a constant alone. */
function deviationOf(values: Float64Array): number {
  const centre = median(values);
  const distances = values.map((value) => Math.abs(value - centre));
  const mad = MAD_TO_DEVIATION * median(distances);
  if (mad > 0) return mad;
  return distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, values.length);
}

/** The least deviation that means anything: the metric's own, of the range between limits, or of what values differ by. */
function leastDeviation(values: Float64Array, { lower, upper, leastEffect }: PointSettings): number {
  if (lower !== null && upper !== null) return LEAST_SHARE * (upper - lower);
  const deviation = deviationOf(values);
  if (leastEffect !== null) return Math.max(leastEffect, LEAST_OF_DEVIATION * deviation);
  return deviation > 0 ? LEAST_OF_DEVIATION * deviation : Math.max(1e-9, Math.abs(values[0] ?? 0) / 100);
}

function repeatsIn(values: Float64Array): Pick<PointState, 'repeats' | 'mostRepeats'> {
  let [mostRepeats, repeats] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    repeats = values[i] === values[i - 1] ? repeats + 1 : 0;
    mostRepeats = Math.max(mostRepeats, repeats);
  }
  return { mostRepeats, repeats };
}
