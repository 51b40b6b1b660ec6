/**
 * The distribution of healthy residuals, as quantiles, and beyond the outermost of them as a generalised Pareto distribution on each side
 * (Pickands, 1975), whose parameters are those of its first two moments (Hosking and Wallis, 1987).
 */
import type { PointState, PointTail } from '../../model/point-state.ts';

/** Probabilities of the stored quantiles; symmetric. */
const PROBABILITIES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99] as const;
export const OUTER = 0.01;
/** No probability is said to be less: nothing that was learned from so few points supports it. */
const LEAST_PROBABILITY = 1e-9;
const STEEPEST = 0.5;
/** Excesses from which a shape is taken as it is measured; it is drawn to 0, an exponential tail, of fewer. */
const SURE_EXCESSES = 20;

export type Distribution = Pick<PointState, 'quantiles' | 'lower' | 'upper'>;

/** Of residuals, in any order; at least one. */
export function distributionOf(residuals: Float64Array): Distribution {
  const sorted = residuals.slice().sort();
  const quantiles = PROBABILITIES.map((p) => between(sorted, p));
  const negated = sorted.map((value) => -value).reverse();
  return {
    quantiles,
    lower: tailOf(negated, -(quantiles[0] ?? 0)),
    upper: tailOf(sorted, quantiles.at(-1) ?? 0),
  };
}

function between(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const index = Math.floor(position);
  const own = sorted[index] ?? 0;
  return own + (position - index) * ((sorted[index + 1] ?? own) - own);
}

/** `sorted` ascending; the excesses over `from`. */
function tailOf(sorted: Float64Array, from: number): PointTail {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = sorted.length - 1; i >= 0 && (sorted[i] ?? 0) > from; i--) {
    const excess = (sorted[i] ?? 0) - from;
    n++;
    sum += excess;
    squares += excess * excess;
  }
  // Nothing was ever beyond: the next one may be, once in as many points as were seen.
  if (n === 0) return { share: Math.min(OUTER, 1 / (sorted.length + 1)), scale: 0.1, shape: 0 };
  const mean = sum / n;
  const variance = squares / n - mean * mean;
  const ratio = variance > 0 ? (mean * mean) / variance : 1;
  const shape = Math.min(STEEPEST, Math.max(0, (1 - ratio) / 2)) * Math.min(1, n / SURE_EXCESSES);
  return { share: Math.min(OUTER, n / sorted.length), scale: mean * (1 - shape), shape };
}

/** The probability that a healthy residual is `z` or more. */
export function above({ quantiles, upper }: Distribution, z: number): number {
  const last = quantiles.length - 1;
  if (z > (quantiles[last] ?? 0)) return beyond(upper, z - (quantiles[last] ?? 0));
  if (z <= (quantiles[0] ?? 0)) return 1 - OUTER;
  let i = 1;
  while (i < last && (quantiles[i] ?? 0) < z) i++;
  const [from, to] = [quantiles[i - 1] ?? 0, quantiles[i] ?? 0];
  const [p, q] = [PROBABILITIES[i - 1] ?? 0, PROBABILITIES[i] ?? 1];
  return 1 - (p + ((z - from) / (to - from)) * (q - p));
}

/** How far a healthy residual is from 0 on average, without what lies beyond the outermost quantiles. */
export function meanDistance({ quantiles }: Pick<Distribution, 'quantiles'>): number {
  let [sum, width] = [0, 0];
  for (let i = 1; i < quantiles.length; i++) {
    const share = (PROBABILITIES[i] ?? 1) - (PROBABILITIES[i - 1] ?? 0);
    sum += (share * (Math.abs(quantiles[i - 1] ?? 0) + Math.abs(quantiles[i] ?? 0))) / 2;
    width += share;
  }
  return width > 0 ? sum / width : 0;
}

/** The same distribution of negated residuals. */
export function mirrored({ quantiles, lower, upper }: Distribution): Distribution {
  return { quantiles: quantiles.map((value) => -value).reverse(), lower: upper, upper: lower };
}

function beyond({ share, scale, shape }: PointTail, excess: number): number {
  if (scale <= 0) return LEAST_PROBABILITY;
  const x = excess / scale;
  const p = shape < 1e-6 ? Math.exp(-x) : (1 + shape * x) ** (-1 / shape);
  return Math.max(LEAST_PROBABILITY, share * p);
}

/** The residual that a healthy one is above with probability `p`, at most that of the outermost quantile. */
export function upperQuantile({ quantiles, upper }: Distribution, p: number): number {
  const { share, scale, shape } = upper;
  const ratio = Math.max(1, share / p);
  const excess = shape < 1e-6 ? Math.log(ratio) : (ratio ** shape - 1) / shape;
  return (quantiles.at(-1) ?? 0) + scale * excess;
}
