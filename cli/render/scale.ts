/** The vertical scale of a chart: round numbers that hold every sample. */

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
