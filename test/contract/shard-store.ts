/** What every store of shards promises. */
import { expect } from 'vitest';
import type { ShardStore } from '../../core/ports/shard-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aRunRef, aShardResult } from '../fixtures/runs.ts';
import type { Check } from './check.ts';

const finished = (shard: number, overrides: Parameters<typeof aShardResult>[0] = {}) => ({
  shard,
  finishedAt: NOON + shard,
  result: aShardResult(overrides),
});

const numbersOf = async (list: ReturnType<ShardStore['list']>) =>
  (await Array.fromAsync(list)).map(({ shard }) => shard);

export const shardChecks: readonly Check<ShardStore>[] = [
  {
    message: 'has no shards of a run that was never begun',
    async verify(store) {
      expect(await numbersOf(store.list(aRunRef({ tenant: 'unknown' })))).toEqual([]);
    },
  },
  {
    message: 'gives back what was put',
    async verify(store) {
      const run = aRunRef({ tenant: 'round-trip' });
      const shard = finished(3, { unreadable: { throttled: 2 }, failures: ['i-1: “throttled”'], superseded: true });

      await store.put(run, shard);

      expect(await Array.fromAsync(store.list(run))).toEqual([shard]);
    },
  },
  {
    message: 'lists shards in order of their numbers, however they were put',
    async verify(store) {
      const run = aRunRef({ tenant: 'ordered' });
      for (const shard of [10, 2, 100, 0, 1]) await store.put(run, finished(shard));

      expect(await numbersOf(store.list(run))).toEqual([0, 1, 2, 10, 100]);
    },
  },
  {
    message: 'overwrites a shard that is put again',
    async verify(store) {
      const run = aRunRef({ tenant: 'repeated' });
      await store.put(run, finished(0, { metricsBilled: 1 }));
      await store.put(run, finished(0, { metricsBilled: 2 }));

      const shards = await Array.fromAsync(store.list(run));

      expect(shards.map(({ result }) => result.metricsBilled)).toEqual([2]);
    },
  },
  {
    message: 'keeps runs apart by tenant, region, time and request',
    async verify(store) {
      const run = aRunRef({ tenant: 'apart' });
      const { scope } = run;
      await store.put(run, finished(0));
      await store.put({ ...run, tenant: 'apart-too' }, finished(1));
      await store.put({ ...run, scope: { ...scope, region: `${scope.region}2` } }, finished(2));
      await store.put({ ...run, scheduledTime: NOON + HOUR }, finished(3));
      await store.put({ ...run, trigger: 'on_demand', request: 'request-1' }, finished(4));

      expect(await numbersOf(store.list(run))).toEqual([0]);
    },
  },
];
