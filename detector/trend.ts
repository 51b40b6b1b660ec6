/** A monotone trend in evenly spaced values: Sen's slope (1968) and Kendall's tau. Both hold with a third of the values wild. */
import type { Interval } from '../model/verdict.ts';
import { select } from './order.ts';

export interface Trend {
  /** Median of the slopes of all pairs, per step. */
  readonly slope: number;
  /** Rising pairs less falling pairs, over all pairs, in [-1, 1]. Ties count for neither. */
  readonly tau: number;
}

/** Differences below this, in percentage points, are ties: coarser than floating point, finer than any collector. */
const TIE = 1e-9;

/** The trend of `values`, which has no NaN and at least two entries. */
export function trendOf(values: Float64Array): Trend {
  const { slopes, score } = pairs(values);
  const tau = score / slopes.length;
  return { slope: select(slopes, slopes.length >> 1), tau };
}

/**
 * Sen's slope with the interval that Kendall's variance gives (Gilbert 1987, 16.4.2), about 80 % wide. Floors follow one
 * another: that the values were independent is assumed and not true, so the variance is widened by the residuals'
 * correlation with their neighbours (the first term of Hamed and Rao, 1998).
 */
export function slopeInterval(values: Float64Array): Interval {
  const n = values.length;
  const { slopes } = pairs(values);
  slopes.sort();
  const estimate = slopes[slopes.length >> 1] ?? 0;
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * varianceInflation(values, estimate);
  const half = 1.2816 * Math.sqrt(variance);
  const rank = (r: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(r)))] ?? estimate;
  return { low: rank((slopes.length - half) / 2), estimate, high: rank((slopes.length + half) / 2) };
}

function pairs(values: Float64Array): { slopes: Float64Array; score: number } {
  const n = values.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  let score = 0;
  for (let i = 0; i < n; i++) {
    const from = values[i] ?? Number.NaN;
    for (let j = i + 1; j < n; j++) {
      const difference = (values[j] ?? Number.NaN) - from;
      slopes[count++] = difference / (j - i);
      if (difference > TIE) score++;
      else if (difference < -TIE) score--;
    }
  }
  return { slopes, score };
}

/** (1 + r) / (1 - r) for the lag-one correlation r of what the slope leaves over; never below 1, at most 19 (r = .9). */
function varianceInflation(values: Float64Array, slope: number): number {
  const residuals = values.map((value, index) => value - slope * index);
  const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  let own = 0;
  let neighbour = 0;
  for (const [index, value] of residuals.entries()) {
    own += (value - mean) ** 2;
    if (index > 0) neighbour += (value - mean) * ((residuals[index - 1] ?? mean) - mean);
  }
  const r = own > 0 ? Math.min(0.9, Math.max(0, neighbour / own)) : 0;
  return (1 + r) / (1 - r);
}
