/** What every store of the states of jobs promises. */
import { expect } from 'vitest';
import type { PointStateStore } from '../../core/ports/point-state-store.ts';
import { MINUTE, NOON } from '../fixtures/builders.ts';
import { aJobRef, aJobRun, aJobState, POINT_SCOPE } from '../fixtures/point-jobs.ts';
import type { Check } from './check.ts';

const SERIES = {
  host: { ...POINT_SCOPE, id: 'grün “web”', group: 'web' },
  metric: 'system.filesystem.utilization',
  part: { mountpoint: '/var' },
  unit: '1',
  state: null,
  seen: NOON,
  retryAt: NOON + MINUTE,
};

export const pointStateStoreChecks: readonly Check<PointStateStore>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      const of = aJobRef({ tenant: 'never' });

      expect(await store.get(of)).toBeUndefined();
      expect(await store.newestRun(of)).toBeUndefined();
    },
  },
  {
    message: 'gives back the state that was put, and how large it is',
    async verify(store) {
      const of = aJobRef({ tenant: 'round-trip' });
      const state = aJobState({ unreadFrom: NOON - MINUTE, series: [SERIES, { ...SERIES, metric: 'own:metric' }] });

      const { outcome, bytes } = await store.put(of, state, undefined);

      expect(outcome).toBe('stored');
      expect(await store.get(of)).toEqual({ value: state, version: expect.any(String), bytes });
    },
  },
  {
    message: 'replaces a state only where it is the one that was read',
    async verify(store) {
      const of = aJobRef({ tenant: 'conditional' });
      await store.put(of, aJobState({ watermark: 1 }), undefined);
      const read = await store.get(of);

      expect(await store.put(of, aJobState({ watermark: 2 }), undefined)).toMatchObject({ outcome: 'conflict' });
      expect(await store.put(of, aJobState({ watermark: 3 }), read?.version)).toMatchObject({ outcome: 'stored' });
      expect(await store.put(of, aJobState({ watermark: 4 }), read?.version)).toMatchObject({ outcome: 'conflict' });
      expect((await store.get(of))?.value?.watermark).toBe(3);
    },
  },
  {
    message: 'keeps tenants, accounts, regions and jobs apart',
    async verify(store) {
      const of = aJobRef({ tenant: 'apart' });
      const all = [
        of,
        { ...of, tenant: 'apart-2' },
        { ...of, job: 'hourly' },
        { ...of, scope: { ...of.scope, account: 'a/b' } },
        { ...of, scope: { ...of.scope, region: null } },
      ];
      for (const [at, one] of all.entries()) {
        await store.put(one, aJobState({ watermark: at }), undefined);
        await store.putRun(aJobRun({ ...one, points: at }));
      }

      const found = await Promise.all(all.map((one) => store.get(one)));
      const runs = await Promise.all(all.map((one) => store.newestRun(one)));

      expect(found.map((one) => one?.value?.watermark)).toEqual([0, 1, 2, 3, 4]);
      expect(runs.map((one) => one?.points)).toEqual([0, 1, 2, 3, 4]);
    },
  },
  {
    message: 'has the newest run alone',
    async verify(store) {
      const of = aJobRef({ tenant: 'newest' });
      await store.putRun(aJobRun({ ...of, points: 1 }));
      await store.putRun(aJobRun({ ...of, points: 2 }));

      expect(await store.newestRun(of)).toEqual(aJobRun({ ...of, points: 2 }));
    },
  },
];
