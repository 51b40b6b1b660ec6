/** The changes of a tenant's log, with what a policy needs to decide them again. */
import { findingParts, incidentKeyText } from '../model/incident.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import { FINDING_KINDS, HOST_METRICS, LEAK_METRIC } from '../model/metrics.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { DecidedChange } from './policy/report.ts';

/** Entries of one answer of the log. */
const PAGE_SIZE = 200;

/** @param span Epoch milliseconds: from the first on, and before the second. */
export async function loggedChanges(
  log: Pick<EventLog, 'list'>,
  tenant: string,
  span: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<DecidedChange[]> {
  const changes: DecidedChange[] = [];
  let cursor: string | null = null;
  do {
    signal?.throwIfAborted();
    const page = await log.list(tenant, { ...span, limit: PAGE_SIZE, ...(cursor !== null && { cursor }) });
    changes.push(...page.events.flatMap((event) => changeOf(event) ?? []));
    cursor = page.cursor;
  } while (cursor !== null);
  return changes;
}

/** Undefined of entries that are no decided change, or that do not name their host. */
function changeOf(event: IncidentEvent): DecidedChange | undefined {
  if (event.kind !== 'change' || event.host === undefined) return undefined;
  const { tenant, incident, host, change, decision } = event;
  const { provider, account, region, id } = host;
  const about = { tenant, provider, account, region, host: id };
  // The id of an incident ends with its kind of finding, where that is no leak, and with its episode.
  const keys = FINDING_KINDS.flatMap((finding) =>
    [LEAK_METRIC, HOST_METRICS].map((metric) => ({ ...about, metric, finding })),
  );
  const key = keys.find(
    (one) =>
      incident ===
      [incidentKeyText({ ...one, finding: 'leak' }), ...findingParts(one.finding), change.episode].join('/'),
  );
  return key && { key, resource: host, change, decision };
}
