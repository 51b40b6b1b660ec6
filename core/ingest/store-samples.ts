/** Stores what was queued: a chunk of each account and hour, and what running recordings select of it. */
import { createHash } from 'node:crypto';
import type { SampleBatch } from '../model/sample.ts';
import type { SampleStore } from '../ports/sample-store.ts';
import { splitByHour } from './split-by-hour.ts';

/** A batch, and the id of the message that it came in: the same whenever the message comes again. */
export interface QueuedBatch {
  readonly id: string;
  readonly batch: SampleBatch;
}

export interface StoreSamplesPorts {
  readonly samples: Pick<SampleStore, 'put'>;
  /**
   * Stores what running recordings select of what came for one account; the same name replaces. Absent where there are no recordings.
   * Throws `StoreError`.
   */
  readonly record?: (batch: SampleBatch, name: string) => Promise<void>;
}

/** Of an account, what could not be stored: its messages have to come again. */
export interface NotStored {
  readonly tenant: string;
  readonly account: string;
  /** Of its messages. */
  readonly ids: readonly string[];
  readonly error: unknown;
}

/**
 * What could not be stored is returned, account by account: one that fails holds back no other. A batch that comes again is stored again,
 * under the same name where it comes with the same ones, and in other chunks else: readers keep one of each sample.
 */
export async function storeSamples(
  queued: readonly QueuedBatch[],
  ports: StoreSamplesPorts,
): Promise<readonly NotStored[]> {
  const accounts = Map.groupBy(queued, ({ batch: { tenant, account } }) => JSON.stringify([tenant, account]));
  const notStored: NotStored[] = [];
  for (const own of accounts.values()) {
    const [first] = own;
    if (first === undefined) continue;
    try {
      await storeAccount(own, ports);
    } catch (error) {
      const { tenant, account } = first.batch;
      notStored.push({ tenant, account, ids: own.map(({ id }) => id), error });
    }
  }
  return notStored;
}

async function storeAccount(queued: readonly QueuedBatch[], { samples, record }: StoreSamplesPorts): Promise<void> {
  const name = nameOf(queued);
  const batches = queued.map(({ batch }) => batch);
  await Promise.all(splitByHour(batches).map(({ of, hour, chunk }) => samples.put(of, hour, name, chunk)));
  const [first] = batches;
  if (record === undefined || first === undefined) return;
  const receivedAt = Math.max(...batches.map((batch) => batch.receivedAt));
  const inOrder = batches.toSorted((a, b) => a.receivedAt - b.receivedAt);
  const hosts = new Map(inOrder.flatMap((batch) => batch.hosts.map((host) => [host.id, host] as const)));
  const series = inOrder.flatMap((batch) => batch.series);
  await record({ ...first, receivedAt, hosts: [...hosts.values()], series }, name);
}

/** The same for the same messages. It begins with when the first of them was received, so that parts are listed in that order. */
function nameOf(queued: readonly QueuedBatch[]): string {
  const ids = queued.map(({ id }) => id).sort();
  const digest = createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 32);
  const received = Math.min(...queued.map(({ batch }) => batch.receivedAt));
  return `${new Date(received).toISOString().replaceAll(/[-:.]/g, '')}-${digest}`;
}
