/** Removes the results of a deleted tenant on demand, before they are due. Its id is free from then on. */
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeletedTenants } from '../ports/deleted-tenants.ts';
import type { ResultsArchive } from '../ports/results-archive.ts';

export interface PurgePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly deleted: Pick<DeletedTenants, 'remove'>;
  readonly results: Pick<ResultsArchive, 'purge'>;
}

export type PurgeOutcome =
  /** How many objects were removed. */
  | { readonly kind: 'purged'; readonly objects: number }
  /** There is a tenant of this id: nothing was removed. */
  | { readonly kind: 'in_use' };

/** Removes what is kept of a deleted tenant at once. Harmless where there is nothing. Throws `StoreError`. */
export async function purgeTenant(tenant: string, { configs, deleted, results }: PurgePorts): Promise<PurgeOutcome> {
  if ((await configs.get(tenant)) !== undefined) return { kind: 'in_use' };
  const objects = await results.purge(tenant);
  // Last: while something may be left, nobody takes the id.
  await deleted.remove(tenant);
  return { kind: 'purged', objects };
}
