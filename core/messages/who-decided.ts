/** Which evaluators voted on a host, and which of them decided, in words. */
import type { Attribution } from '../model/attribution.ts';
import { roundFigure } from '../model/notation.ts';
import type { Evidence } from '../model/verdict.ts';
import { type Evaluator, REPLACING_EVALUATORS, type Vote } from '../model/vote.ts';
import { VOTE_MESSAGE_LENGTH, type WrittenVote } from '../model/written-vote.ts';
import { consumerName } from './attribution.ts';
import { clip } from './plain-text.ts';
import { type VoteNames, voteText } from './votes.ts';

/** What an evaluator goes by, as a column has it. */
const EVALUATOR_NAMES: Readonly<Record<Evaluator, string>> = {
  statistical: 'curve',
  baseline: 'baseline',
  weeks: 'weeks',
  siblings: 'siblings',
  consumers: 'processes',
  swap: 'swap',
};

/** The same within a sentence: `decided by its own curve`. */
const EVALUATOR_TEXTS: Readonly<Record<Evaluator, string>> = {
  statistical: 'its own curve',
  baseline: 'what is normal for it',
  weeks: 'its growth over weeks',
  siblings: 'the hosts beside it',
  consumers: 'its processes',
  swap: 'its swap',
};

/** Characters of a consumer's name within a sentence. */
const NAME_LENGTH = 80;

/** An event may name an evaluator that this version does not know. */
export function evaluatorName(evaluator: string): string {
  return isEvaluator(evaluator) ? EVALUATOR_NAMES[evaluator] : evaluator;
}

export function evaluatorText(evaluator: string): string {
  return isEvaluator(evaluator) ? EVALUATOR_TEXTS[evaluator] : evaluator;
}

function isEvaluator(text: string): text is Evaluator {
  return Object.hasOwn(EVALUATOR_NAMES, text);
}

/**
 * The votes with their sentences, the host's own curve first. Empty where nothing voted beside it: one vote is the verdict, and explains
 * nothing.
 */
export function writtenVotes({ votes }: Pick<Evidence, 'votes'>, attribution?: Attribution): WrittenVote[] {
  if (votes.length < 2) return [];
  const names = namesOf(attribution);
  return votes.map((vote) => ({
    evaluator: vote.evaluator,
    confidence: roundFigure(vote.confidence),
    logOdds: roundFigure(vote.logOdds),
    weight: roundFigure(vote.weight),
    reason: vote.reason,
    message: clip([voteText(vote, names), ...besideCurve(vote, votes)].join(' '), VOTE_MESSAGE_LENGTH),
  }));
}

/** Why it adds other than its sentence suggests: another curve may be less sure of a leak than the host's own, which it replaces. */
function besideCurve({ evaluator, reason, logOdds, weight }: Vote, votes: readonly Vote[]): string[] {
  const counting = votes.find((one) => REPLACING_EVALUATORS.includes(one.evaluator) && one.logOdds !== 0);
  const isLeftOut = weight > 0 && logOdds === 0 && counting !== undefined;
  if (isLeftOut && reason === 'steady_rise')
    return [`It is not added: the curve of ${evaluatorText(counting.evaluator)} does not rise so.`];
  if (!REPLACING_EVALUATORS.includes(evaluator)) return [];
  if (isLeftOut)
    return [`It is not added to the vote of ${evaluatorText(counting.evaluator)}: both see the same memory.`];
  const isForLeak = reason === 'consumer_grows' || reason === 'moved_to_swap';
  if (isForLeak && logOdds < 0) return ['It is less sure of a leak than the host’s own curve, which it replaces.'];
  if (!isForLeak && logOdds > 0) return ['It is less sure of health than the host’s own curve, which it replaces.'];
  return [];
}

function namesOf(attribution: Attribution | undefined): VoteNames {
  const first = attribution?.kind === 'attributed' ? attribution.grown[0] : undefined;
  return first === undefined
    ? {}
    : { consumer: `its ${first.consumer.kind} ${clip(consumerName(first.consumer), NAME_LENGTH)}` };
}

/** `its processes. Its process java grows alone.`, where another evaluator than the curve decided; undefined elsewhere. */
export function deciderText(votes: readonly WrittenVote[], decidedBy: string | undefined): string | undefined {
  const vote = votes.find(({ evaluator }) => evaluator === decidedBy);
  if (vote === undefined || decidedBy === undefined || decidedBy === 'statistical') return undefined;
  return `${evaluatorText(decidedBy)}. ${vote.message}`;
}

/** Hours of history from which on a host is no longer young: within less a warm-up and a leak look alike. */
const YOUNG_HOURS = 24;

/** What counts for a host with hours of history; undefined for one with a day or more. */
export function youngHostText({ historyHours, votes }: Pick<Evidence, 'historyHours' | 'votes'>): string | undefined {
  if (historyHours >= YOUNG_HOURS) return undefined;
  const others = votes.filter(({ evaluator }) => evaluator !== 'statistical').map(({ evaluator }) => evaluator);
  const counted = others.length === 0 ? 'alone' : `and ${others.map(evaluatorText).join(', ')}`;
  return (
    `With less than a day of history its own curve ${counted} ${others.length === 0 ? 'counts' : 'count'}: ` +
    'the baseline of its group, the hosts beside it, its processes and its swap add to it where they are known, ' +
    'and growth over weeks does not count yet.'
  );
}
