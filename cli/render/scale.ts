/** The vertical scale of a chart: round numbers that hold every sample. */

import { decimalScale } from '../../core/messages/metric-values.ts';
import { binaryScale } from '../../core/messages/units.ts';
import type { Series } from '../../core/model/series.ts';

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly label: (value: number) => string;
}

/** Steps that people read easily, times a power of ten. */
const ROUND_STEPS = [1, 2, 2.5, 5, 10] as const;

/** The least step of a percentage, so that the noise of a flat host does not fill the chart. */
const LEAST_PERCENT_STEP = 2;

/** A scale of `intervals` round steps around the finite samples. A fraction's ends at 100 %: what is above it is no sample. */
export function scaleFor(series: Pick<Series, 'unit' | 'values'>, intervals: number): Scale {
  const fraction = series.unit === '1';
  const finite = series.values.filter(Number.isFinite);
  const lowest = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.min(a, b));
  const top = finite.length === 0 ? 1 : finite.reduce((a, b) => Math.max(a, b));
  const highest = fraction ? Math.min(1, top) : top;
  const { factor, suffix } = fraction ? { factor: 0.01, suffix: '%' } : binaryScale(highest);
  const leastStep = fraction ? LEAST_PERCENT_STEP : (highest / factor) * (LEAST_PERCENT_STEP / 100) || 1;
  const step = roundStep(lowest / factor, highest / factor, intervals, leastStep);
  const highestStart = fraction ? 100 - intervals * step : Number.POSITIVE_INFINITY;
  const low = Math.max(0, Math.min(Math.floor(lowest / factor / step) * step, highestStart));
  return {
    low: low * factor,
    high: (low + intervals * step) * factor,
    label: (value) => `${formatTick(value / factor, step)} ${suffix}`,
  };
}

/** What a scale of a metric of any unit has to hold. */
export interface ScaledMetric {
  /** A UCUM code. */
  readonly unit: string;
  /** What values can be at all; null where there is no such limit. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The least and the greatest that is drawn. */
  readonly range: readonly [low: number, high: number];
}

/** A scale of round steps. Where nothing is beyond a limit of the metric the scale ends there. */
export function scaleOfMetric(
  { unit, lower, upper, range: [lowest, highest] }: ScaledMetric,
  intervals: number,
): Scale {
  const { factor, suffix } = unitScale(unit, Math.max(Math.abs(lowest), Math.abs(highest)));
  const size = Math.max(Math.abs(lowest), Math.abs(highest)) / factor;
  const leastStep = unit === '1' ? LEAST_PERCENT_STEP : leastStepOf(size);
  const step = roundStep(lowest / factor, highest / factor, intervals, leastStep);
  const end = upper === null || highest > upper ? Number.POSITIVE_INFINITY : upper / factor - intervals * step;
  const begin = lower === null || lowest < lower ? Number.NEGATIVE_INFINITY : lower / factor;
  const low = Math.max(begin, Math.min(Math.floor(lowest / factor / step) * step, end));
  return {
    low: low * factor,
    high: (low + intervals * step) * factor,
    label: (value) => `${metricTick(value / factor, step)}${suffix === '' ? '' : ` ${suffix}`}`,
  };
}

/** What is closer to 0 is 0 on a scale. */
const LEAST_STEP = 1e-9;

function leastStepOf(size: number): number {
  return size === 0 ? 1 : Math.max(size * (LEAST_PERCENT_STEP / 100), LEAST_STEP);
}

/** Numbers of more digits than a label has room for are written with an exponent. */
const LONGEST_TICK = 7;

function metricTick(value: number, step: number): string {
  const text = Math.abs(step) < 1e-4 ? '' : formatTick(value, step);
  return (text === '' || text.length > LONGEST_TICK ? value.toExponential(1) : text).replace('-', '−');
}

function unitScale(unit: string, size: number): { factor: number; suffix: string } {
  if (unit === '1') return { factor: 0.01, suffix: '%' };
  if (unit === 'By') return binaryScale(size);
  const { factor, prefix } = decimalScale(size);
  // What is counted has no unit beside each label: the title has the name of the metric.
  return { factor, suffix: `${prefix}${unit.startsWith('{') ? '' : ` ${unit}`}`.trim() };
}

/** The smallest round step of which `intervals`, from a multiple of it, reach over low and high. */
function roundStep(low: number, high: number, intervals: number, least: number): number {
  const wanted = Math.max((high - low) / intervals, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const candidates = [...ROUND_STEPS, 20, 25, 50].map((round) => round * power);
  const fits = (step: number) => step >= wanted && Math.floor(low / step) * step + intervals * step >= high;
  return candidates.find(fits) ?? power * 100;
}

/** With the decimals that the step has, so that all labels of a scale look alike. */
function formatTick(value: number, step: number): string {
  const decimals = String(step).split('.')[1]?.length ?? 0;
  return value.toFixed(decimals);
}
