/** What evaluators made of the hosts that a label is about: kept with it, because a label outlasts the log, and weights are learned from it. */
import type { Change } from '../model/change.ts';
import type { Label } from '../model/mute.ts';
import { DEFAULT_POLICY } from '../model/policy.ts';
import { EVALUATORS, REPLACING_EVALUATORS } from '../model/vote.ts';
import type { WrittenVote } from '../model/written-vote.ts';
import type { EventLog } from '../ports/event-log.ts';
import { loggedChanges } from './logged-changes.ts';
import { isHostOf } from './policy/match.ts';

type LabelVotes = NonNullable<Label['votes']>;

/** How far back the log is read for a label on hosts that names no beginning. Milliseconds. */
const LOOKED_BACK_MS = 30 * 24 * 3_600_000;

/** Of the newest change that has votes; undefined where none has. @param described The latest first. */
export function votesIn(described: readonly { readonly change: Change }[]): LabelVotes | undefined {
  for (const { change } of described) {
    const votes = votesOf(change);
    if (votes !== undefined) return votes;
  }
  return undefined;
}

/** The same of the hosts that a label on hosts or groups names, as far as their incidents are in the log. Throws `StoreError`. */
export async function votesOfHosts(
  { tenant, subject, from, to }: Pick<Label, 'tenant' | 'subject' | 'from' | 'to'>,
  log: Pick<EventLog, 'list'>,
  now: number,
): Promise<LabelVotes | undefined> {
  const span = { from: Math.max(from ?? 0, now - LOOKED_BACK_MS), to: Math.min(to ?? now, now) };
  if (span.from >= span.to) return undefined;
  const changes = await loggedChanges(log, tenant, span);
  const own = changes.filter(({ resource }) => isHostOf(subject, resource));
  return votesIn(own.toSorted((a, b) => b.change.at - a.change.at));
}

function votesOf({ leak }: Change): LabelVotes | undefined {
  const votes = (leak?.votes ?? []).flatMap((vote) => {
    const evaluator = EVALUATORS.find((one) => one === vote.evaluator);
    return evaluator === undefined || evaluator === 'statistical'
      ? []
      : [{ evaluator, logLikelihood: logLikelihoodOf(vote) }];
  });
  return votes.length === 0 ? undefined : votes;
}

/**
 * The evaluator's own opinion, before its weight. Of one that replaces the curve, and of one that added nothing, it follows from its confidence
 * beside the usual prior: what such a one adds is its difference from the curve, which may be negative of a plain leak. Which side it was on is
 * all that is counted.
 */
function logLikelihoodOf({ evaluator, logOdds, weight, confidence }: WrittenVote): number {
  const addsItself = weight > 0 && logOdds !== 0 && !REPLACING_EVALUATORS.includes(evaluator);
  if (addsItself) return logOdds / weight;
  return logit(confidence) - logit(DEFAULT_POLICY.prior);
}

function logit(probability: number): number {
  const within = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(within / (1 - within));
}
