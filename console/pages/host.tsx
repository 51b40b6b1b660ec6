/** A host as the newest run left it. */
import './lists.css';
import { type ComponentChildren, Fragment } from 'preact';
import { useRoute } from 'preact-iso/router';
import type { HostRow } from '../../api/contract/hosts.ts';
import { formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import { evaluatorText } from '../../core/messages/who-decided.ts';
import { POINT_METRICS } from '../../core/model/point-metrics.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { StateBadge } from '../components/badge.tsx';
import { CopyButton } from '../components/copy.tsx';
import { hostName, PROVIDER_NAMES } from '../components/host.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { AsOf, Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { Hint, plain, Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { verdictOf } from '../host-rows.ts';
import { anomalyPath, incidentPath, pagePath } from '../paths.ts';

export default function Host() {
  const { tenant } = useTenant();
  const { params } = useRoute();
  const answer = useAnswer('/tenants/{tenant}/hosts/{host}', { tenant, host: params['host'] ?? '' });
  const { value } = answer;
  return (
    <Page
      title={value === undefined ? 'Host' : plain(hostName(value))}
      lead={<AsOf answer={answer} at={value?.asOf} />}
    >
      <Remote answer={answer} rows={6}>
        {(host) => (
          <Panel title="Host" actions={<IncidentLink host={host} />}>
            <Facts host={host} />
          </Panel>
        )}
      </Remote>
    </Page>
  );
}

/** Each is read from the host's cloud when its page opens. */
const OTHER_METRICS = POINT_METRICS.filter(({ name }) => name !== MEMORY_UTILIZATION);

function IncidentLink({ host: { incident } }: { host: HostRow }) {
  const { tenant } = useTenant();
  return incident === null ? null : <a href={incidentPath(tenant, incident.ref)}>Open its incident</a>;
}

function Facts({ host }: { host: HostRow }) {
  const { tenant } = useTenant();
  const { group, unit } = host;
  return (
    <dl class="facts">
      <Fact name="Verdict">
        <StateBadge state={verdictOf(host)} /> <Hint value={host.detail ?? host.reason ?? ''} length={300} />
      </Fact>
      <Fact name="Id">
        <span class="mono">
          <Text value={host.id} />
        </span>
        <CopyButton value={host.id} what="the id of the host" />
      </Fact>
      <Fact name="Account">
        {PROVIDER_NAMES[host.provider]} <Text value={`${host.account} ${host.region ?? ''}`} />
      </Fact>
      {group !== null && (
        <Fact name="Group">
          <a href={pagePath(tenant, 'hosts', { group })}>
            <Text value={group} />
          </a>
        </Fact>
      )}
      {host.level !== null && unit !== null && <Fact name="Level">{formatLevel(host.level, unit)}</Fact>}
      {host.growth !== null && unit !== null && <Fact name="Growth">{formatGrowth(host.growth, unit)}</Fact>}
      {host.confidence !== null && <Fact name="Confidence">{formatShare(host.confidence)}</Fact>}
      {host.decidedBy !== null && host.decidedBy !== 'statistical' && (
        <Fact name="Decided by">{evaluatorText(host.decidedBy)}</Fact>
      )}
      {host.since !== null && (
        <Fact name="Since">
          <Moment at={host.since} show="both" />
        </Fact>
      )}
      {host.exhaustion !== null && (
        <Fact name="Full at the earliest">
          <Moment at={host.exhaustion.earliest} show="both" />
        </Fact>
      )}
      <Fact name="Other metrics">
        {OTHER_METRICS.map(({ name, label }) => (
          <Fragment key={name}>
            <a href={anomalyPath(tenant, host.ref, name)}>{label}</a>{' '}
          </Fragment>
        ))}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
