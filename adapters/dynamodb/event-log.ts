/**
 * The log of incidents in the table, one item an entry, forgotten by the table's own time to live. Entries of an incident are neighbours;
 * those of a tenant are listed by the index `incidents`, which has one partition for each month.
 */
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { eventItem, indexEntry } from './items.ts';
import { eventPrefix, eventsPartition, type Key, tenantPartition } from './keys.ts';
import { openTable, type RawItem, type Table } from './table.ts';
import { latestOf, pageOf, positionAt, positionOf } from './time-list.ts';

/** More than a year, so that a year can be compared with the one before. */
const DEFAULT_KEPT_DAYS = 400;

const DAY = 24 * 3_600_000;

/** How far clocks of who writes and who reads may be apart. */
const SKEW = DAY;

/** Entries that are read at once. One has some 15 KB. */
const ENTRIES_AT_ONCE = 25;

export interface EventLogOptions extends ExpiringOptions {
  /** How long an entry is kept. Default: 400 days. */
  readonly keptDays?: number | undefined;
}

export function createEventLog({
  now = Date.now,
  keptDays = DEFAULT_KEPT_DAYS,
  ...options
}: EventLogOptions): EventLog {
  const table = openTable(options);
  const expiry = createExpiry(now, keptDays);

  /** One that has expired, or was removed, is left out. */
  async function load(keys: readonly Key[]): Promise<IncidentEvent[]> {
    const events: IncidentEvent[] = [];
    for (let start = 0; start < keys.length; start += ENTRIES_AT_ONCE) {
      const batch = keys.slice(start, start + ENTRIES_AT_ONCE).map((key) => table.get(key, eventItem));
      for (const item of await Promise.all(batch)) if (item && expiry.isKept(item)) events.push(item.event);
    }
    return events;
  }

  return {
    async put(event) {
      const { tenant, incident, at, id } = event;
      const position = positionOf(at, id);
      const item = {
        pk: tenantPartition(tenant),
        sk: `${eventPrefix(incident)}${position}`,
        ttl: expiry.ttl(),
        listOf: eventsPartition(tenant, monthOf(at)),
        listAt: position,
        event,
      };
      return (await table.put(item, eventItem, 'new')) === 'stored' ? 'stored' : 'known';
    },

    async ofIncident(tenant, incident, { limit, cursor }) {
      const entries = ofPrefix(table, tenant, eventPrefix(incident), cursor);
      const page = await pageOf(entries, limit, (item) => {
        const entry = table.parse(item, eventItem);
        return expiry.isKept(entry) ? entry.event : undefined;
      });
      return { events: page.values, cursor: page.cursor };
    },

    async list(tenant, { limit, ...bounds }) {
      // Each month is a query, and those in which no entry can be are not looked at.
      const first = Math.max(bounds.from, now() - (keptDays + 1) * DAY);
      const last = Math.min(bounds.to, now() + SKEW);
      const months = first > last ? [] : monthsOf(first, last);
      const entries = inTurn(months.map((month) => latestOf(table, eventsPartition(tenant, month), bounds)));
      const page = await pageOf(entries, limit, (item) => table.parse(item, indexEntry));
      return { events: await load(page.values), cursor: page.cursor };
    },
  };
}

/** Entries of an incident, the latest first. */
async function* ofPrefix(table: Table, tenant: string, prefix: string, cursor: string | undefined) {
  const end = cursor === undefined ? undefined : `${prefix}${positionAt(cursor)}`;
  const lookup = {
    partition: tenantPartition(tenant),
    beginsWith: prefix,
    ...(end !== undefined && { upTo: end }),
    descending: true,
    pageSize: ENTRIES_AT_ONCE,
  };
  for await (const page of table.pages(lookup)) {
    for (const item of page) {
      const sk = String(item['sk']);
      if (sk !== end) yield { item, position: sk.slice(prefix.length) };
    }
  }
}

interface Entry {
  readonly item: RawItem;
  readonly position: string;
}

async function* inTurn(lists: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  for (const list of lists) yield* list;
}

/** `2026-11`, in UTC. */
function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** The months between the times, the latest first. */
function monthsOf(from: number, to: number): string[] {
  const months: string[] = [];
  const first = monthOf(from);
  const date = new Date(to);
  for (;;) {
    const month = monthOf(date.getTime());
    if (month < first) return months;
    months.push(month);
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() - 1);
  }
}
