/** Who was notified, and what was held back, by which stage and why. */
import type { EventView } from '../../../api/contract/incidents.ts';
import { Empty, Remote } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { type LogRead, Outcome } from './history.tsx';
import { Part } from './part.tsx';

export function Notifications({ log }: { log: LogRead }) {
  return (
    <Part id="notifications">
      <Remote answer={log} rows={3}>
        {({ items }) => (
          <Decisions events={items.filter(({ kind, decision }) => kind === 'dropped' || decision !== null)} />
        )}
      </Remote>
    </Part>
  );
}

function Decisions({ events }: { events: readonly EventView[] }) {
  if (events.length === 0)
    return <Empty title="Nobody was notified">No change of this incident was decided yet.</Empty>;
  return (
    <div class="scroll-x">
      <table class="rows stacked">
        <caption class="visually-hidden">Decisions about notifications</caption>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
            <th scope="col">Receivers</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Decision key={event.id} event={event} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Decision({ event: { at, change, decision, kind, reason } }: { event: EventView }) {
  const receivers = decision?.receivers ?? [];
  return (
    <tr>
      <td class="nowrap">
        {change?.kind.replaceAll('_', ' ') ?? ''}
        <small>
          <Moment at={at} show="absolute" />
        </small>
      </td>
      <td>{kind === 'dropped' ? 'dropped' : decision !== null && <Outcome decision={decision} />}</td>
      <td>
        <Text value={reason ?? decision?.reason ?? ''} length={400} />
        {decision?.until != null && (
          <small>
            until <Moment at={decision.until} show="both" />
          </small>
        )}
      </td>
      <td>
        {decision?.outcome !== 'sent' ? (
          ''
        ) : receivers.length === 0 ? (
          <span class="muted">the topic</span>
        ) : (
          <Text value={receivers.join(', ')} length={300} />
        )}
      </td>
    </tr>
  );
}
