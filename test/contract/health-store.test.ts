/** The suite of health stores: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { HealthStore } from '../../core/ports/health-store.ts';
import { createMemoryHealthStore } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { healthStoreChecks } from './health-store.ts';

describe('the health store in memory', () => {
  itKeeps(healthStoreChecks, createMemoryHealthStore);
});

const ROUND_TRIP = 'gives back the health that was put, with its version';
const RACED = 'keeps health of which the version is not the expected one';
const APART = 'keeps tenants, accounts and regions apart, and lists those of one tenant';
const MANY = 'lists many';
const WATCH = 'gives back what a tenant was notified of, and keeps what has another version';

type Lie = (honest: HealthStore) => Partial<HealthStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'forgets the reason of a failure',
    ROUND_TRIP,
    ({ put }) => ({ put: (health, version) => put({ ...health, failure: null }, version) }),
  ],
  ['overwrites what others have written', RACED, overwriting],
  [
    'mixes regions',
    APART,
    ({ get, put }) => ({
      get: (tenant, scope) => get(tenant, { ...scope, region: null }),
      put: (health, version) => put({ ...health, scope: { ...health.scope, region: null } }, version),
    }),
  ],
  [
    'lists the first page alone',
    MANY,
    ({ list }) => ({
      async *list(tenant) {
        yield* (await Array.fromAsync(list(tenant))).slice(0, 400);
      },
    }),
  ],
  ['remembers no notification', WATCH, () => ({ putWatch: async () => 'stored' })],
  [
    'mixes what tenants were notified of',
    WATCH,
    ({ getWatch, putWatch }) => ({
      getWatch: () => getWatch('all'),
      putWatch: (_, state, version) => putWatch('all', state, version),
    }),
  ],
];

describe('the suite of health stores', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryHealthStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(healthStoreChecks, liar)).toContain(promise);
  });
});

function overwriting({ get, put }: HealthStore): Partial<HealthStore> {
  return {
    put: async (health) => put(health, (await get(health.tenant, health.scope))?.version ?? 0),
  };
}
