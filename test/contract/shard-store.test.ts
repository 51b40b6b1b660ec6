/** The suite of stores of shards: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { ShardStore } from '../../core/ports/shard-store.ts';
import { createMemoryShardStore } from '../memory/run-stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { shardChecks } from './shard-store.ts';

describe('the store of shards in memory', () => {
  itKeeps(shardChecks, createMemoryShardStore);
});

type Lie = (honest: ShardStore) => Partial<ShardStore>;

const LIES: readonly [string, string, Lie][] = [
  [
    'orders numbers as texts',
    'lists shards in order of their numbers, however they were put',
    ({ list }) => ({
      async *list(run) {
        const shards = await Array.fromAsync(list(run));
        yield* shards.sort((a, b) => String(a.shard).localeCompare(String(b.shard)));
      },
    }),
  ],
  [
    'mixes requests with the schedule',
    'keeps runs apart by tenant, region, time and request',
    ({ put }) => ({ put: (run, shard) => put({ ...run, request: null }, shard) }),
  ],
  [
    'mixes times',
    'keeps runs apart by tenant, region, time and request',
    ({ put }) => ({ put: (run, shard) => put({ ...run, scheduledTime: NOON_OF_ALL }, shard) }),
  ],
  ['keeps nothing', 'gives back what was put', () => ({ put: async () => undefined })],
];

const NOON_OF_ALL = Date.UTC(2026, 10, 20, 12);

describe('the suite of stores of shards', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryShardStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(shardChecks, liar)).toContain(promise);
  });
});
