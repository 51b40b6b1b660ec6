/**
 * Combines the opinions of evaluators on one host. Each gives a log-likelihood ratio: how much likelier its evidence is of a leak than of a
 * healthy host. These are added to the log-odds of the host's own curve (I. J. Good, Weight of evidence: a brief survey, 1985). Evidence
 * that is not independent is counted once: siblings, weeks and baselines were calibrated beside the curve, on series whose truth is known;
 * consumers and swap see the host's memory by other curves, of which one at the most replaces the host's own.
 */
import type { Vote } from '../model/vote.ts';
import { logit, sigmoid } from './confidence.ts';
import { SIBLINGS_BESIDE_CONSUMERS } from './consumer-table.ts';
import type { Knowledge } from './knowledge.ts';

/** A vote before the weight of its evaluator. */
export interface Opinion extends Pick<Vote, 'evaluator' | 'logOdds' | 'reason' | 'facts'> {
  /** By this evaluator alone. Default: that of its log-odds at the prior. */
  readonly confidence?: number;
  /** Of an evaluator that replaces the host's own curve by another one rather than adding to it: its log-odds are the difference. */
  readonly replaces?: Replacement;
}

interface Replacement {
  /** The share of the curve that it replaces, in [0, 1]. */
  readonly share: number;
  /** Percentage points by which the other curve rises steadily; 0 where it does not. */
  readonly steadyRise: number;
}

/** No evaluator moves the log-odds by more: nothing that was measured supports it. */
export const GREATEST_LOG_ODDS = 4;
/**
 * One that replaces the host's own curve may take back all that speaks against a leak there: a host that is full shows no growth, and growth
 * of weeks shows in a deep read alone. For a leak that is plain in the host's own curve the limit stays: it may be in memory that no
 * consumer holds.
 */
export const GREATEST_REPLACING_LOG_ODDS = 8;

/** The steady rise of a host remains where the curve that replaces its own rises as steadily, by this share of it at the least. */
const STEADY_SHARE = 0.5;

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
  const ballots = opinions
    .filter((opinion) => opinion !== null)
    .map(({ replaces, logOdds: stated, ...opinion }) => {
      const weight = weights?.[opinion.evaluator] ?? 1;
      const isFree = replaces !== undefined || opinion.evaluator === 'weeks';
      const greatest = isFree ? GREATEST_REPLACING_LOG_ODDS : GREATEST_LOG_ODDS;
      const logOdds = Math.max(-GREATEST_LOG_ODDS, Math.min(greatest, stated));
      const vote = { confidence: sigmoid(logit(prior) + logOdds), ...opinion, weight, logOdds: weight * logOdds };
      return { vote, replaces };
    });
  const replacing = mostReplacing(ballots);
  return ballots.map(({ vote, replaces }) => {
    if (replaces !== undefined && vote !== replacing?.vote) return { ...vote, logOdds: 0 };
    return { ...vote, logOdds: vote.logOdds * shareLeft(vote, replacing) };
  });
}

interface Ballot {
  readonly vote: Vote;
  readonly replaces: Replacement | undefined;
}

/**
 * Only one may replace the curve: two would subtract it twice, and what both see is the same memory. It is the one that corrects the curve most:
 * each knows what the curve cannot, and what moves it little has seen nothing of that.
 */
function mostReplacing(ballots: readonly Ballot[]): (Ballot & { readonly replaces: Replacement }) | undefined {
  const [most] = ballots
    .flatMap(({ vote, replaces }) => (replaces === undefined ? [] : [{ vote, replaces }]))
    .sort((a, b) => Math.abs(b.vote.logOdds) - Math.abs(a.vote.logOdds));
  return most;
}

/**
 * What a vote counts for beside the curve that replaces the host's own. A steady rise that is nobody's is not added again; and what siblings
 * suggest was calibrated beside the host's own curve.
 */
function shareLeft({ evaluator, reason, facts }: Vote, replacing: ReturnType<typeof mostReplacing>): number {
  if (replacing === undefined) return 1;
  const { vote, replaces } = replacing;
  if (evaluator === 'siblings' && vote.evaluator === 'consumers')
    return 1 - (1 - SIBLINGS_BESIDE_CONSUMERS) * vote.weight * replaces.share;
  if (reason !== 'steady_rise') return 1;
  return replaces.steadyRise >= STEADY_SHARE * (facts['rise'] ?? 0) ? 1 : 1 - vote.weight * replaces.share;
}

/** A confidence after these votes; the same where there are none. */
export function shifted(confidence: number, votes: readonly Vote[]): number {
  if (votes.length === 0) return confidence;
  return sigmoid(votes.reduce((sum, { logOdds }) => sum + logOdds, logOddsAt(confidence)));
}

/**
 * The evaluator that decided: the one without whose vote the other side of the threshold would have been reached, the one that moved it
 * most where there are several. Where several turned it and none of them was needed, the one that moved it most to the side it is on; the
 * host's own curve where that is the curve's side.
 */
export function decidedBy(own: Vote, votes: readonly Vote[], threshold: number): Vote['evaluator'] {
  const isLeaking = shifted(own.confidence, votes) >= threshold;
  const turning = votes.filter((vote) => {
    const others = votes.filter((other) => other !== vote);
    return shifted(own.confidence, others) >= threshold !== isLeaking;
  });
  const isTurned = own.confidence >= threshold !== isLeaking;
  const together = isTurned ? votes.filter(({ logOdds }) => (isLeaking ? logOdds > 0 : logOdds < 0)) : [];
  const deciding = turning.length > 0 ? turning : together;
  const [first = own] = deciding.toSorted((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
  return first.evaluator;
}

/** Of any confidence, the certain ones included. */
export function logOddsAt(confidence: number): number {
  return logit(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, confidence)));
}
