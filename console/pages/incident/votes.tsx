/** Which evaluators voted beside the host's own curve, what each adds, and which of them decided. */
import { formatShare, formatWeight } from '../../../core/messages/units.ts';
import { evaluatorName, evaluatorText } from '../../../core/messages/who-decided.ts';
import type { WrittenVote } from '../../../core/model/written-vote.ts';
import { Text } from '../../components/text.tsx';

interface VotesProps {
  readonly votes: readonly WrittenVote[];
  readonly decidedBy: string | null;
}

/** Nothing where the curve was all there was to go by: a table of one row explains nothing. */
export function Votes({ votes, decidedBy }: VotesProps) {
  if (votes.length === 0) return null;
  return (
    <>
      <h3 class="part-heading">Who decided</h3>
      <p class="remark-plain">
        {decidedBy === null ? '' : `Decided by ${evaluatorText(decidedBy)}. `}
        Votes are log-odds, and add up to those of the verdict: above zero they speak for a leak.
      </p>
      <div class="scroll-x">
        <table class="rows votes">
          <caption class="visually-hidden">Votes of the evaluators</caption>
          <thead>
            <tr>
              <th scope="col">Evaluator</th>
              <th scope="col" class="number">
                Alone
              </th>
              <th scope="col" class="number">
                Weight
              </th>
              <th scope="col" class="number">
                Adds
              </th>
              <th scope="col">Because</th>
            </tr>
          </thead>
          <tbody>
            {votes.map((vote) => (
              <VoteRow key={vote.evaluator} vote={vote} isDecisive={vote.evaluator === decidedBy} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function VoteRow({ vote, isDecisive }: { vote: WrittenVote; isDecisive: boolean }) {
  const { evaluator, confidence, weight, logOdds, message } = vote;
  return (
    <tr>
      <th scope="row">
        <Text value={evaluatorName(evaluator)} length={40} />
        {isDecisive && <small> decided</small>}
      </th>
      <td class="number">{formatShare(confidence)}</td>
      <td class="number">{formatShare(weight)}</td>
      <td class="number">{formatWeight(logOdds)}</td>
      <td>
        <Text value={message} length={300} />
      </td>
    </tr>
  );
}
