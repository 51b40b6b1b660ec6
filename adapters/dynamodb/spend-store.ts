/**
 * What is spent beside schedules in the table: an item per request and region, and one per month for all reads of hosts. And an item per
 * tenant of what its cost cap leads to.
 */
import { StoreError } from '../../core/ports/errors.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { capItem, readsItem, spendItem } from './items.ts';
import { capKey, readsKey, spendKey, spendPrefix, tenantPartition } from './keys.ts';
import { openTable } from './table.ts';

/** A month, and time to look at it. */
const KEPT_DAYS = 62;

/** Of reads that end at the same moment each but one has to add again. A person causes a few at once. */
const MOST_ATTEMPTS = 50;

/** Items of one answer. They have some 200 bytes, and an answer 1 MB. */
const PAGE_SIZE = 1000;

export function createSpendStore({ now = Date.now, ...options }: ExpiringOptions): SpendStore {
  const table = openTable(options);
  const expiry = createExpiry(now, KEPT_DAYS);
  const readsOf = async (tenant: string, month: string) =>
    (await table.get(readsKey(tenant, month), readsItem))?.usd ?? 0;
  return {
    async addRequest(tenant, spend) {
      const item = { ...spendKey(tenant, spend), ttl: expiry.ttl(), usd: spend.usd };
      await table.put(item, spendItem, 'always');
    },

    async addRead(tenant, month, usd) {
      const key = readsKey(tenant, month);
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const { version = 0, usd: before = 0 } = (await table.get(key, readsItem)) ?? {};
        const item = { ...key, ttl: expiry.ttl(), version: version + 1, usd: before + usd };
        if ((await table.put(item, readsItem, version === 0 ? 'new' : version)) === 'stored') return;
      }
      throw new StoreError(`Too many reads of hosts of tenant ${tenant} end at the same time to be added up.`);
    },

    readsOf,

    async requestsOf(tenant, month) {
      let usd = await readsOf(tenant, month);
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
