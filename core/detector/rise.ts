/**
 * The rise of values over a segment: the mean of its last part less the mean of its first part. Means add up, so that the rises of
 * parts sum to the rise of their total. A daily season is at the same height at both ends.
 */
import type { Interval } from '../model/verdict.ts';
import type { Range } from './presence.ts';
import { lagOneCorrelation } from './trend.ts';

/** The first and the last periods of a segment, as half-open ranges of indices. */
export interface Ends {
  readonly first: Range;
  readonly last: Range;
}

export interface Rise {
  readonly before: number;
  readonly after: number;
  readonly rise: Interval;
}

/** Within an eighth of a segment a steady leak grows little, and garbage collections average out. */
const END_SHARE = 1 / 8;
/** Fewer periods than this have no spread to speak of. */
const LEAST_END = 4;
/** In shorter segments the two ends would overlap. */
const LEAST_PERIODS = 2 * LEAST_END;

/** The 90 % point of the normal distribution: the interval is about 80 % wide, as the growth's is. */
const Z = 1.2816;

/** The ends of a segment of `periods` periods; null where it is too short to have two. */
export function endsOf(periods: number): Ends | null {
  if (periods < LEAST_PERIODS) return null;
  const length = Math.max(LEAST_END, Math.floor(periods * END_SHARE));
  return { first: [0, length], last: [periods - length, periods] };
}

/** The ends of the known part of a segment: as long as the segment's own ends, but at most half of that part. */
export function endsWithin({ first }: Ends, [from, to]: Range): Ends {
  const length = Math.max(1, Math.min(first[1] - first[0], Math.floor((to - from) / 2)));
  return { first: [from, from + length], last: [to - length, to] };
}

/**
 * The rise from one end to the other with its interval.
 *
 * @param sampled The ends of the known values: values that are held constant from there have no spread of their own.
 */
export function riseOf(values: Float64Array, ends: Ends, sampled = ends): Rise {
  const before = mean(values.subarray(...ends.first));
  const after = mean(values.subarray(...ends.last));
  const estimate = after - before;
  const half = halfWidth(values, sampled);
  return { before, after, rise: { low: estimate - half, estimate, high: estimate + half } };
}

/** A part that rises by more than so many times the total is no part of its rise: a full host stands still while a process takes what others give. */
const GREATEST_SHARE = 10;

/**
 * A part's rise over the total's; null where the total does not clearly rise, or by next to nothing beside the part. The interval is that of the part less its share of the total (the delta method for a ratio), so
 * that the share of a part which moves exactly as the total does is exact, however noisy both are.
 */
export function shareOf(part: Float64Array, total: Float64Array, ends: Ends, sampled = ends): Interval | null {
  const of = riseOf(total, ends).rise;
  if (!(of.low > 0)) return null;
  const estimate = riseOf(part, ends).rise.estimate / of.estimate;
  if (Math.abs(estimate) > GREATEST_SHARE) return null;
  const beside = part.map((value, index) => value - estimate * (total[index] ?? 0));
  const half = halfWidth(beside, sampled) / of.estimate;
  return { low: estimate - half, estimate, high: estimate + half };
}

/** Half the width of the interval of the difference between the two means. */
function halfWidth(values: Float64Array, { first, last }: Ends): number {
  const [from, to] = [values.subarray(...first), values.subarray(...last)];
  const distance = (last[0] + last[1] - first[0] - first[1]) / 2;
  const slope = (mean(to) - mean(from)) / distance;
  const freedom = Math.max(1, from.length + to.length - 2);
  // The first term by which Student's quantile exceeds the normal one (Cornish and Fisher).
  const quantile = Z + (Z ** 3 + Z) / (4 * freedom);
  return quantile * Math.sqrt(varianceOfMean(from, slope) + varianceOfMean(to, slope));
}

/**
 * The variance of the mean of values that climb by `slope` from one to the next; 0 for a single value, whose variance is unknown.
 * Neighbours are correlated, so it is inflated by (1 + r) / (1 - r), with their correlation r between 0 and 0.9.
 */
function varianceOfMean(values: Float64Array, slope: number): number {
  const n = values.length;
  if (n < 2) return 0;
  const middle = (n - 1) / 2;
  const centre = mean(values);
  let own = 0;
  let neighbour = 0;
  let previous = 0;
  for (const [index, value] of values.entries()) {
    const residual = value - centre - slope * (index - middle);
    own += residual * residual;
    neighbour += residual * previous;
    previous = residual;
  }
  const r = lagOneCorrelation(own, neighbour);
  return ((own / (n - 1) / n) * (1 + r)) / (1 - r);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
