/** The suite of stores of open runs: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { OpenRunStore } from '../../core/ports/open-run-store.ts';
import { createMemoryOpenRunStore } from '../memory/run-stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { openRunChecks } from './open-run-store.ts';

describe('the store of open runs in memory', () => {
  itKeeps(openRunChecks, createMemoryOpenRunStore);
});

type Lie = (honest: OpenRunStore) => Partial<OpenRunStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'has something of every region',
    'has no run of a region that was never inspected',
    () => ({ get: async () => ({ value: JSON.parse('{}'), version: 1 }) }),
  ],
  [
    'stores whatever the version',
    'stores only what names the version that is there',
    ({ get, put }) => ({ put: async (open) => put(open, (await get(open.run))?.version ?? 0) }),
  ],
  [
    'mixes requests with the schedule',
    'has one run of the schedule for each region, and one of each request',
    ({ put }) => ({ put: (open, version) => put({ ...open, run: { ...open.run, request: null } }, version) }),
  ],
  ['lists nothing', 'lists the runs of all tenants that are not closed', () => ({ async *list() {} })],
];

describe('the suite of stores of open runs', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryOpenRunStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(openRunChecks, liar)).toContain(promise);
  });
});
