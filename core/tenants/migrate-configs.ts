/** Copies the configs of one store into another: version 0.1.0 kept them beside incidents and runs. */
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { StoreError } from '../ports/errors.ts';

/** What was copied. Versions that were there already are not counted. */
export interface Migrated {
  readonly tenants: number;
  readonly versions: number;
}

/**
 * Copies every version with its external id and the time at which it was put; nothing is taken away. Run again it copies
 * what is missing. Throws `StoreError` where a store fails, or where the tenant has another external id already: accounts
 * trust one of the two, and a person has to look which.
 */
export async function migrateConfigs(from: ConfigStore, to: ConfigStore): Promise<Migrated> {
  let tenants = 0;
  let versions = 0;
  for await (const newest of from.list()) {
    tenants++;
    versions += await migrateTenant(newest, from, to);
  }
  return { tenants, versions };
}

async function migrateTenant(newest: StoredTenant, from: ConfigStore, to: ConfigStore): Promise<number> {
  const { tenant } = newest.config;
  const externalId = await to.reserveExternalId(tenant, newest.externalId);
  if (externalId !== newest.externalId) {
    throw new StoreError(
      `Tenant ${tenant} has the external id ${externalId} already, and ${newest.externalId} in the old table. Put the config again ` +
        'with the roles that trust the new one, and leave the tenant out of the migration.',
    );
  }
  const first = ((await to.get(tenant))?.version ?? 0) + 1;
  for (let version = first; version <= newest.version; version++) {
    const stored = await from.get(tenant, version);
    if (stored === undefined) throw new StoreError(`Version ${version} of tenant ${tenant} is missing.`);
    if ((await to.put(stored.config, version - 1, externalId, stored.putAt, stored.putBy)) === 'conflict') {
      throw new StoreError(`Tenant ${tenant} is being changed by somebody else; migrate again.`);
    }
  }
  return Math.max(0, newest.version - first + 1);
}
