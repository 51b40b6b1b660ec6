/** Removes the results of a deleted tenant on demand, before they are due. */
import type { DeletedTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeletedTenants } from '../ports/deleted-tenants.ts';
import type { ResultsArchive } from '../ports/results-archive.ts';

export interface PurgePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly deleted: Pick<DeletedTenants, 'get' | 'put' | 'remove'>;
  readonly results: Pick<ResultsArchive, 'purge'>;
}

export type PurgeOutcome =
  /** How many objects were removed. The id is free. */
  | { readonly kind: 'purged'; readonly objects: number }
  /**
   * So many objects were removed. What read the config before it was deleted may still write: results are removed once more after `from`
   * (epoch milliseconds), on demand or by the daily run, and the id is free from then on.
   */
  | { readonly kind: 'held'; readonly objects: number; readonly from: number }
  /** There is a tenant of this id: nothing was removed. */
  | { readonly kind: 'in_use' };

/**
 * Results are written until then, in milliseconds after the deletion: compaction reads the config of a tenant before it merges its results,
 * and lasts 15 minutes at most. The other 15 are for a deletion that takes long itself: its time is when it began.
 */
const WRITES_END_MS = 30 * 60_000;

/** Whether nothing writes results of the deleted tenant any more: what is removed now stays removed. */
export function isWrittenNoMore({ deletedAt }: DeletedTenant, now: number): boolean {
  return now >= deletedAt + WRITES_END_MS;
}

/**
 * Removes what is kept of a deleted tenant at once. Harmless where there is nothing. Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 */
export async function purgeTenant(
  tenant: string,
  { configs, deleted, results }: PurgePorts,
  now: number,
): Promise<PurgeOutcome> {
  if ((await configs.get(tenant)) !== undefined) return { kind: 'in_use' };
  const held = await deleted.get(tenant);
  const objects = await results.purge(tenant);
  if (held !== undefined && !isWrittenNoMore(held, now)) {
    const from = held.deletedAt + WRITES_END_MS;
    await deleted.put({ ...held, resultsUntil: from });
    return { kind: 'held', objects, from };
  }
  // Last: while something may be left, nobody takes the id.
  await deleted.remove(tenant);
  return { kind: 'purged', objects };
}
