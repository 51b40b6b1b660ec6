/** Tenant configs in the table: every version is an item that never changes, and the newest is the current one. */
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { StoreError } from '../../core/ports/errors.ts';
import { addEntries, partitionOf, removeEntries } from './account-index.ts';
import { newestIn, openDefaults } from './defaults.ts';
import { type ConfigItem, configItem, externalIdItem, indexEntry, tenantItem } from './items.ts';
import { configKey, externalIdKey, TENANTS, tenantPartition, VERSIONS } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type StoreOptions, type Table } from './table.ts';

/** Tenants whose configs are read at the same time. */
const TENANTS_AT_ONCE = 25;

export function createConfigStore(options: StoreOptions): ConfigStore {
  const table = openTable(options);
  const defaults = openDefaults(table);
  return { ...defaults, ...openReading(table, defaults), ...openWriting(table) };
}

function openReading(
  table: Table,
  defaults: Pick<ConfigStore, 'defaults'>,
): Pick<ConfigStore, 'get' | 'versions' | 'list' | 'tenantsOf'> {
  /** Reads the defaults once for all tenants of a list. */
  function withDefaults(): (tenant: string) => Promise<StoredTenant | undefined> {
    const reading = defaults.defaults();
    // Whoever reads a tenant meets the failure.
    reading.catch(() => {});
    return async (tenant) => {
      const stored = await newest(table, tenant);
      const found = await reading;
      return stored && found ? { ...stored, defaults: found.defaults, defaultsPutAt: found.putAt } : stored;
    };
  }

  return {
    async get(tenant, version) {
      if (version === undefined) return withDefaults()(tenant);
      const item = await table.get(configKey(tenant, version), configItem);
      return item && asStored(item);
    },

    versions(tenant) {
      const lookup = { partition: tenantPartition(tenant), beginsWith: VERSIONS, descending: true };
      const pages = table.pages({ ...lookup, pageSize: TENANTS_AT_ONCE });
      return readable(pages, async (item) => asStored(table.parse(item, configItem)));
    },

    list() {
      const entries = table.pages({ partition: TENANTS, pageSize: TENANTS_AT_ONCE });
      const read = withDefaults();
      return readable(entries, async (entry) => read(table.parse(entry, tenantItem).tenant));
    },

    tenantsOf(provider, account) {
      const partition = partitionOf({ provider, account });
      const read = withDefaults();
      return readable(table.pages({ partition, pageSize: TENANTS_AT_ONCE }), async (entry) => {
        const stored = await read(table.parse(entry, tenantItem).tenant);
        return stored?.config.accounts.map(partitionOf).includes(partition) ? stored : undefined;
      });
    },
  };
}

function openWriting(table: Table): Pick<ConfigStore, 'reserveExternalId' | 'put' | 'remove'> {
  return {
    async reserveExternalId(tenant, newExternalId) {
      // The config of a tenant that was put before ids were kept apart holds the only copy.
      return (await newest(table, tenant))?.externalId ?? reserve(table, tenant, newExternalId);
    },

    async put(config, expectedVersion, newExternalId, putAt, putBy, deletion) {
      const { tenant } = config;
      const before = await newest(table, tenant);
      if ((before?.version ?? 0) !== expectedVersion) return 'conflict';
      const externalId = before?.externalId ?? (await reserve(table, tenant, newExternalId));
      // The entry in the list comes first, with each version: a tenant with a config that is missing from the list would never be
      // inspected, and a removal may have taken it away meanwhile.
      await table.put({ pk: TENANTS, sk: tenant, tenant }, tenantItem, 'always');
      await addEntries(table, config, before);
      const version = expectedVersion + 1;
      const facts = { version, externalId, putAt, ...(putBy !== undefined && { putBy }), ...deletion };
      return table.put({ ...configKey(tenant, version), ...facts, config }, configItem, 'new');
    },

    async remove(tenant) {
      // First: a put that comes meanwhile writes it again, and is not left out of the list.
      await table.remove({ pk: TENANTS, sk: tenant });
      const versions = table.pages({
        partition: tenantPartition(tenant),
        beginsWith: VERSIONS,
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
  };
}

async function newest(table: Table, tenant: string): Promise<StoredTenant | undefined> {
  const [item] = await newestIn(table, tenantPartition(tenant));
  return item && asStored(table.parse(item, configItem));
}

// All who want an id for one tenant at the same time write one item: the first one's is everybody's.
async function reserve(table: Table, tenant: string, newExternalId: string): Promise<string> {
  const key = externalIdKey(tenant);
  if ((await table.put({ ...key, externalId: newExternalId }, externalIdItem, 'new')) === 'stored')
    return newExternalId;
  const reserved = await table.get(key, externalIdItem);
  if (reserved === undefined) throw new StoreError(`The external id of tenant ${tenant} was there and is gone.`);
  return reserved.externalId;
}

function asStored({ config, version, externalId, putAt, putBy, disabledAt }: ConfigItem): StoredTenant {
  return {
    config,
    version,
    externalId,
    putAt,
    ...(putBy !== undefined && { putBy }),
    ...(disabledAt !== undefined && { deletion: { disabledAt } }),
  };
}
