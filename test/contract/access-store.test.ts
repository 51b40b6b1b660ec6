/** The suite of stores of grants: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { AccessStore } from '../../core/ports/access-store.ts';
import { createMemoryAccessStore } from '../memory/stores.ts';
import { accessStoreChecks } from './access-store.ts';
import { brokenPromises, itKeeps } from './check.ts';

describe('grants in memory', () => {
  itKeeps(accessStoreChecks, createMemoryAccessStore);
});

type Lie = (honest: AccessStore) => Partial<AccessStore>;

const LIES: readonly [string, Lie][] = [
  ['forgets groups', ({ ofCaller }) => ({ ofCaller: (caller) => ofCaller({ ...caller, groups: [] }) })],
  [
    'takes a group for a subject',
    ({ ofCaller }) => ({
      ofCaller: async (caller) => {
        const asGroup = { ...caller, subject: '', groups: [...caller.groups, caller.subject] };
        return [...(await ofCaller(caller)), ...(await ofCaller(asGroup))];
      },
    }),
  ],
  ['removes nothing', () => ({ remove: async () => true })],
  [
    'removes the grants of all tenants',
    ({ remove }) => ({
      remove: async (tenant, id) => [await remove('removed-bolt', id), await remove(tenant, id)].at(1) ?? false,
    }),
  ],
  [
    'keeps the first role',
    ({ put, ofTenant }) => ({
      put: async (grant) => (await ofTenant(grant.tenant)).find(({ name }) => name === grant.name) ?? put(grant),
    }),
  ],
  ['lists the latest first', ({ ofTenant }) => ({ ofTenant: async (tenant) => (await ofTenant(tenant)).toReversed() })],
];

describe('the suite of stores of grants', () => {
  it.each(LIES)('catches one that %s', async (_, lie) => {
    const liar = () => {
      const honest = createMemoryAccessStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(accessStoreChecks, liar)).not.toEqual([]);
  });
});
