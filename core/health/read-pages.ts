/** Reads lists of the table, the latest first, up to a bound: what a report states must not grow with the table. */
import type { IncidentEvent } from '../model/incident-event.ts';
import type { IncidentSummary } from '../model/incident-summary.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { IncidentList, IncidentQuery } from '../ports/incident-list.ts';

const PAGE_SIZE = 200;

/** Incidents, and entries of the log, that a report reads at the most: some seconds. */
const PAGES = 25;

/** Epoch milliseconds: from the first on, and before the second. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ListedIncidents {
  /** The latest change first. */
  readonly incidents: readonly IncidentSummary[];
  /** Whether there are more than were read. */
  readonly isTruncated: boolean;
}

export async function listIncidents(
  list: IncidentList,
  tenant: string,
  query: Pick<IncidentQuery, 'statuses' | 'from' | 'host'>,
): Promise<ListedIncidents> {
  const all: IncidentSummary[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES; pages++) {
    const page = await list.list(tenant, { ...query, limit: PAGE_SIZE, ...(cursor !== null && { cursor }) });
    all.push(...page.incidents);
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return { incidents: all, isTruncated: cursor !== null };
}

/**
 * Gives each entry to `visit`, which keeps what it needs: an entry with its body has some 15 KB.
 *
 * @returns From when on all entries were visited: later than `from` where there are more than a report reads.
 */
export async function visitEvents(
  log: Pick<EventLog, 'list'>,
  tenant: string,
  { from, to }: Span,
  visit: (event: IncidentEvent) => void,
): Promise<number> {
  let [cursor, oldest]: [string | null, number] = [null, to];
  for (let pages = 0; pages < PAGES; pages++) {
    const page = await log.list(tenant, { from, to, limit: PAGE_SIZE, ...(cursor !== null && { cursor }) });
    page.events.forEach(visit);
    oldest = page.events.at(-1)?.at ?? oldest;
    cursor = page.cursor;
    if (cursor === null) return from;
  }
  return oldest;
}
