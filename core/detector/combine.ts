/**
 * Combines the opinions of evaluators on one host. Each gives a log-likelihood ratio: how much likelier its evidence is of a leak than of a
 * healthy host. These are added to the log-odds of the host's own curve (I. J. Good, Weight of evidence: a brief survey, 1985). Evidence
 * that is not independent is counted once: each evaluator was calibrated beside the others, on series whose truth is known.
 */
import type { Vote } from '../model/vote.ts';
import { logit, sigmoid } from './confidence.ts';
import type { Knowledge } from './knowledge.ts';

/** A vote before the weight of its evaluator. */
export interface Opinion extends Pick<Vote, 'evaluator' | 'logOdds' | 'reason' | 'facts'> {
  /** Of an evaluator that replaces the host's own curve rather than adding to it. Default: that of its log-odds at the prior. */
  readonly confidence?: number;
}

/** No evaluator moves the log-odds by more: nothing that was measured supports it. */
export const GREATEST_LOG_ODDS = 4;
/**
 * One that replaces the host's own curve may take back all that speaks against a leak there: a host that is full shows no growth, and growth
 * of weeks shows in a deep read alone. For a leak that is plain in the host's own curve the limit stays: it may be in memory that no
 * consumer holds.
 */
export const GREATEST_REPLACING_LOG_ODDS = 8;

/** A probability as near to 0 or 1 as log-odds are computed with. */
const LEAST_PROBABILITY = 1e-9;

/** The vote of the host's own curve, to which the others are added. */
export function ownVote(confidence: number): Vote {
  return {
    evaluator: 'statistical',
    confidence,
    logOdds: logOddsAt(confidence),
    weight: 1,
    reason: 'curve',
    facts: {},
  };
}

/** The votes of the others, each with its weight. `prior`: the share of inspections that are of a leaking host. */
export function weighted(opinions: readonly (Opinion | null)[], prior: number, weights: Knowledge['weights']): Vote[] {
  return opinions
    .filter((opinion) => opinion !== null)
    .map(({ logOdds: stated, ...opinion }) => {
      const weight = weights?.[opinion.evaluator] ?? 1;
      const replaces = opinion.confidence !== undefined || opinion.evaluator === 'weeks';
      const greatest = replaces ? GREATEST_REPLACING_LOG_ODDS : GREATEST_LOG_ODDS;
      const logOdds = Math.max(-GREATEST_LOG_ODDS, Math.min(greatest, stated));
      return { confidence: sigmoid(logit(prior) + logOdds), ...opinion, weight, logOdds: weight * logOdds };
    });
}

/** A confidence after these votes; the same where there are none. */
export function shifted(confidence: number, votes: readonly Vote[]): number {
  if (votes.length === 0) return confidence;
  return sigmoid(votes.reduce((sum, { logOdds }) => sum + logOdds, logOddsAt(confidence)));
}

/**
 * The evaluator that decided: the one without whose vote the other side of the threshold would have been reached, the one that moved it
 * most where there are several; the host's own curve where no single vote turned it.
 */
export function decidedBy(own: Vote, votes: readonly Vote[], threshold: number): Vote['evaluator'] {
  const isLeaking = shifted(own.confidence, votes) >= threshold;
  const turning = votes.filter((vote) => {
    const others = votes.filter((other) => other !== vote);
    return shifted(own.confidence, others) >= threshold !== isLeaking;
  });
  const [first = own] = turning.sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
  return first.evaluator;
}

function logOddsAt(confidence: number): number {
  return logit(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, confidence)));
}
