/**
 * Evidence that adds up: a cumulative sum (Page, 1954) of how unlikely points are. A healthy point brings 1 on average, of which more is
 * taken off; no point brings so much that it suffices alone.
 */
import { OUTER } from './tail.ts';

/** What is taken off for each point. */
const DRIFT = 3.2;
/** What a point brings at the most. */
const MOST_EVIDENCE = 8;
/** Evidence from which an episode is reported: five points at the least. */
export const NEEDED = 20;

export function withPoint(evidence: number, score: number): number {
  const unlikely = Math.min(MOST_EVIDENCE, -Math.log(Math.max(1e-12, 1 - score)));
  return Math.max(0, evidence + unlikely - DRIFT);
}

/** What a point beyond the outermost quantile adds to the logarithm of a widening. */
const GAIN = 0.05;
const LEAST_WIDENING = 0.25;
const MOST_WIDENING = 64;

/**
 * The widening after a residual: it rises where more points than foretold lie beyond the outermost quantile, and falls else, so that in
 * the long run as many do as were foretold (adaptive conformal inference: Gibbs and Candès, 2021). One point changes little of it.
 */
export function widened(widening: number, isBeyond: boolean): number {
  const next = widening * Math.exp(GAIN * ((isBeyond ? 1 : 0) - OUTER));
  return Math.min(MOST_WIDENING, Math.max(LEAST_WIDENING, next));
}
