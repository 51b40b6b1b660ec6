/** The suite of stores of work: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { createMemoryWorkStore } from '../memory/results.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { workStoreChecks } from './work-store.ts';

describe('the store of work in memory', () => {
  itKeeps(workStoreChecks, createMemoryWorkStore);
});

const VALUES = 'gives back the values that were put, in their order';
const EMPTY = 'distinguishes an empty list from none';
const AGAIN = 'overwrites what is put again';
const APART = 'keeps runs and names apart';
const MANY = 'gives back thousands of values';

type Lie = (honest: WorkStore) => Partial<WorkStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'drops null',
    VALUES,
    ({ put }) => ({
      put: (run, name, values) =>
        put(
          run,
          name,
          values.filter((value) => value !== null),
        ),
    }),
  ],
  ['gives an empty list for none', EMPTY, ({ get }) => ({ get: async (run, name) => (await get(run, name)) ?? [] })],
  [
    'has none for an empty list',
    EMPTY,
    ({ get }) => ({
      get: async (run, name) => {
        const values = await get(run, name);
        return values?.length === 0 ? undefined : values;
      },
    }),
  ],
  [
    'keeps what was put first',
    AGAIN,
    ({ get, put }) => ({ put: async (run, name, values) => put(run, name, (await get(run, name)) ?? values) }),
  ],
  [
    'mixes tenants',
    APART,
    ({ get, put }) => ({
      put: (run, name, values) => put({ ...run, tenant: 'all' }, name, values),
      get: (run, name) => get({ ...run, tenant: 'all' }, name),
    }),
  ],
  [
    'resolves names as paths',
    APART,
    ({ get, put }) => ({
      put: (run, name, values) => put(run, new URL(name, 'http://work').pathname, values),
      get: (run, name) => get(run, new URL(name, 'http://work').pathname),
    }),
  ],
  [
    'keeps the first thousand',
    MANY,
    ({ put }) => ({ put: (run, name, values) => put(run, name, values.slice(0, 1000)) }),
  ],
];

describe('the suite of stores of work', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryWorkStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(workStoreChecks, liar)).toContain(promise);
  });
});
