/** What the verdict rests on: each check with its value, its limit, and how far apart they are. */
import { useState } from 'preact/hooks';
import type { CheckView, HostMemoryView } from '../../../api/contract/hosts.ts';
import { formatNumber, formatShare, formatWeight } from '../../../core/messages/units.ts';
import { Empty } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import type { LeakFacts } from '../../incident-facts.ts';
import { Part } from './part.tsx';
import { Votes } from './votes.tsx';

interface ChecksProps {
  readonly leak: LeakFacts | undefined;
  readonly memory: HostMemoryView | undefined;
}

export function Checks({ leak, memory }: ChecksProps) {
  const checks = memory !== undefined && memory.checks.length > 0 ? memory.checks : (leak?.checks ?? []);
  const isRead = memory !== undefined && memory.checks.length > 0;
  const voted = memory !== undefined && memory.votes.length > 0 ? memory : leak;
  return (
    <Part id="checks">
      <Votes votes={voted?.votes ?? []} decidedBy={voted?.decidedBy ?? null} />
      {checks.length === 0 ? (
        <Empty title="No check is known">Neither the read of the cloud nor a message of the incident has checks.</Empty>
      ) : (
        <>
          <p class="remark-plain">{isRead ? readSentence(memory) : 'As the newest message that has them states.'}</p>
          <CheckTable checks={checks} />
        </>
      )}
    </Part>
  );
}

function readSentence({
  confidence,
  requiredConfidence,
  confirmingConfidence,
  lastingConfidence,
}: HostMemoryView): string {
  if (confidence === null) return 'There is no confidence: the host has too few samples.';
  const reported = confidence >= requiredConfidence ? 'reported' : 'not reported';
  const lasting =
    lastingConfidence === null
      ? ''
      : ` Over five hours it is ${formatShare(lastingConfidence)}; ${formatShare(confirmingConfidence)} confirm.`;
  return `All checks together make a confidence of ${formatShare(confidence)}; ${formatShare(requiredConfidence)} are required, so it is ${reported}.${lasting} A weight above zero speaks for a leak.`;
}

/** The strongest, which decide; the others come by one click. */
const SHOWN = 8;

function CheckTable({ checks }: { checks: readonly CheckView[] }) {
  const [isAll, setAll] = useState(false);
  const hasWeights = checks.some(({ weight }) => weight !== null);
  const greatest = Math.max(...checks.map(({ weight }) => Math.abs(weight ?? 0)), Number.MIN_VALUE);
  const sorted = hasWeights ? checks.toSorted((a, b) => Math.abs(b.weight ?? 0) - Math.abs(a.weight ?? 0)) : checks;
  const shown = isAll ? sorted : sorted.slice(0, SHOWN);
  return (
    <>
      <div class="scroll-x">
        <table class="rows checks">
          <caption class="visually-hidden">Checks of the verdict</caption>
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col" class="number">
                Value
              </th>
              <th scope="col" class="number">
                Limit
              </th>
              <th scope="col" class="number">
                Margin
              </th>
              {hasWeights && (
                <th scope="col" class="check-weight">
                  Weight
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((check) => (
              <CheckRow key={check.name} check={check} greatest={greatest} hasWeights={hasWeights} />
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > SHOWN && (
        <p class="part-more">
          <button type="button" class="button button-small" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? `The ${SHOWN} strongest` : `All ${sorted.length} checks`}
          </button>
        </p>
      )}
    </>
  );
}

const MARKS = {
  passed: { glyph: '✓', title: 'passed', class: 'check-mark-passed' },
  failed: { glyph: '–', title: 'not passed', class: '' },
  unknown: { glyph: '?', title: 'not known', class: '' },
} as const;

function CheckRow({ check, greatest, hasWeights }: { check: CheckView; greatest: number; hasWeights: boolean }) {
  const { name, message, value, comparison, limit, unit, passed, weight } = check;
  const mark = MARKS[value === null ? 'unknown' : passed ? 'passed' : 'failed'];
  return (
    <tr>
      <th scope="row">
        <span class={`check-mark ${mark.class}`} title={mark.title}>
          <span aria-hidden="true">{mark.glyph}</span>
          <span class="visually-hidden">{mark.title}: </span>
        </span>
        <span>
          <code>{name}</code>
          <small>
            <Text value={message} length={300} />
          </small>
        </span>
      </th>
      <td class="number">{value === null ? 'not known' : amount(value, unit)}</td>
      <td class="number">
        {comparison === 'at_least' ? '≥' : '≤'} {amount(limit, unit)}
      </td>
      <td class="number">{value === null ? '' : marginText(check, value)}</td>
      {hasWeights && <td class="check-weight">{weight !== null && <Weight weight={weight} greatest={greatest} />}</td>}
    </tr>
  );
}

/** How far the value is on the passing side, in its unit; below zero on the other. */
function marginText({ comparison, limit, unit }: CheckView, value: number): string {
  const margin = comparison === 'at_least' ? value - limit : limit - value;
  return `${margin > 0 ? '+' : ''}${amount(margin, unit)}`;
}

function amount(value: number, unit: string): string {
  const number = String(Number(formatNumber(value))).replace('-', '−');
  return unit === '1' ? number : `${number} ${unit}`;
}

/** A bar to the right speaks for a leak, to the left against one. */
function Weight({ weight, greatest }: { weight: number; greatest: number }) {
  const share = `${(Math.abs(weight) / greatest) * 50}%`;
  const style = weight < 0 ? { right: '50%', width: share } : { left: '50%', width: share };
  return (
    <span class="weight">
      <span class="weight-bar" aria-hidden="true">
        <span class={weight < 0 ? 'weight-fill weight-against' : 'weight-fill'} style={style} />
      </span>
      {formatWeight(weight)}
    </span>
  );
}
