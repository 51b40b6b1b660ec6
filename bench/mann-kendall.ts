/**
 * The trend test that papers on software ageing use, corrected for autocorrelation.
 * Mann 1945, Kendall 1975; Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968;
 * Hamed & Rao, "A modified Mann-Kendall trend test for autocorrelated data", Journal of Hydrology 204, 1998;
 * Machida et al., "On the effectiveness of Mann-Kendall test for detection of software aging", WoSAR 2013.
 */
import { medianOf, type PeerSamples } from './samples.ts';

/** Standard deviations of the normal distribution that hold 95 %. */
const TWO_SIDED_95 = 1.96;
/** Lags of the autocorrelation that are looked at. */
const MOST_LAGS = 40;

/** Kendall's S in standard deviations, with the variance that ties leave. Above 0 for growth. */
export function mannKendall(levels: Float64Array): number {
  const n = levels.length;
  let score = 0;
  for (let i = 0; i < n; i++) {
    const level = levels[i] ?? 0;
    for (let j = i + 1; j < n; j++) score += Math.sign((levels[j] ?? 0) - level);
  }
  const variance = (n * (n - 1) * (2 * n + 5) - tied(levels)) / 18;
  return variance > 0 ? (score - Math.sign(score)) / Math.sqrt(variance) : 0;
}

function tied(levels: Float64Array): number {
  const counts = [...Map.groupBy(levels, (level) => level).values()].map(({ length }) => length);
  return counts.reduce((sum, count) => sum + count * (count - 1) * (2 * count + 5), 0);
}

/** Median slope of all pairs, percentage points per hour. */
export function senSlope({ hours, levels }: PeerSamples): number {
  const n = hours.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      slopes[pair++] = ((levels[j] ?? 0) - (levels[i] ?? 0)) / ((hours[j] ?? 0) - (hours[i] ?? 0));
    }
  }
  return medianOf(slopes);
}

/**
 * By how much autocorrelation inflates the variance of S (Hamed & Rao, equation 15): 1 for independent samples, never
 * less. It is measured on the ranks of the samples less the slope, at the lags where it is significant.
 */
export function varianceInflation({ hours, levels }: PeerSamples, slope: number): number {
  const n = levels.length;
  const ranks = centredRanks(levels.map((level, index) => level - slope * (hours[index] ?? 0)));
  const variance = productAtLag(ranks, 0);
  if (variance === 0) return 1;
  let sum = 0;
  for (let lag = 1; lag < Math.min(n - 1, MOST_LAGS); lag++) {
    const correlation = productAtLag(ranks, lag) / variance;
    if (Math.abs(correlation) <= TWO_SIDED_95 / Math.sqrt(n)) continue;
    sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return Math.max(1, 1 + (2 * sum) / (n * (n - 1) * (n - 2)));
}

function productAtLag(ranks: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < ranks.length; i++) sum += (ranks[i] ?? 0) * (ranks[i - lag] ?? 0);
  return sum;
}

/** Ranks less their mean; equal values share the mean of their ranks. */
function centredRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i <= to; i++) ranks[order[i] ?? 0] = (from + to) / 2 - (values.length - 1) / 2;
    from = to + 1;
  }
  return ranks;
}
