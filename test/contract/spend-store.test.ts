/** The suite of spend stores: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { createMemorySpendStore } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { spendStoreChecks } from './spend-store.ts';

describe('the spend store in memory', () => {
  itKeeps(spendStoreChecks, createMemorySpendStore);
});

type Lie = (honest: SpendStore) => Partial<SpendStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'forgets what is spent where there is no region',
    'adds up what the requests of a month spent in all regions',
    ({ addRequest }) => ({
      addRequest: async (tenant, spend) => (spend.scope.region === null ? undefined : addRequest(tenant, spend)),
    }),
  ],
  [
    'counts a repeated request twice',
    'counts a request once in a region, with what it spent last',
    ({ addRequest }) => {
      let repeated = 0;
      return {
        addRequest: (tenant, spend) => addRequest(tenant, { ...spend, request: `${spend.request}${repeated++}` }),
      };
    },
  ],
  [
    'keeps the last read alone',
    'adds up every read of a host, also of those that end at the same time',
    () => {
      let last = 0;
      return {
        addRead: async (_tenant, _month, usd) => {
          last = usd;
        },
        readsOf: async () => last,
      };
    },
  ],
  [
    'does not count reads among requests',
    'adds up every read of a host, also of those that end at the same time',
    ({ requestsOf, readsOf }) => ({
      requestsOf: async (tenant, month) => (await requestsOf(tenant, month)) - (await readsOf(tenant, month)),
    }),
  ],
  [
    'mixes months',
    'keeps tenants and months apart',
    ({ addRequest }) => ({ addRequest: (tenant, spend) => addRequest(tenant, { ...spend, month: '2026-11' }) }),
  ],
  [
    'overwrites what others have written',
    'gives back what a cap leads to, with its version, and keeps what has another one',
    ({ getCap, putCap }) => ({
      putCap: async (tenant, state) => putCap(tenant, state, (await getCap(tenant))?.version ?? 0),
    }),
  ],
  [
    'adds up the first answer alone',
    'adds up more requests than fit an answer',
    ({ requestsOf }) => ({ requestsOf: async (tenant, month) => Math.min(1000, await requestsOf(tenant, month)) }),
  ],
];

describe('a spend store that lies', () => {
  it.each(LIES)('which %s is caught', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemorySpendStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(spendStoreChecks, liar)).toContain(promise);
  });
});
