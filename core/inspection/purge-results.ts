/** Removes the results of deleted tenants once they are due, and then what held the tenant's id. */
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeletedTenants } from '../ports/deleted-tenants.ts';
import type { ResultsArchive } from '../ports/results-archive.ts';
import { isWrittenNoMore } from '../tenants/purge-tenant.ts';

export interface PurgePorts {
  readonly archive: Pick<ResultsArchive, 'purge'>;
  readonly deleted: Pick<DeletedTenants, 'list' | 'remove'>;
  readonly configs: Pick<ConfigStore, 'get'>;
}

export interface PurgeReport {
  /** Tenants whose results are gone. */
  readonly purged: number;
  readonly failures: readonly { readonly tenant: string | null; readonly error: unknown }[];
}

/**
 * The id is free when nothing is left. A tenant that has a config is passed over: its deletion was interrupted, or was taken back.
 * Nothing is thrown: what failed is in the report, and is tried again the next time.
 *
 * @param now Epoch milliseconds.
 */
export async function purgeResults({ archive, deleted, configs }: PurgePorts, now: number): Promise<PurgeReport> {
  const failures: { tenant: string | null; error: unknown }[] = [];
  let purged = 0;
  try {
    for await (const one of deleted.list()) {
      const { tenant, resultsUntil } = one;
      if (resultsUntil > now || !isWrittenNoMore(one, now)) continue;
      try {
        if ((await configs.get(tenant)) !== undefined) continue;
        await archive.purge(tenant);
        await deleted.remove(tenant);
        purged++;
      } catch (error) {
        failures.push({ tenant, error });
      }
    }
  } catch (error) {
    failures.push({ tenant: null, error });
  }
  return { purged, failures };
}
