/** Incidents by the host that they are of. */
import { listIncidents } from '../../core/health/read-pages.ts';
import { compareSeverity } from '../../core/model/finding.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import { isAboutMemory } from '../../core/model/metrics.ts';
import type { TenantCall } from '../call.ts';
import { hostRef } from '../refs.ts';

export interface CurrentIncidents {
  readonly all: readonly IncidentSummary[];
  /** By reference of a host, the most severe one about its memory: it stands beside what was found of that. */
  readonly byHost: ReadonlyMap<string, IncidentSummary>;
  /** What is missing, for people: some thousands are read. */
  readonly unreadable: readonly string[];
}

const TRUNCATED =
  'there are more incidents than were read: those that changed first are not counted, and not shown with their hosts';

/**
 * Those that are not closed. Throws `StoreError`.
 *
 * @param host The id of one host, of which all are read.
 */
export async function currentIncidents({ id, ports }: TenantCall, host?: string): Promise<CurrentIncidents> {
  const query = { statuses: ['open', 'suspected', 'watched'], ...(host !== undefined && { host }) } as const;
  const { incidents: all, isTruncated } = await listIncidents(ports.list, id, query);
  const byHost = new Map<string, IncidentSummary>();
  for (const incident of all.filter(({ key }) => isAboutMemory(key)).toSorted(byUrgency)) {
    const ref = hostRef({ ...incident.key, id: incident.key.host });
    if (!byHost.has(ref)) byHost.set(ref, incident);
  }
  return { all, byHost, unreadable: isTruncated ? [TRUNCATED] : [] };
}

/** Growing ones first, the most severe of these before the others. */
function byUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return Number(a.status === 'watched') - Number(b.status === 'watched') || compareSeverity(b.severity, a.severity);
}
