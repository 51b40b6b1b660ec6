/** Removes what the table of incidents and runs holds of a tenant. */
import type { TenantData } from '../../core/ports/tenant-data.ts';
import { indexEntry } from './items.ts';
import { OPEN_RUNS, openRunPrefix, tenantPartition } from './keys.ts';
import { openTable, type RawItem, type StoreOptions } from './table.ts';

/** Items that are removed at the same time. */
const ITEMS_AT_ONCE = 25;

export function createTenantData(options: StoreOptions): TenantData {
  const table = openTable(options);
  return {
    async removeAll(tenant, { keepsOutboxes = false } = {}) {
      let incidents = 0;
      for await (const page of table.pages({ partition: tenantPartition(tenant), pageSize: ITEMS_AT_ONCE })) {
        const kept = keepsOutboxes ? page.filter(isUnsettled) : [];
        incidents += kept.length;
        const removed = page.filter((item) => !kept.includes(item));
        await Promise.all(removed.map((item) => table.remove(table.parse(item, indexEntry))));
      }
      const openRuns = { partition: OPEN_RUNS, beginsWith: openRunPrefix(tenant), pageSize: ITEMS_AT_ONCE };
      for await (const page of table.pages(openRuns))
        await Promise.all(page.map((item) => table.remove(table.parse(item, indexEntry))));
      return { incidents };
    },
  };
}

/** Whether the incident has undecided changes or an outbox: it has an entry in the index of these then. */
function isUnsettled(item: RawItem): boolean {
  return item['pendingShard'] !== undefined;
}
