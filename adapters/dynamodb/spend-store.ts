/**
 * What is spent beside schedules in the table: an item per request and region, one per month for all reads of hosts, and one per month and
 * job. And an item per tenant of what its cost cap leads to.
 */
import type { JobSpend } from '../../core/model/spend.ts';
import type { PutOutcome } from '../../core/ports/conditional-put.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { capItem, jobSpendItem, readsItem, spendItem } from './items.ts';
import { capKey, jobSpendKey, jobSpendPrefix, readsKey, spendKey, spendPrefix, tenantPartition } from './keys.ts';
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
  const jobsOf = async (tenant: string, month: string) => {
    const jobs: JobSpend[] = [];
    const lookup = { partition: tenantPartition(tenant), beginsWith: jobSpendPrefix(month), pageSize: PAGE_SIZE };
    for await (const page of table.pages(lookup))
      for (const item of page) jobs.push(table.parse(item, jobSpendItem).spend);
    return jobs;
  };
  return {
    async addRequest(tenant, spend) {
      const item = { ...spendKey(tenant, spend), ttl: expiry.ttl(), usd: spend.usd };
      await table.put(item, spendItem, 'always');
    },

    async addRead(tenant, month, usd) {
      const key = readsKey(tenant, month);
      await added(`reads of hosts of tenant ${tenant}`, async () => {
        const { version = 0, usd: before = 0 } = (await table.get(key, readsItem)) ?? {};
        const item = { ...key, ttl: expiry.ttl(), version: version + 1, usd: before + usd };
        return table.put(item, readsItem, version === 0 ? 'new' : version);
      });
    },

    async addJob(tenant, spend) {
      const key = jobSpendKey(tenant, spend);
      await added(`inspections of job ${spend.job} of tenant ${tenant}`, async () => {
        const { version = 0, spend: before } = (await table.get(key, jobSpendItem)) ?? {};
        const usd = (before?.usd ?? 0) + spend.usd;
        const sum = { ...spend, usd, usdPerMetric: spend.usdPerMetric ?? before?.usdPerMetric ?? null };
        const item = { ...key, ttl: expiry.ttl(), version: version + 1, spend: sum };
        return table.put(item, jobSpendItem, version === 0 ? 'new' : version);
      });
    },

    jobsOf,

    readsOf,

    async requestsOf(tenant, month) {
      let usd = await readsOf(tenant, month);
      const lookup = { partition: tenantPartition(tenant), beginsWith: spendPrefix(month), pageSize: PAGE_SIZE };
      for await (const page of table.pages(lookup)) {
        for (const item of page) usd += table.parse(item, spendItem).usd;
      }
      for (const job of await jobsOf(tenant, month)) usd += job.usd;
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

/** Adds until nobody else has added meanwhile. */
async function added(what: string, add: () => Promise<PutOutcome>): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) if ((await add()) === 'stored') return;
  throw new StoreError(`Too many ${what} end at the same time to be added up.`);
}
