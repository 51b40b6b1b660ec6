/** What changed within the last day. */
import { listIncidents } from '../../core/health/read-pages.ts';
import type { IncidentSummary } from '../../core/model/incident-summary.ts';
import type { TenantCall } from '../call.ts';

const DAY = 24 * 3_600_000;

/** Answers of the log that are read: an entry with its body has some 15 KB. */
const MOST_ANSWERS = 5;
const PAGE_SIZE = 200;

export interface Recent {
  /** Incidents that became worse. */
  readonly worse: ReadonlySet<string>;
  readonly recovered: readonly IncidentSummary[];
  /** Whether the log had more entries than were read. */
  readonly isTruncated: boolean;
}

/** Throws `StoreError`. */
export async function recentChanges({ id, ports }: TenantCall, now: number): Promise<Recent> {
  const from = now - DAY;
  const ended = listIncidents(ports.list, id, { statuses: ['watched', 'closed'], from });
  const worse = new Set<string>();
  let cursor: string | null = null;
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const query = { from, to: now + 1, limit: PAGE_SIZE, ...(cursor !== null && { cursor }) };
    const page = await ports.log.list(id, query);
    for (const event of page.events)
      if (event.kind !== 'action' && event.change.kind === 'worse' && event.incident !== null)
        worse.add(event.incident);
    cursor = page.cursor;
    if (cursor === null) break;
  }
  const recovered = (await ended).filter(
    ({ endedAt, openedAt }) => openedAt !== null && endedAt !== null && endedAt >= from,
  );
  return { worse, recovered, isTruncated: cursor !== null };
}
