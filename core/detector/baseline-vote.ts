/**
 * The vote of a baseline: growth that is normal for this host counts against a leak, level and growth beyond everything that was seen
 * count for one.
 */
import { againstBaseline } from './against-baseline.ts';
import type { Opinion } from './combine.ts';
import type { Knowledge } from './knowledge.ts';
import type { Subject } from './subject.ts';

/**
 * Log-likelihood ratios beside the host's own curve and the weeks. Rounded by hand from a fit on made hosts of 30 to 60 days with leaks of hours to
 * weeks, drawn towards zero where there were few windows; the last row was set by hand. Rows: the greatest rise as a multiple of the normal one of its length, from these on …
 */
const TIMES = [0, 0.75, 1.5, 4];
/** … columns: percentage points above the highest normal level, from these on. */
const ABOVE = [-Infinity, -8, -2, 0, 4];
const LOG_ODDS = [
  [-2, -1, -0.4, 0, 0],
  [-1.6, -1.3, -0.4, 0.2, 0.2],
  [-0.4, -0.7, -0.2, 0.5, 0.5],
  [-0.4, -2, -1, 0.5, 0.5],
];
/** Of a host that comes back to its plateau after a restart. */
const REFILL_LOG_ODDS = -3.5;
/** A level counts as below its plateau up to so many percentage points above it. */
const REFILL_ABOVE = 1;

/** Null where nothing is known, or the figures count neither way. */
export function baselineVote({ grid, segment, samples }: Subject, { baseline }: Knowledge): Opinion | null {
  if (baseline === undefined) return null;
  const { capacity, limitKnown } = samples;
  const against = againstBaseline({ grid, restarts: segment.restarts, capacity, limitKnown }, baseline);
  if (against === null) return null;
  const { growth: times, rise, hours, above, belowPlateau, level } = against;
  if (belowPlateau > -REFILL_ABOVE) {
    const facts = { plateau: level + belowPlateau, missing: belowPlateau };
    return { evaluator: 'baseline', logOdds: REFILL_LOG_ODDS, reason: 'refill', facts };
  }
  const logOdds = LOG_ODDS[indexOf(TIMES, times)]?.[indexOf(ABOVE, above)] ?? 0;
  if (logOdds === 0) return null;
  const reason = logOdds > 0 ? 'beyond_normal' : 'normal_growth';
  return { evaluator: 'baseline', logOdds, reason, facts: { rise, hours, times, above } };
}

/** The last of ascending bounds that a value reaches. */
function indexOf(bounds: readonly number[], value: number): number {
  return bounds.findLastIndex((bound) => value >= bound);
}
