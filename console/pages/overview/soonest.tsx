/** The hosts that may be full first. */
import type { OverviewView } from '../../../api/contract/tenants.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { HostName } from '../../components/host.tsx';
import { Empty } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { now } from '../../components/time.tsx';
import { rangeText } from '../../forecast.ts';
import { hostPath, incidentPath } from '../../paths.ts';

type Soonest = OverviewView['soonest'][number];

export function SoonestList({ hosts }: { hosts: readonly Soonest[] }) {
  if (hosts.length === 0) return <Empty title="No host is expected to be full" />;
  return (
    <ol class="soonest">
      {hosts.map((entry) => (
        <SoonestHost key={entry.host.ref} entry={entry} />
      ))}
    </ol>
  );
}

function SoonestHost({ entry: { host, severity, incident, exhaustion } }: { entry: Soonest }) {
  const { tenant } = useTenant();
  const href = incident === null ? hostPath(tenant, host.ref) : incidentPath(tenant, incident);
  return (
    <li>
      <span class="soonest-name">
        <HostName host={host} href={href} />
        {host.group !== null && (
          <span class="muted">
            <Text value={host.group} length={80} />
          </span>
        )}
      </span>
      <SeverityBadge severity={severity} />
      <span class="soonest-time">{rangeText(exhaustion, now.value)}</span>
    </li>
  );
}
