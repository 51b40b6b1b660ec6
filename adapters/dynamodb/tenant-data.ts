/** Removes what the table of incidents and runs holds of a tenant. */
import type { TenantData } from '../../core/ports/tenant-data.ts';
import { indexEntry } from './items.ts';
import { tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items that are removed at the same time. */
const ITEMS_AT_ONCE = 25;

export function createTenantData(options: StoreOptions): TenantData {
  const table = openTable(options);
  return {
    async removeAll(tenant) {
      for await (const page of table.pages({ partition: tenantPartition(tenant), pageSize: ITEMS_AT_ONCE })) {
        await Promise.all(page.map((item) => table.remove(table.parse(item, indexEntry))));
      }
    },
  };
}
