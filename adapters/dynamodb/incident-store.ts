/** Incidents in the table: one item per key, and two sparse indexes of those that are open and those with an outbox. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Incident, incidentSchema } from '../../core/model/incident.ts';
import { notificationSchema } from '../../core/model/notification.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
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

/** A body as its bytes: it is frozen, and DynamoDB's numbers have another range than JSON's. */
const frozenBody = z.codec(z.string(), notificationSchema, {
  decode: (text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.issues.push({ code: 'custom', message: 'is not JSON', input: text });
      return z.NEVER;
    }
  },
  encode: (body) => JSON.stringify(body),
});

const keyShape = { pk: z.string(), sk: z.string() };

const incidentItem = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  openScope: z.string().optional(),
  outboxShard: z.string().optional(),
  incident: incidentSchema.unwrap().extend({ outbox: z.array(frozenBody).readonly() }),
});

/** What the indexes hold of an incident. */
const indexEntry = z.object(keyShape);

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

  async function* outboxPages() {
    for (let shard = 0; shard < OUTBOX_SHARDS; shard++) {
      yield* table.pages({ index: 'outbox', partition: outboxPartition(shard), pageSize: INCIDENTS_AT_ONCE });
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
        outboxShard: isOutbox(incident) ? outboxPartition(shardOf(key)) : undefined,
        incident,
      };
      return table.put(item, incidentItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    open(tenant, scope) {
      const partition = openPartition(tenant, scope);
      return loadEach(table.pages({ index: 'open', partition, pageSize: INCIDENTS_AT_ONCE }), isOpen);
    },

    outbox: () => loadEach(outboxPages(), isOutbox),
  };
}

function isOpen({ status }: Incident): boolean {
  return status !== 'closed';
}

function isOutbox({ outbox }: Incident): boolean {
  return outbox.length > 0;
}

function shardOf({ pk, sk }: Key): number {
  const [byte = 0] = createHash('sha256').update(`${pk} ${sk}`).digest();
  return byte % OUTBOX_SHARDS;
}

function outboxPartition(shard: number): string {
  return `OUTBOX#${shard}`;
}
