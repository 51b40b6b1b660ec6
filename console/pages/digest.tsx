/** The digest of a day or a week, as it is sent, for those who do not wait for it. */
import './lists.css';
import type { ComponentChildren } from 'preact';
import { counted, formatUsd } from '../../core/messages/units.ts';
import { SeverityBadge } from '../components/badge.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Remote } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { FullMoment, Moment } from '../components/time.tsx';
import { useListState } from '../components/use-filters.ts';
import { useAnswer } from '../data/use-answer.ts';
import { type DigestHeld, type DigestLine, type DigestView, isDigest } from '../digest-view.ts';
import { incidentPath, pagePath } from '../paths.ts';

const NO_FIELDS: readonly string[] = [];

export default function Digest() {
  const { tenant } = useTenant();
  const state = useListState(NO_FIELDS);
  const every = state.parameter('every') === 'day' ? 'day' : 'week';
  const answer = useAnswer('/tenants/{tenant}/digest', { tenant }, { query: { every } });
  return (
    <Page title="Digest">
      <Tabs
        label="Period"
        tabs={[
          { title: 'Last week', href: pagePath(tenant, 'digest'), isCurrent: every === 'week' },
          { title: 'Last day', href: pagePath(tenant, 'digest', { every: 'day' }), isCurrent: every === 'day' },
        ]}
      />
      <Remote answer={answer} rows={10}>
        {(digest) => (
          <>
            <p class="page-lead">
              <FullMoment at={digest.from} /> to <FullMoment at={digest.to} />
            </p>
            <p>
              <strong>
                <Text value={digest.summary} length={1000} />
              </strong>
            </p>
            {isDigest(digest) ? <Parts digest={digest} /> : <Empty title="This digest has no details" />}
          </>
        )}
      </Remote>
    </Page>
  );
}

function Parts({ digest }: { digest: DigestView }) {
  return (
    <>
      <Panel title="Fleet">
        <Facts digest={digest} />
      </Panel>
      <Incidents title="Opened" incidents={digest.opened} />
      <Incidents title="Recovered" incidents={digest.recovered} />
      <Incidents title="Open" incidents={digest.open} />
      <Held title="Held back by the alert policy" held={digest.held} />
      <Held title="Put off by the alert policy" held={digest.putOff} />
      <Listed title="Mutes" count={digest.mutes.count} noun="mute" shown={digest.mutes.first.length}>
        {digest.mutes.first.map(({ subject, reason, until }) => (
          <li key={`${subject} ${until}`}>
            <Text value={subject} /> until <Moment at={until} show="both" />: <Text value={reason} length={300} />
          </li>
        ))}
      </Listed>
    </>
  );
}

function Held({ title, held: { changes, first } }: { title: string; held: DigestHeld }) {
  const shown = first.reduce((sum, { changes }) => sum + changes, 0);
  return (
    <Listed title={title} count={changes} noun="change" shown={shown}>
      {first.map(({ stage, changes, reason }) => (
        <li key={`${stage} ${reason}`}>
          {counted(changes, 'change')} by {stage.replaceAll('_', ' ')}: <Text value={reason} length={300} />
        </li>
      ))}
    </Listed>
  );
}

function Facts({ digest: { hosts, accounts, cost } }: { digest: DigestView }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Hosts inspected', `${hosts.inspected.toLocaleString('en')} of ${hosts.known.toLocaleString('en')}`],
    ['Not monitored', String(hosts.notMonitored)],
    ['Unreadable', String(hosts.unreadable)],
    ['Accounts', `${accounts.enabled} enabled, ${accounts.failing} failing`],
    [`Cost of ${cost.month}`, `${formatUsd(cost.spentUsd)}, ${formatUsd(cost.projectedUsd)} expected`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Incidents({
  title,
  incidents,
}: {
  title: string;
  incidents: { count: number; first: readonly DigestLine[] };
}) {
  return (
    <Listed title={title} count={incidents.count} noun="incident" shown={incidents.first.length}>
      {incidents.first.map((line) => (
        <IncidentLine key={`${line.incident} ${line.since}`} line={line} />
      ))}
    </Listed>
  );
}

function IncidentLine({ line: { ref, host, group, severity, since } }: { line: DigestLine }) {
  const { tenant } = useTenant();
  return (
    <li class="inline">
      <SeverityBadge severity={severity} />
      <a href={incidentPath(tenant, ref)}>
        <Text value={host} />
      </a>
      {group !== null && (
        <span class="muted">
          <Text value={group} length={80} />
        </span>
      )}
      <span>
        since <Moment at={since} show="both" />
      </span>
    </li>
  );
}

interface ListedProps {
  readonly title: string;
  readonly count: number;
  readonly noun: string;
  /** Entries that are listed; the count is complete. */
  readonly shown: number;
  readonly children: ComponentChildren;
}

function Listed({ title, count, noun, shown, children }: ListedProps) {
  return (
    <Panel title={`${title}: ${counted(count, noun)}`}>
      {count > 0 && (
        <ul class="panel-body listed">
          {children}
          {count > shown && <li class="muted">and {count - shown} more</li>}
        </ul>
      )}
    </Panel>
  );
}
