/** Incidents by the host that they are of. */
import { listIncidents } from '../../core/health/read-pages.ts';
import { compareSeverity } from '../../core/model/finding.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import type { TenantCall } from '../call.ts';
import { hostRef } from '../refs.ts';

export interface CurrentIncidents {
  readonly all: readonly IncidentSummary[];
  /** By reference of a host, the most severe one. */
  readonly byHost: ReadonlyMap<string, IncidentSummary>;
}

/** Those that are not closed, some thousands at the most. Throws `StoreError`. */
export async function currentIncidents({ id, ports }: TenantCall): Promise<CurrentIncidents> {
  const all = await listIncidents(ports.list, id, { statuses: ['open', 'suspected', 'watched'] });
  const byHost = new Map<string, IncidentSummary>();
  for (const incident of all.toSorted(byUrgency)) {
    const ref = hostRef({ ...incident.key, id: incident.key.host });
    if (!byHost.has(ref)) byHost.set(ref, incident);
  }
  return { all, byHost };
}

/** Growing ones first, the most severe of these before the others. */
function byUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return Number(a.status === 'watched') - Number(b.status === 'watched') || compareSeverity(b.severity, a.severity);
}
