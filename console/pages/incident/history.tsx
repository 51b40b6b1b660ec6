/** What happened: the cycles with exception time, recovery time and duration, and the log. */
import type { EventView, IncidentView } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import { Empty, Remote } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import type { Read } from '../../data/use-answer.ts';
import { Part } from './part.tsx';

export type LogRead = Read<{ items: readonly EventView[]; cursor: string | null }>;

interface HistoryProps {
  readonly incident: IncidentView;
  readonly log: LogRead;
}

export function History({ incident, log }: HistoryProps) {
  return (
    <Part id="history">
      {incident.cycles.length > 0 && <Cycles incident={incident} />}
      <h3 class="part-heading">Log</h3>
      <Remote answer={log} rows={5}>
        {({ items, cursor }) => (
          <>
            {items.length === 0 && <Empty title="Nothing was logged yet" />}
            <ol class="log">
              {items.map((event) => (
                <Entry key={event.id} event={event} />
              ))}
            </ol>
            {cursor !== null && (
              <p class="remark-plain">
                Older entries: <code>plimsoll incidents show</code>
              </p>
            )}
          </>
        )}
      </Remote>
    </Part>
  );
}

const HOUR = 3_600_000;

function Cycles({ incident: { cycles, host } }: { incident: IncidentView }) {
  return (
    <div class="scroll-x">
      <table class="rows stacked">
        <caption class="visually-hidden">Cycles: one growth and its end each</caption>
        <thead>
          <tr>
            <th scope="col">Cycle</th>
            <th scope="col">Object</th>
            <th scope="col">Exception</th>
            <th scope="col">Recovery</th>
            <th scope="col" class="number">
              Duration
            </th>
            <th scope="col">Severity</th>
          </tr>
        </thead>
        <tbody>
          {cycles.map(({ cycle, startedAt, endedAt, ended, grewHours, severity }) => (
            <tr key={cycle}>
              <td data-name="cycle">{cycle}</td>
              <td data-name="object">
                <Text value={host.name ?? host.id} length={60} />
              </td>
              <td class="nowrap" data-name="exception">
                <Moment at={startedAt} show="absolute" />
              </td>
              <td data-name="recovery">
                {endedAt === null ? 'goes on' : <Moment at={endedAt} show="absolute" />}
                {ended !== null && <small>{ended.replaceAll('_', ' ')}</small>}
              </td>
              <td class="number" data-name="duration">
                {formatDuration((endedAt === null ? now.value : Date.parse(endedAt)) - Date.parse(startedAt))}
                {grewHours !== null && <small>grew for {formatDuration(grewHours * HOUR)}</small>}
              </td>
              <td>
                <SeverityBadge severity={severity} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry({ event }: { event: EventView }) {
  const { at, kind, headline, change, decision, by } = event;
  const title = kind === 'action' ? 'action' : (change?.kind ?? kind).replaceAll('_', ' ');
  return (
    <li class={`log-entry log-${kind}`}>
      <Moment at={at} show="absolute" />
      <span>
        <span class="log-title">
          <strong>{title}</strong>
          {change !== null && <SeverityBadge severity={change.severity} />}
          {decision !== null && <Outcome decision={decision} />}
          {by !== null && <Text value={by} length={80} />}
        </span>
        <span class="log-text">
          <Text value={headline} length={300} />
        </span>
      </span>
    </li>
  );
}

export function Outcome({ decision: { outcome, page, stage } }: { decision: NonNullable<EventView['decision']> }) {
  if (outcome === 'sent') return <Badge tone={page ? 'bad' : 'info'}>{page ? 'sent, pages' : 'sent'}</Badge>;
  const by = stage === null ? '' : ` by ${stage.replaceAll('_', ' ')}`;
  return <Badge tone="warning">{`${outcome === 'held' ? 'held back' : 'put off'}${by}`}</Badge>;
}
