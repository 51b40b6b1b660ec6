/** What every store of scored points promises. */
import { expect } from 'vitest';
import type { AnomalyResultsStore } from '../../core/ports/anomaly-results-store.ts';
import { ItemError } from '../../core/ports/errors.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { aJobRef, anAnomalyLine } from '../fixtures/point-jobs.ts';
import type { Check } from './check.ts';

const DAY = new Date(NOON).toISOString().slice(0, 10);

export const anomalyResultsStoreChecks: readonly Check<AnomalyResultsStore>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      expect(await store.cells({ tenant: 'never' }, DAY)).toEqual([]);
    },
  },
  {
    message: 'gives back the lines that were put, in their order',
    async verify(store) {
      const cell = { ...aJobRef({ tenant: 'round-trip' }), start: NOON };
      const lines = [anAnomalyLine({ host: 'i-2', part: 'mountpoint=/var' }), anAnomalyLine({ type: null, name: 'ü' })];

      await store.put(cell, lines);

      const [found, ...others] = await store.cells({ tenant: 'round-trip' }, DAY);
      expect(others).toEqual([]);
      expect(found?.start).toBe(NOON);
      expect(found && (await Array.fromAsync(store.lines(found)))).toEqual(lines);
    },
  },
  {
    message: 'overwrites a cell that is put again',
    async verify(store) {
      const cell = { ...aJobRef({ tenant: 'repeated' }), start: NOON };
      await store.put(cell, [anAnomalyLine(), anAnomalyLine()]);
      await store.put(cell, [anAnomalyLine({ host: 'i-9' })]);

      const cells = await store.cells({ tenant: 'repeated' }, DAY);
      const lines = await Promise.all(cells.map((one) => Array.fromAsync(store.lines(one))));

      expect(lines).toEqual([[anAnomalyLine({ host: 'i-9' })]]);
    },
  },
  {
    message: 'lists the cells of a day, the newest first, of the jobs that are named',
    async verify(store) {
      const of = aJobRef({ tenant: 'within' });
      const put = (at: typeof of, start: number) => store.put({ ...at, start }, [anAnomalyLine()]);
      await put(of, NOON);
      await put(of, NOON + MINUTE);
      await put(of, NOON + 24 * HOUR);
      await put({ ...of, job: 'hourly' }, NOON + 2 * MINUTE);
      await put({ ...of, scope: { ...of.scope, account: 'a/b' } }, NOON + 3 * MINUTE);
      const startsOf = async (within: object) =>
        (await store.cells({ tenant: 'within', ...within }, DAY)).map(({ start }) => (start - NOON) / MINUTE);

      expect(await startsOf({})).toEqual([3, 2, 1, 0]);
      expect(await startsOf({ job: 'resident' })).toEqual([3, 1, 0]);
      expect(await startsOf({ provider: 'aws', account: 'a/b' })).toEqual([3]);
      expect(await startsOf({ account: of.scope.account, job: 'hourly' })).toEqual([2]);
      expect(await startsOf({ region: null })).toEqual([]);
    },
  },
  {
    message: 'refuses lines that could not be read back',
    async verify(store) {
      const cell = { ...aJobRef({ tenant: 'refused' }), start: NOON };

      await expect(store.put(cell, [anAnomalyLine({ value: Number.NaN })])).rejects.toThrow(ItemError);
    },
  },
];
