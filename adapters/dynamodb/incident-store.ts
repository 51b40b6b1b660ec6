/** Incidents in the table: one item per key, and two sparse indexes of those that are open and those that are not settled. */
import { createHash } from 'node:crypto';
import { type Incident, incidentKeyText } from '../../core/model/incident.ts';
import { summaryOf } from '../../core/model/incident-summary.ts';
import type { Scope } from '../../core/model/series.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { incidentItem, indexEntry } from './items.ts';
import type { Key } from './keys.ts';
import { incidentKey, incidentPrefix, incidentsPartition, openPartition, tenantPartition } from './keys.ts';
import { readable } from './readable.ts';
import { type Lookup, openTable, type RawItem, type StoreOptions } from './table.ts';
import { positionOf } from './time-list.ts';

/** Incidents that are read at the same time: an index holds keys only. */
const INCIDENTS_AT_ONCE = 25;

/**
 * Partitions of the index of incidents that are not settled. One takes 1,000 writes a second and, when it is full, holds up the
 * writes of incidents; the sweep queries each of them every five minutes, so that more of them cost more when idle.
 */
const UNSETTLED_SHARDS = 8;

export function createIncidentStore(options: StoreOptions): IncidentStore {
  const table = openTable(options);

  async function load(key: Key): Promise<Versioned<Incident> | undefined> {
    const item = await table.get(key, incidentItem);
    return item && { value: item.incident, version: item.version };
  }

  /** An index may lag behind, so each incident is read from the table and checked again. */
  function loadEach(pages: AsyncIterable<readonly RawItem[]>, belongs: (incident: Incident) => boolean) {
    return readable(pages, async (entry) => {
      const found = await load(table.parse(entry, indexEntry));
      return found && belongs(found.value) ? found : undefined;
    });
  }

  async function* unsettledPages(begin: number, lookup: Pick<Lookup, 'beginsWith'> = {}) {
    const first = Math.floor(begin * UNSETTLED_SHARDS);
    for (let count = 0; count < UNSETTLED_SHARDS; count++) {
      const partition = unsettledPartition((first + count) % UNSETTLED_SHARDS);
      yield* table.pages({ index: 'pending', partition, pageSize: INCIDENTS_AT_ONCE, ...lookup });
    }
  }

  /** An account may be of several tenants. */
  async function* unsettledPagesOf(tenant: string, scope: Scope) {
    const pk = tenantPartition(tenant);
    for await (const page of unsettledPages(0, { beginsWith: incidentPrefix(scope) }))
      yield page.filter((entry) => entry['pk'] === pk);
  }

  return {
    get: (key) => load(incidentKey(key)),

    put(incident, expectedVersion) {
      const key = incidentKey(incident.key);
      const item = {
        ...key,
        version: expectedVersion + 1,
        openScope: isOpen(incident) ? openPartition(incident.key.tenant, incident.key) : undefined,
        pendingShard: isUnsettled(incident) ? unsettledPartition(shardOf(key)) : undefined,
        ...(hasHappened(incident) && {
          listOf: incidentsPartition(incident.key.tenant, incident.status),
          listAt: positionOf(incident.lastChangeAt, incidentKeyText(incident.key)),
          summary: summaryOf(incident),
        }),
        incident,
      };
      return table.put(item, incidentItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    open(tenant, scope) {
      const partition = openPartition(tenant, scope);
      return loadEach(table.pages({ index: 'open', partition, pageSize: INCIDENTS_AT_ONCE }), isOpen);
    },

    unsettled: (begin = 0) => loadEach(unsettledPages(begin), isUnsettled),

    unsettledIn: (tenant, scope) => loadEach(unsettledPagesOf(tenant, scope), isUnsettled),
  };
}

function isOpen({ status }: Incident): boolean {
  return status !== 'closed';
}

/** A fleet that waits for members is kept, and is nothing that people list: nothing has changed in it yet. */
function hasHappened({ transition }: Incident): boolean {
  return transition > 0;
}

function isUnsettled({ undecided, outbox }: Incident): boolean {
  return undecided.length > 0 || outbox.length > 0;
}

function shardOf({ pk, sk }: Key): number {
  const [byte = 0] = createHash('sha256').update(`${pk} ${sk}`).digest();
  return byte % UNSETTLED_SHARDS;
}

/** Its name is the outbox's of the first version, whose items are found by it. */
function unsettledPartition(shard: number): string {
  return `PENDING#${shard}`;
}
