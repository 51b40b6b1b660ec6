/** Below the headline: how the incident stands, and since when. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { Badge, type HostState, SeverityBadge, StateBadge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { plain, Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import { SECTIONS } from '../../incident-view.ts';

const HOUR = 3_600_000;

const STATES: Readonly<Record<IncidentView['status'], readonly [state: HostState, label: string]>> = {
  open: ['leaking', 'open'],
  suspected: ['suspected', 'suspected'],
  watched: ['recovered', 'recovered, watched'],
  closed: ['recovered', 'closed'],
};

export function Headline({ incident }: { incident: IncidentView }) {
  const { status, severity, since, endedAt, durationHours, shortId, cycle, acknowledged, owner, isCurrent } = incident;
  const [state, label] = STATES[status];
  const isOver = endedAt !== null && (status === 'watched' || status === 'closed');
  return (
    <span class="incident-state">
      <SeverityBadge severity={severity} />
      <StateBadge state={state} label={label} />
      <span>
        since <Moment at={since} show="absolute" />, {isOver ? 'lasted' : 'for'} {formatDuration(durationHours * HOUR)}
        {isOver && (
          <>
            , ended <Moment at={endedAt} show="both" />
          </>
        )}
      </span>
      {cycle > 1 && <Badge tone="warning">{`cycle ${cycle}`}</Badge>}
      {acknowledged !== null && <Badge tone="good">{`acknowledged by ${acknowledged.by.slice(0, 60)}`}</Badge>}
      <MarkBadges incident={incident} />
      {owner !== null && (
        <span>
          owner <Text value={owner} length={60} />
        </span>
      )}
      {!isCurrent && <Badge>the host has a later incident</Badge>}
      <span class="muted nowrap">
        <code>{shortId}</code> <CopyButton value={incident.id} what="the id of the incident" />
      </span>
    </span>
  );
}

/** That nobody is notified of it is seen at once; both are taken back among the attributes. */
function MarkBadges({ incident: { mutes, labels } }: { incident: IncidentView }) {
  return (
    <>
      {mutes
        .filter(({ active, until }) => active && Date.parse(until) > now.value)
        .map(({ id, until, reason, by }) => (
          <a
            key={id}
            href="#attributes"
            class="badge tone-warning badge-link"
            title={`${plain(reason, 300)}, by ${plain(by, 80)}`}
          >
            <span>
              muted until <Moment at={until} show="absolute" />: <Text value={reason} length={60} />
            </span>
          </a>
        ))}
      {labels.map(({ id, kind, reason, by }) => (
        <a
          key={id}
          href="#attributes"
          class="badge tone-info badge-link"
          title={`${plain(reason, 300)}, by ${plain(by, 80)}`}
        >
          <span>
            labelled {kind.replaceAll('-', ' ')}: <Text value={reason} length={60} />
          </span>
        </a>
      ))}
    </>
  );
}

const OF_HOSTS = new Set<string>(['curve', 'who-grew', 'siblings', 'checks', 'what-if']);

/** Addresses of the parts. A fleet has no curve of its own. */
export function SectionLinks({ isHost }: { isHost: boolean }) {
  return (
    <nav class="section-links" aria-label="Parts of the incident">
      <ul>
        {SECTIONS.filter(([id]) => isHost || !OF_HOSTS.has(id)).map(([id, title]) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
