/** The trend of evenly spaced values: Sen's slope (1968), which withstands outliers in up to 29 % of the values. */
import type { Interval } from '../model/verdict.ts';
import { select } from './order.ts';

/** Sen's slope: the median of the slopes of all pairs, per step. `values` has no NaN and at least two entries. */
export function slopeOf(values: Float64Array): number {
  const slopes = slopesOf(values);
  return select(slopes, slopes.length >> 1);
}

/**
 * Sen's slope with the 80 % confidence interval from Kendall's variance (Gilbert 1987, 16.4.2). That variance assumes independent
 * values, which floors are not, so it is inflated by the residuals' lag-one correlation (the first term of Hamed and Rao, 1998).
 */
export function slopeInterval(values: Float64Array): Interval {
  const n = values.length;
  const slopes = slopesOf(values);
  const middle = slopes.length >> 1;
  const estimate = select(slopes, middle);
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * varianceInflation(values, estimate);
  const half = 1.2816 * Math.sqrt(variance);
  // Selection has partitioned the slopes about the middle: each bound is searched on its side alone.
  const low = Math.min(middle, Math.max(0, Math.round((slopes.length - half) / 2)));
  const high = Math.max(middle, Math.min(slopes.length - 1, Math.round((slopes.length + half) / 2)));
  return {
    low: select(slopes.subarray(0, middle + 1), low),
    estimate,
    high: select(slopes.subarray(middle), high - middle),
  };
}

/** The slopes of all pairs, per step. */
function slopesOf(values: Float64Array): Float64Array {
  const n = values.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const from = values[i] ?? Number.NaN;
    for (let j = i + 1; j < n; j++) slopes[count++] = ((values[j] ?? Number.NaN) - from) / (j - i);
  }
  return slopes;
}

/** (1 + r) / (1 - r) for the lag-one correlation r of the residuals; never below 1, at most 19 (r = .9). */
export function varianceInflation(values: Float64Array, slope: number): number {
  const residuals = residualsAbout(values, slope);
  const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  let own = 0;
  let neighbour = 0;
  let before = 0;
  for (let i = 0; i < residuals.length; i++) {
    const residual = (residuals[i] ?? mean) - mean;
    own += residual * residual;
    neighbour += residual * before;
    before = residual;
  }
  const r = lagOneCorrelation(own, neighbour);
  return (1 + r) / (1 - r);
}

/** Residuals of values about a line of this slope through the origin. */
export function residualsAbout(values: Float64Array, slope: number): Float64Array {
  const residuals = new Float64Array(values.length);
  for (let i = 0; i < residuals.length; i++) residuals[i] = (values[i] ?? 0) - slope * i;
  return residuals;
}

/**
 * Lag-one correlation of residuals, between 0 and 0.9: `own` is the sum of their squares, `neighbour` that of products
 * of neighbours.
 */
export function lagOneCorrelation(own: number, neighbour: number): number {
  return own > 0 ? Math.min(0.9, Math.max(0, neighbour / own)) : 0;
}
