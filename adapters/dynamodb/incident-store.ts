/** Incidents in the table: one item per key, and two sparse indexes of those that are open and those with an outbox. */
import { createHash } from 'node:crypto';
import type { Incident } from '../../core/model/incident.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { incidentItem, indexEntry } from './items.ts';
import type { Key } from './keys.ts';
import { incidentKey, openPartition } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type RawItem, type StoreOptions } from './table.ts';

/** Incidents that are read at the same time: an index holds keys only. */
const INCIDENTS_AT_ONCE = 25;

/**
 * Partitions of the index of incidents with an outbox. One takes 1,000 writes a second and, when it is full, holds up the
 * writes of incidents; the sweep queries each of them every five minutes, so that more of them cost more when idle.
 */
const OUTBOX_SHARDS = 8;

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

  async function* outboxPages(begin: number) {
    const first = Math.floor(begin * OUTBOX_SHARDS);
    for (let count = 0; count < OUTBOX_SHARDS; count++) {
      const shard = (first + count) % OUTBOX_SHARDS;
      yield* table.pages({ index: 'pending', partition: outboxPartition(shard), pageSize: INCIDENTS_AT_ONCE });
    }
  }

  return {
    get: (key) => load(incidentKey(key)),

    put(incident, expectedVersion) {
      const key = incidentKey(incident.key);
      const item = {
        ...key,
        version: expectedVersion + 1,
        openScope: isOpen(incident) ? openPartition(incident.key.tenant, incident.key) : undefined,
        pendingShard: hasOutbox(incident) ? outboxPartition(shardOf(key)) : undefined,
        incident,
      };
      return table.put(item, incidentItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    open(tenant, scope) {
      const partition = openPartition(tenant, scope);
      return loadEach(table.pages({ index: 'open', partition, pageSize: INCIDENTS_AT_ONCE }), isOpen);
    },

    outbox: (begin = 0) => loadEach(outboxPages(begin), hasOutbox),
  };
}

function isOpen({ status }: Incident): boolean {
  return status !== 'closed';
}

function hasOutbox({ outbox }: Incident): boolean {
  return outbox.length > 0;
}

function shardOf({ pk, sk }: Key): number {
  const [byte = 0] = createHash('sha256').update(`${pk} ${sk}`).digest();
  return byte % OUTBOX_SHARDS;
}

/** Called as in the first version, whose items are found by it. */
function outboxPartition(shard: number): string {
  return `PENDING#${shard}`;
}
