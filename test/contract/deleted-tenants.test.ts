/** The suite of lists of deleted tenants: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { DeletedTenants } from '../../core/ports/deleted-tenants.ts';
import { createMemoryDeletedTenants } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { deletedTenantsChecks } from './deleted-tenants.ts';

describe('the list of deleted tenants in memory', () => {
  itKeeps(deletedTenantsChecks, createMemoryDeletedTenants);
});

type Lie = (honest: DeletedTenants) => Partial<DeletedTenants>;

const LIES: readonly [string, Lie][] = [
  ['forgets the time', ({ put }) => ({ put: (one) => put({ ...one, resultsUntil: 0 }) })],
  ['removes nothing', () => ({ remove: async () => {} })],
  ['lists none', () => ({ async *list() {} })],
];

describe('the suite of lists of deleted tenants', () => {
  it.each(LIES)('catches one that %s', async (_, lie) => {
    const liar = () => {
      const honest = createMemoryDeletedTenants();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(deletedTenantsChecks, liar)).toHaveLength(1);
  });
});
