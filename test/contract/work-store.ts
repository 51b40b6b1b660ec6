/** What every store of work promises. */
import { expect } from 'vitest';
import type { Json } from '../../core/model/json.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aRunRef } from '../fixtures/result-lines.ts';
import type { Check } from './check.ts';

export const workStoreChecks: readonly Check<WorkStore>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      expect(await store.get(aRunRef({ tenant: 'never' }), 'plan/00000')).toBeUndefined();
    },
  },
  {
    message: 'gives back the values that were put, in their order',
    async verify(store) {
      const run = aRunRef({ tenant: 'round-trip' });
      const values: Json[] = [null, true, 0, 1.5, '', 'grün\n“web”\u2028', [], [[1]], {}, { a: { b: null } }];

      await store.put(run, 'parts/hosts/1', values);

      expect(await store.get(run, 'parts/hosts/1')).toEqual(values);
    },
  },
  {
    message: 'distinguishes an empty list from none',
    async verify(store) {
      const run = aRunRef({ tenant: 'empty' });

      await store.put(run, 'plan/00000', []);

      expect(await store.get(run, 'plan/00000')).toEqual([]);
      expect(await store.get(run, 'plan/00001')).toBeUndefined();
    },
  },
  {
    message: 'overwrites what is put again',
    async verify(store) {
      const run = aRunRef({ tenant: 'repeated' });
      await store.put(run, 'cursor', ['first', 'second']);

      await store.put(run, 'cursor', ['third']);

      expect(await store.get(run, 'cursor')).toEqual(['third']);
    },
  },
  {
    message: 'keeps runs and names apart',
    async verify(store) {
      const run = aRunRef({ tenant: 'apart' });
      const runs = [
        run,
        { ...run, tenant: 'apart-2' },
        { ...run, scheduledTime: NOON + HOUR },
        { ...run, request: 'r' },
      ];
      const names = ['plan/00000', 'plan/00001', 'plan', 'plan/../plan', 'plan/00000 '];
      for (const [at, one] of runs.entries()) for (const name of names) await store.put(one, name, [at, name]);

      for (const [at, one] of runs.entries())
        for (const name of names) expect(await store.get(one, name)).toEqual([at, name]);
    },
  },
  {
    message: 'gives back thousands of values',
    async verify(store) {
      const run = aRunRef({ tenant: 'many' });
      const values = Array.from({ length: 5000 }, (_, index) => ({ id: `i-${index}`, tags: { team: 'a'.repeat(50) } }));

      await store.put(run, 'plan/00000', values);

      expect(await store.get(run, 'plan/00000')).toEqual(values);
    },
  },
];
