/** The suites of what jobs keep: kept by the stores over a bucket in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import { anomalyResultsIn } from '../../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../../adapters/s3/point-state-store.ts';
import type { AnomalyResultsStore } from '../../core/ports/anomaly-results-store.ts';
import type { PointStateStore } from '../../core/ports/point-state-store.ts';
import { createMemoryBucket } from '../memory/bucket.ts';
import { anomalyResultsStoreChecks } from './anomaly-results-store.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { pointStateStoreChecks } from './point-state-store.ts';

describe('states of jobs in memory', () => {
  itKeeps(pointStateStoreChecks, () => pointStatesIn(createMemoryBucket()));
});

describe('scored points in memory', () => {
  itKeeps(anomalyResultsStoreChecks, () => anomalyResultsIn(createMemoryBucket()));
});

const STATE_LIES: readonly [string, string, (honest: PointStateStore) => Partial<PointStateStore>][] = [
  [
    'replaces any state',
    'replaces a state only where it is the one that was read',
    ({ get, put }) => ({ put: async (of, state) => put(of, state, (await get(of))?.version) }),
  ],
  [
    'mixes jobs',
    'keeps tenants, accounts, regions and jobs apart',
    ({ get, put }) => ({
      get: (of) => get({ ...of, job: 'any' }),
      put: (of, state, version) => put({ ...of, job: 'any' }, state, version),
    }),
  ],
  [
    'forgets what was unread',
    'gives back the state that was put, and how large it is',
    ({ put }) => ({ put: (of, state, version) => put(of, { ...state, unreadFrom: null }, version) }),
  ],
];

describe('the suite of stores of states', () => {
  it.each(STATE_LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = pointStatesIn(createMemoryBucket());
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(pointStateStoreChecks, liar)).toContain(promise);
  });
});

const RESULT_LIES: readonly [string, string, (honest: AnomalyResultsStore) => Partial<AnomalyResultsStore>][] = [
  [
    'lists the oldest first',
    'lists the cells of a day, the newest first, of the jobs that are named',
    ({ cells }) => ({ cells: async (within, day) => (await cells(within, day)).toReversed() }),
  ],
  [
    'names a cell by its job alone',
    'lists the cells of a day, the newest first, of the jobs that are named',
    ({ put }) => ({ put: (cell, lines) => put({ ...cell, start: cell.start - (cell.start % 3_600_000) }, lines) }),
  ],
];

describe('the suite of stores of scored points', () => {
  it.each(RESULT_LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = anomalyResultsIn(createMemoryBucket());
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(anomalyResultsStoreChecks, liar)).toContain(promise);
  });
});
