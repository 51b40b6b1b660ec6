/** Which evaluators voted on a host, and which of them decided: beside its own curve, what else is known of it. */

import { formatShare, formatWeight } from '../../core/messages/units.ts';
import { evaluatorName, evaluatorText, writtenVotes, youngHostText } from '../../core/messages/who-decided.ts';
import type { Attribution } from '../../core/model/attribution.ts';
import type { Evidence } from '../../core/model/verdict.ts';
import type { WrittenVote } from '../../core/model/written-vote.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';

interface VoteOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** Empty of a host of which nothing is known beside its curve, unless it is young: then what counts for it is stated. */
export function renderVotes(
  evidence: Evidence,
  attribution: Attribution | undefined,
  { width, paint }: VoteOptions,
): string[] {
  const votes = writtenVotes(evidence, attribution);
  const young = youngHostText(evidence);
  const ofYoung = young === undefined ? [] : [wrap(young, width)];
  if (votes.length === 0) return ofYoung;
  const { decidedBy, confidence } = evidence;
  const scale =
    'Votes are log-odds, and add up to those of the verdict: + suggests a leak, − suggests none. ' +
    `Together they make a confidence of ${formatShare(confidence)}; ${evaluatorText(decidedBy)} decided.`;
  return [
    paint('strong', 'Who decided'),
    paint('dim', wrap(scale, width)),
    renderTable(votes, columnsOf(votes, decidedBy), { width, paint }),
    ...ofYoung,
  ];
}

function columnsOf(votes: readonly WrittenVote[], decidedBy: string): Column<WrittenVote>[] {
  const weight: Column<WrittenVote> = {
    title: 'weight',
    text: (vote) => formatShare(vote.weight),
    align: 'right',
  };
  return [
    { title: '', text: ({ evaluator }) => (evaluator === decidedBy ? '→' : '') },
    { title: 'evaluator', text: ({ evaluator }) => evaluatorName(evaluator), tone: () => 'strong' },
    { title: 'alone', text: ({ confidence }) => formatShare(confidence), align: 'right' },
    // It is 100 % unless labels took some of it.
    ...(votes.some((vote) => vote.weight < 1) ? [weight] : []),
    {
      title: 'adds',
      text: ({ logOdds }) => formatWeight(logOdds),
      align: 'right',
      tone: ({ logOdds }) => (logOdds < 0 ? 'good' : 'warn'),
    },
    { title: 'because', text: ({ message }) => harmless(message), leastWidth: 24, overflow: 'wrap' },
  ];
}
