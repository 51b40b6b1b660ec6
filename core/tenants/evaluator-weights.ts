/**
 * What labels of a tenant leave of each evaluator's weight: one that does worse than chance on what people know loses half of it, then
 * all, and regains it slowly. Pure: the same labels give the same weights, and what was labelled by mistake counts no more once its label
 * is taken back. Of what was held back as a look-alike nobody has said what it was, so that it counts for nothing.
 */
import { type Label, statesLeak } from '../model/mute.ts';
import { EVALUATORS, type Evaluator } from '../model/vote.ts';

/** Labels that a step takes at the least. Few labels prove nothing: of eight, six or more wrong are chance one time in seven. */
export const LEAST_LABELS = 8;

/** How likely it is by chance at the most that so many votes, or more, were wrong: the level of a one-sided sign test. */
const BY_CHANCE = 0.1;

/** A half is lost at once; a quarter is regained. */
const REGAINED = 0.25;

/** A vote below this changes next to nothing, whoever was right. Log-odds. */
const LEAST_VOTE = 0.1;

export interface EvaluatorWeight {
  readonly evaluator: Evaluator;
  /** In [0, 1]. */
  readonly weight: number;
  /** Votes on hosts that were labelled, all of them. */
  readonly right: number;
  readonly wrong: number;
  /** When a label last changed the weight, epoch milliseconds; null where none did. */
  readonly changedAt: number | null;
}

/** One for each evaluator that voted on a host which was labelled, the curve left out: it is the threshold that labels tune. */
export function evaluatorWeights(labels: readonly Label[]): EvaluatorWeight[] {
  const counted = countedOnce(labels);
  return EVALUATORS.filter((evaluator) => evaluator !== 'statistical').flatMap((evaluator) => {
    const ballots = counted.flatMap((label) => ballotOf(label, evaluator) ?? []);
    return ballots.length === 0 ? [] : [weightOf(evaluator, ballots)];
  });
}

/** For the detector: evaluators with all of their weight are left out. */
export function weightsByName(weights: readonly EvaluatorWeight[]): Partial<Record<Evaluator, number>> {
  return Object.fromEntries(
    weights.filter(({ weight }) => weight < 1).map(({ evaluator, weight }) => [evaluator, weight]),
  );
}

/** In the order in which they were given; of several on the same incident or hosts the last one, which is what people think now. */
function countedOnce(labels: readonly Label[]): Label[] {
  const inOrder = labels.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const last = new Map(inOrder.map((label) => [label.subject.incident ?? JSON.stringify(label.subject), label]));
  return inOrder.filter((label) => last.get(label.subject.incident ?? JSON.stringify(label.subject)) === label);
}

interface Ballot {
  readonly at: number;
  readonly isRight: boolean;
}

/** Undefined where it did not vote, or hardly. */
function ballotOf(label: Label, evaluator: Evaluator): Ballot | undefined {
  const { at, votes = [] } = label;
  const vote = votes.find((one) => one.evaluator === evaluator);
  if (vote === undefined || Math.abs(vote.logLikelihood) < LEAST_VOTE) return undefined;
  return { at, isRight: statesLeak(label) === vote.logLikelihood > 0 };
}

function weightOf(evaluator: Evaluator, ballots: readonly Ballot[]): EvaluatorWeight {
  let [weight, right, wrong] = [1, 0, 0];
  let changedAt: number | null = null;
  for (const { at, isRight } of ballots) {
    if (isRight) right++;
    else wrong++;
    const next = stepOf(weight, right, wrong);
    if (next === weight) continue;
    // The next step rests on labels that this one did not count.
    [weight, right, wrong, changedAt] = [next, 0, 0, at];
  }
  const all = ballots.filter(({ isRight }) => isRight).length;
  return { evaluator, weight, right: all, wrong: ballots.length - all, changedAt };
}

function stepOf(weight: number, right: number, wrong: number): number {
  const labels = right + wrong;
  if (labels < LEAST_LABELS) return weight;
  if (atLeastByChance(wrong, labels) <= BY_CHANCE) return weight > 0.5 ? weight / 2 : 0;
  return right > wrong ? Math.min(1, weight + REGAINED) : weight;
}

/** P(X ≥ k) of the binomial distribution with n trials at one half. */
function atLeastByChance(k: number, n: number): number {
  let term = 0.5 ** n;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    if (i >= k) sum += term;
    term *= (n - i) / (i + 1);
  }
  return sum;
}
