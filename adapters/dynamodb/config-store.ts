/** Tenant configs in the table: every version is an item that never changes, and the newest is the current one. */
import * as z from 'zod';
import type { ConfigStore } from '../../inspection/ports.ts';
import { type StoredTenant, tenantConfigSchema } from '../../model/tenant.ts';
import { configKey, TENANTS, tenantPartition } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Tenants whose configs are read at the same time. */
const TENANTS_AT_ONCE = 25;

const keyShape = { pk: z.string(), sk: z.string() };

const configItem = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  externalId: z.string().min(1),
  putAt: z.int(),
  config: tenantConfigSchema,
});

/** Says that a tenant exists, so that tenants can be listed without reading the whole table. */
const tenantItem = z.strictObject({ ...keyShape, tenant: z.string() });

export function createConfigStore(options: StoreOptions): ConfigStore {
  const table = openTable(options);

  async function newest(tenant: string): Promise<StoredTenant | undefined> {
    const lookup = { partition: tenantPartition(tenant), beginsWith: 'CONFIG#', descending: true, pageSize: 1 };
    for await (const [item] of table.pages(lookup)) return item && asStored(table.parse(item, configItem));
    return undefined;
  }

  return {
    async get(tenant, version) {
      if (version === undefined) return newest(tenant);
      const item = await table.get(configKey(tenant, version), configItem);
      return item && asStored(item);
    },

    async put(config, expectedVersion, newExternalId, putAt) {
      const { tenant } = config;
      const before = await newest(tenant);
      if ((before?.version ?? 0) !== expectedVersion) return 'conflict';
      // The entry in the list comes first: a tenant with a config that is missing from the list would never be inspected.
      if (!before) await table.put({ pk: TENANTS, sk: tenant, tenant }, tenantItem, 'always');
      const version = expectedVersion + 1;
      const externalId = before?.externalId ?? newExternalId;
      return table.put({ ...configKey(tenant, version), version, externalId, putAt, config }, configItem, 'new');
    },

    list() {
      const entries = table.pages({ partition: TENANTS, pageSize: TENANTS_AT_ONCE });
      return readable(entries, async (entry) => newest(table.parse(entry, tenantItem).tenant));
    },
  };
}

function asStored({ config, version, externalId, putAt }: z.output<typeof configItem>): StoredTenant {
  return { config, version, externalId, putAt };
}
