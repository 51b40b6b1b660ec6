/**
 * The trend test of Mann (1945) and Kendall (1975). It assumes independent values, which floors are not: its variance is inflated by the
 * lag-one correlation of the residuals about Sen's slope (the first term of Hamed and Rao, 1998).
 */
import { slopeOf, varianceInflation } from './trend.ts';

export interface Trend {
  /** Sen's slope (1968), per step. */
  readonly slope: number;
  /** The standard score of Kendall's sum; about -2 to 2 where nothing rises. */
  readonly score: number;
}

/** Fewer than four values have no trend. `values` has no NaN. */
export function mannKendall(values: Float64Array): Trend {
  const n = values.length;
  if (n < 4) return { slope: 0, score: 0 };
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) sum += Math.sign((values[j] ?? 0) - (values[i] ?? 0));
  }
  const slope = slopeOf(values);
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * varianceInflation(values, slope);
  return { slope, score: sum / Math.sqrt(variance) };
}
