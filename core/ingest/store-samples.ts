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
   * Stores what recordings select of the batches of one account. The name of a batch is the same whenever it comes again. Absent where nothing
   * is recorded. Throws `StoreError`.
   */
  readonly record?: (batches: readonly { readonly name: string; readonly batch: SampleBatch }[]) => Promise<void>;
}

/** Of an account, what could not be stored: its messages have to come again. */
export interface NotStored {
  readonly tenant: string;
  readonly account: string;
  /** Of its messages. */
  readonly ids: readonly string[];
  readonly error: unknown;
}

/** Hours that are written at the same time: a host that was offline for a week sends 168 of them. */
const WRITES_AT_ONCE = 8;

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
  const chunks = splitByHour(batches);
  for (let at = 0; at < chunks.length; at += WRITES_AT_ONCE) {
    const some = chunks.slice(at, at + WRITES_AT_ONCE);
    await Promise.all(some.map(({ of, hour, chunk }) => samples.put(of, hour, name, chunk)));
  }
  // One by one: in whatever batches a message comes again, what is recorded of it has the same name.
  await record?.(queued.map((one) => ({ name: nameOf([one]), batch: one.batch })));
}

/** The same for the same messages. It begins with when the first of them was received, so that parts are listed in that order. */
function nameOf(queued: readonly QueuedBatch[]): string {
  const ids = queued.map(({ id }) => id).sort();
  const digest = createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 32);
  const received = Math.min(...queued.map(({ batch }) => batch.receivedAt));
  return `${new Date(received).toISOString().replaceAll(/[-:.]/g, '')}-${digest}`;
}
