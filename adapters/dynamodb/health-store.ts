/** The health of inspections in the table: an item per account and region, and one per tenant of what it was notified of. */
import type { HealthStore } from '../../core/ports/health-store.ts';
import { healthItem, watchItem } from './items.ts';
import { HEALTH_PREFIX, healthKey, tenantPartition, watchKey } from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type StoreOptions } from './table.ts';

/** How long the health of a scope that is no longer inspected is kept: as long as its runs. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Items of one answer. They have some 2 KB, and an answer 1 MB. */
const PAGE_SIZE = 400;

export function createHealthStore(options: StoreOptions): HealthStore {
  const table = openTable(options);
  return {
    async get(tenant, scope) {
      const item = await table.get(healthKey(tenant, scope), healthItem);
      return item && { value: item.health, version: item.version };
    },

    put(health, expectedVersion) {
      const item = {
        ...healthKey(health.tenant, health.scope),
        version: expectedVersion + 1,
        ttl: Math.floor(health.finishedAt / 1000) + KEPT_SECONDS,
        health,
      };
      return table.put(item, healthItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    list(tenant) {
      const lookup = { partition: tenantPartition(tenant), beginsWith: HEALTH_PREFIX, pageSize: PAGE_SIZE };
      return readable(table.pages(lookup), async (item) => table.parse(item, healthItem).health);
    },

    async getWatch(tenant) {
      const item = await table.get(watchKey(tenant), watchItem);
      return item && { value: item.watch, version: item.version };
    },

    putWatch(tenant, watch, expectedVersion) {
      const item = { ...watchKey(tenant), version: expectedVersion + 1, watch };
      return table.put(item, watchItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },
  };
}
