/** What is spent beside schedules in the table, an item per request and region; and an item per tenant of what its cost cap leads to. */
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { capItem, spendItem } from './items.ts';
import { capKey, spendKey, spendPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** A month, and time to look at it. */
const KEPT_DAYS = 62;

/** Items of one answer. They have some 200 bytes, and an answer 1 MB. */
const PAGE_SIZE = 1000;

export function createSpendStore({ now = Date.now, ...options }: ExpiringOptions): SpendStore {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  return {
    async addRequest(tenant, spend) {
      const item = { ...spendKey(tenant, spend), ttl: expiry.ttl(), usd: spend.usd };
      await table.put(item, spendItem, 'always');
    },

    async requestsOf(tenant, month) {
      let usd = 0;
      const lookup = { partition: tenantPartition(tenant), beginsWith: spendPrefix(month), pageSize: PAGE_SIZE };
      for await (const page of table.pages(lookup)) {
        for (const item of page) usd += table.parse(item, spendItem).usd;
      }
      return usd;
    },

    async getCap(tenant) {
      const item = await table.get(capKey(tenant), capItem);
      return item && { value: item.cap, version: item.version };
    },

    putCap(tenant, cap, expectedVersion) {
      const item = { ...capKey(tenant), version: expectedVersion + 1, cap };
      return table.put(item, capItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },
  };
}
