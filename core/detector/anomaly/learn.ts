/**
 * Learns from a reference window what is usual for a series: its level, its cycle, and how far its points lie from what is expected. The
 * residuals are those of expectations that were made before the point was seen, as they will be when points are scored.
 */
import type { PointState } from '../../model/point-state.ts';
import type { PointSeries } from '../../model/points.ts';
import type { Window } from '../../model/series.ts';
import { median } from '../order.ts';
import { alongCycle, profileOf, slotAt, slotsOf } from './cycle.ts';
import { emptyFill } from './fill.ts';
import { adapted } from './level.ts';
import type { PointSettings } from './settings.ts';
import { distributionOf } from './tail.ts';

export type Points = Pick<PointSeries, 'times' | 'values'>;

/** A reference that is too short to say what is usual. */
export interface InsufficientPoints {
  readonly kind: 'insufficient';
  readonly reason: 'too_few_points';
  /** Usable points in the reference, and how many are needed. */
  readonly points: number;
  readonly needed: number;
}

export const LEAST_POINTS = 30;
/** Beyond it a value is taken as this one: differences and squares stay finite. */
export const GREATEST_VALUE = 1e100;
/** Below it a spread is this one: quotients stay finite. */
const LEAST_SPREAD = 1e-200;
const MOST_STANDARD = 1e6;
const MAD_TO_DEVIATION = 1.4826;
const SPREADS = 24;
/** Of the range between the limits; what is less means nothing, whatever was usual. */
const LEAST_SHARE = 0.005;

/**
 * The state after a reference window, of which the newest `referencePoints` are used. `window` is what was read: of a sparse series its
 * periods without a point are zeros.
 */
export function beginState(points: Points, settings: PointSettings, window?: Window): PointState | InsufficientPoints {
  const { times, values } = reference(points, settings, window);
  const needed = Math.min(LEAST_POINTS, settings.referencePoints);
  if (times.length < needed) return { kind: 'insufficient', reason: 'too_few_points', points: times.length, needed };
  const profile = profileIn(times, values, settings);
  const { cycleMs } = settings;
  const flat = values.map((value, i) => value - alongCycle(profile, cycleMs, times[i] ?? 0));
  const least = leastDeviation(values, settings);
  const scale = Math.max(deviationOf(flat), least, LEAST_SPREAD);
  const run = residualsOf(flat, scale, settings);
  const spread = spreadOf(times, run.residuals, profile.length > 0 ? cycleMs : null, least);
  const standard = run.residuals.map((residual, i) =>
    standardised(residual, alongCycle(spread, cycleMs, times[i] ?? 0)),
  );
  const repeats = repeatsIn(values);
  return {
    kind: 'state',
    version: 1,
    last: times.at(-1) ?? 0,
    learned: times.length,
    level: run.level,
    least,
    profile,
    spread,
    ...distributionOf(standard),
    needed: 20,
    evidence: 0,
    value: values.at(-1) ?? 0,
    repeats: repeats.last,
    mostRepeats: repeats.most,
    run: null,
    fill: settings.fills ? emptyFill() : null,
  };
}

function reference(points: Points, settings: PointSettings, window: Window | undefined): Points {
  const own = ordered(points);
  const { times, values } = settings.sparse ? withZeros(own, settings, window) : own;
  return { times: times.slice(-settings.referencePoints), values: values.slice(-settings.referencePoints) };
}

/** In order, without repetitions and what is not finite. */
export function ordered({ times, values }: Points): Points {
  const usable: [number, number][] = [];
  for (let i = 0; i < times.length; i++) {
    const [time, value] = [times[i] ?? Number.NaN, values[i] ?? Number.NaN];
    if (Number.isFinite(time) && Number.isFinite(value)) usable.push([time, limited(value)]);
  }
  usable.sort(([a], [b]) => a - b);
  const kept = usable.filter(([time], i) => time !== usable[i + 1]?.[0]);
  return { times: Float64Array.from(kept, ([time]) => time), values: Float64Array.from(kept, ([, value]) => value) };
}

export function limited(value: number): number {
  // The sum makes 0 of -0, which JSON does not know.
  return Math.min(GREATEST_VALUE, Math.max(-GREATEST_VALUE, value)) + 0;
}

/** A residual in units of a spread, limited so that its square is finite. */
export function standardised(residual: number, spread: number): number {
  return Math.min(MOST_STANDARD, Math.max(-MOST_STANDARD, residual / spread));
}

function withZeros({ times, values }: Points, settings: PointSettings, window: Window | undefined): Points {
  const { periodMs, referencePoints } = settings;
  const end = window?.end ?? (times.at(-1) ?? 0) + periodMs;
  const start = Math.max(window?.start ?? times[0] ?? end, end - referencePoints * periodMs);
  const n = Math.max(0, Math.floor((end - start) / periodMs));
  const first = end - n * periodMs;
  const filled = new Float64Array(n);
  times.forEach((time, i) => {
    const slot = Math.floor((time - first) / periodMs);
    if (slot >= 0 && slot < n) filled[slot] = values[i] ?? 0;
  });
  return { times: Float64Array.from(filled, (_, i) => first + i * periodMs), values: filled };
}

/** Empty where the reference does not hold the cycle twice. */
function profileIn(times: Float64Array, values: Float64Array, { cycleMs, sparse, periodMs }: PointSettings): number[] {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0) + periodMs;
  if (cycleMs === null || sparse || span < 2 * cycleMs) return [];
  const centred = values.slice();
  const first = times[0] ?? 0;
  for (let start = 0; start < times.length; ) {
    const cycle = Math.floor(((times[start] ?? 0) - first) / cycleMs);
    let end = start;
    while (end < times.length && Math.floor(((times[end] ?? 0) - first) / cycleMs) === cycle) end++;
    const middle = median(values.subarray(start, end));
    for (let i = start; i < end; i++) centred[i] = (values[i] ?? 0) - middle;
    start = end;
  }
  return profileOf(times, centred, cycleMs, slotsOf(cycleMs));
}

/** What is left of each point by the expectation before it. */
function residualsOf(flat: Float64Array, scale: number, settings: PointSettings) {
  let level = median(flat.subarray(0, Math.max(1, Math.ceil(flat.length / 4))));
  const residuals = flat.map((value) => {
    const residual = value - level;
    level = adapted(level, residual, scale, settings);
    return residual;
  });
  return { level, residuals };
}

/** Typical deviations along the cycle, drawn half to that of the entire series. */
function spreadOf(times: Float64Array, residuals: Float64Array, cycleMs: number | null, least: number): number[] {
  const own = Math.max(deviationOf(residuals), least / 5, LEAST_SPREAD);
  if (cycleMs === null) return [own];
  const bySlot: number[][] = Array.from({ length: SPREADS }, () => []);
  residuals.forEach((residual, i) => {
    bySlot[slotAt(times[i] ?? 0, cycleMs, SPREADS)]?.push(residual);
  });
  return bySlot.map((some) => {
    if (some.length < 8) return own;
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

/** The least deviation that means anything: of the range between limits, else of what values differ by. */
function leastDeviation(values: Float64Array, { lower, upper }: PointSettings): number {
  if (lower !== null && upper !== null) return LEAST_SHARE * (upper - lower);
  const deviation = deviationOf(values);
  return deviation > 0 ? deviation / 10 : Math.max(1e-9, Math.abs(values[0] ?? 0) / 100);
}

function repeatsIn(values: Float64Array): { most: number; last: number } {
  let [most, last] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    last = values[i] === values[i - 1] ? last + 1 : 0;
    most = Math.max(most, last);
  }
  return { most, last };
}
