/** Tenant configs in the table: every version is an item that never changes, and the newest is the current one. */
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { StoreError } from '../../core/ports/errors.ts';
import { addEntries, partitionOf, removeEntries } from './account-index.ts';
import { type ConfigItem, configItem, externalIdItem, indexEntry, tenantItem } from './items.ts';
import { configKey, externalIdKey, TENANTS, tenantPartition } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Tenants whose configs are read at the same time. */
const TENANTS_AT_ONCE = 25;

export function createConfigStore(options: StoreOptions): ConfigStore {
  const table = openTable(options);

  async function newest(tenant: string): Promise<StoredTenant | undefined> {
    const lookup = { partition: tenantPartition(tenant), beginsWith: 'CONFIG#', descending: true, pageSize: 1 };
    for await (const [item] of table.pages(lookup)) return item && asStored(table.parse(item, configItem));
    return undefined;
  }

  // All who want an id for one tenant at the same time write one item: the first one's is everybody's.
  async function reserveExternalId(tenant: string, newExternalId: string): Promise<string> {
    const key = externalIdKey(tenant);
    if ((await table.put({ ...key, externalId: newExternalId }, externalIdItem, 'new')) === 'stored')
      return newExternalId;
    const reserved = await table.get(key, externalIdItem);
    if (reserved === undefined) throw new StoreError(`The external id of tenant ${tenant} was there and is gone.`);
    return reserved.externalId;
  }

  return {
    async reserveExternalId(tenant, newExternalId) {
      // The config of a tenant that was put before ids were kept apart holds the only copy.
      return (await newest(tenant))?.externalId ?? reserveExternalId(tenant, newExternalId);
    },

    async get(tenant, version) {
      if (version === undefined) return newest(tenant);
      const item = await table.get(configKey(tenant, version), configItem);
      return item && asStored(item);
    },

    async put(config, expectedVersion, newExternalId, putAt) {
      const { tenant } = config;
      const before = await newest(tenant);
      if ((before?.version ?? 0) !== expectedVersion) return 'conflict';
      const externalId = before?.externalId ?? (await reserveExternalId(tenant, newExternalId));
      // The entry in the list comes first, with each version: a tenant with a config that is missing from the list would never be
      // inspected, and a removal may have taken it away meanwhile.
      await table.put({ pk: TENANTS, sk: tenant, tenant }, tenantItem, 'always');
      await addEntries(table, config, before);
      const version = expectedVersion + 1;
      return table.put({ ...configKey(tenant, version), version, externalId, putAt, config }, configItem, 'new');
    },

    async remove(tenant) {
      // First: a put that comes meanwhile writes it again, and is not left out of the list.
      await table.remove({ pk: TENANTS, sk: tenant });
      const versions = table.pages({
        partition: tenantPartition(tenant),
        beginsWith: 'CONFIG#',
        pageSize: TENANTS_AT_ONCE,
      });
      for await (const page of versions) {
        for (const item of page) {
          await removeEntries(table, item);
          await table.remove(table.parse(item, indexEntry));
        }
      }
      await table.remove(externalIdKey(tenant));
    },

    list() {
      const entries = table.pages({ partition: TENANTS, pageSize: TENANTS_AT_ONCE });
      return readable(entries, async (entry) => newest(table.parse(entry, tenantItem).tenant));
    },

    tenantsOf(provider, account) {
      const partition = partitionOf({ provider, account });
      return readable(table.pages({ partition, pageSize: TENANTS_AT_ONCE }), async (entry) => {
        const stored = await newest(table.parse(entry, tenantItem).tenant);
        return stored?.config.accounts.map(partitionOf).includes(partition) ? stored : undefined;
      });
    },
  };
}

function asStored({ config, version, externalId, putAt }: ConfigItem): StoredTenant {
  return { config, version, externalId, putAt };
}
