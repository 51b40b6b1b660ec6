/** Hosts of the group beside this one, all at the same scale: whether it is the host, or the version, or everybody. */
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { counted, formatLevel } from '../../../core/messages/units.ts';
import { knownOf } from '../../chart/describe.ts';
import { type Samples, samplesOfCurve, seconds, withGaps } from '../../chart/model.ts';
import { SmallCurve } from '../../chart/small-curve.tsx';
import { StateBadge } from '../../components/badge.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { type Read, useSource } from '../../data/use-answer.ts';
import { hostPath } from '../../paths.ts';
import { Part } from './part.tsx';

interface SiblingsProps {
  readonly incident: IncidentView;
  readonly memory: Read<HostMemoryView>;
}

export function Siblings({ incident, memory }: SiblingsProps) {
  const { group } = incident.host;
  const { value, reading } = memory;
  return (
    <Part id="siblings">
      {group === null && <Empty title="The host belongs to no group" />}
      {group !== null &&
        value === undefined &&
        (reading ? <Loading rows={4} label="Reading its group" /> : <NotRead />)}
      {group !== null && value !== undefined && <Multiples memory={value} group={group} />}
    </Part>
  );
}

function NotRead() {
  return <Empty title="The group was not read">See the curve above for why.</Empty>;
}

interface Multiple {
  readonly host: HostMemoryView['host'];
  readonly verdict: HostMemoryView['verdict'];
  readonly samples: Samples;
  readonly ageHours: number | null;
  readonly isOwn: boolean;
}

const HOUR = 3_600_000;

function Multiples({ memory, group }: { memory: HostMemoryView; group: string }) {
  const siblings = memory.siblings.filter(({ unit }) => unit === memory.unit);
  const shown: Multiple[] = [
    { ...memory, samples: withGaps(memory.samples, memory.periodSeconds), ageHours: null, isOwn: true },
    ...siblings.map((one) => ({ ...one, samples: samplesOfCurve(one.curve), isOwn: false })),
  ];
  const levels = commonLevels(shown, memory);
  const range = { from: seconds(memory.window.start), to: seconds(memory.window.end) };
  return (
    <>
      <p class="remark-plain">
        {summaryOf(memory, siblings.length)} Group <Text value={group} length={100} />; all curves from{' '}
        {formatLevel(levels[0], memory.unit)} to {formatLevel(levels[1], memory.unit)} over the same hours.
      </p>
      {siblings.length > 0 && (
        <ul class="multiples">
          {shown.map((one) => (
            <OneHost key={one.host.ref} shown={one} unit={memory.unit} levels={levels} range={range} />
          ))}
        </ul>
      )}
    </>
  );
}

function summaryOf({ siblings, siblingCount }: HostMemoryView, shown: number): string {
  const leaking = siblings.filter(({ verdict }) => verdict === 'leaking').length;
  if (shown === 0) return 'No other host of the group was read.';
  const of = siblingCount === null || siblingCount <= shown ? '' : ` of ${siblingCount}`;
  const too = leaking === 0 ? 'No sibling leaks' : counted(leaking, 'sibling leaks too', 'siblings leak too');
  return `${too}; ${shown}${of} shown.`;
}

function commonLevels(shown: readonly Multiple[], { unit }: HostMemoryView): readonly [number, number] {
  const values = shown.flatMap(({ samples }) => knownOf(samples).map(({ value }) => value));
  if (unit === '1') return [0, Math.max(1, ...values)];
  return [0, Math.max(...values, 1) * 1.05];
}

interface OneHostProps {
  readonly shown: Multiple;
  readonly unit: HostMemoryView['unit'];
  readonly levels: readonly [number, number];
  readonly range: { readonly from: number; readonly to: number };
}

function OneHost({ shown: { host, verdict, samples, ageHours, isOwn }, unit, levels, range }: OneHostProps) {
  const { tenant } = useTenant();
  const { live } = useSource();
  const name = host.name ?? host.id;
  const last = knownOf(samples).at(-1)?.value;
  const level = last === undefined ? 'no sample' : formatLevel(last, unit);
  return (
    <li class={isOwn ? 'multiple multiple-own' : 'multiple'}>
      <div class="multiple-head">
        {isOwn || !live ? (
          <strong>
            <Text value={name} length={60} />
          </strong>
        ) : (
          <a href={hostPath(tenant, host.ref)}>
            <Text value={name} length={60} />
          </a>
        )}
        <span class="number">{level}</span>
      </div>
      <SmallCurve
        samples={samples}
        range={range}
        levels={levels}
        limit={unit === '1' ? 1 : null}
        label={`${name}: ${verdict.replaceAll('_', ' ')}, ${level} at the end`}
        tone={isOwn ? 'own' : verdict === 'leaking' ? 'leaking' : 'plain'}
      />
      <div class="multiple-foot">
        {isOwn ? <span>this host</span> : <StateBadge state={verdict} />}
        <span class="muted">
          {host.version !== null && <Text value={host.version} length={30} />}
          {ageHours !== null && ` ${formatDuration(ageHours * HOUR)} old`}
        </span>
      </div>
    </li>
  );
}
