/** What changed within the last day. Lists state it: entries of the log have some 15 KB each, and a large fleet hundreds of them a day. */
import { listIncidents } from '../../core/health/read-pages.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import type { TenantCall } from '../call.ts';

const DAY = 24 * 3_600_000;

export interface Recent {
  /** Ids of incidents that became worse. */
  readonly worse: ReadonlySet<string>;
  readonly recovered: readonly IncidentSummary[];
}

export function worseOf(incidents: readonly IncidentSummary[], now: number): Recent['worse'] {
  const recent = incidents.filter(({ worseAt }) => worseAt !== undefined && worseAt >= now - DAY);
  return new Set(recent.map(({ id }) => id));
}

interface Recovered extends Pick<Recent, 'recovered'> {
  /** Whether more ended than were read. */
  readonly isTruncated: boolean;
}

/** Throws `StoreError`. */
export async function recentlyRecovered({ id, ports }: TenantCall, now: number): Promise<Recovered> {
  const from = now - DAY;
  const ended = await listIncidents(ports.list, id, { statuses: ['watched', 'closed'], from });
  const recovered = ended.incidents.filter(
    ({ endedAt, openedAt }) => openedAt !== null && endedAt !== null && endedAt >= from,
  );
  return { recovered, isTruncated: ended.isTruncated };
}
