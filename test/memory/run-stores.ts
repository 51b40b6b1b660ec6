/** The stores of runs in several shards, in memory: second adapters for the contract suites, and quick ones for tests. */
import type { OpenRun } from '../../core/model/open-run.ts';
import { type RunRef, runName } from '../../core/model/run-ref.ts';
import type { Versioned } from '../../core/ports/conditional-put.ts';
import type { OpenRunKey, OpenRunStore } from '../../core/ports/open-run-store.ts';
import type { FinishedShard, ShardStore } from '../../core/ports/shard-store.ts';
import { createMemoryResultsStore, createMemoryWorkStore } from './results.ts';

export function createMemoryOpenRunStore(): OpenRunStore {
  const runs = new Map<string, Versioned<OpenRun>>();
  const keyOf = ({ tenant, scope: { provider, account, region }, request }: OpenRunKey) =>
    JSON.stringify([tenant, provider, account, region, request]);
  return {
    get: async (key) => runs.get(keyOf(key)),
    async put(open, expectedVersion) {
      const key = keyOf(open.run);
      if ((runs.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
      runs.set(key, { value: open, version: expectedVersion + 1 });
      return 'stored';
    },
    async *list() {
      for (const stored of [...runs.values()]) if (stored.value.state !== 'closed') yield stored;
    },
  };
}

function textOf({ tenant, scope: { provider, account, region }, ...run }: RunRef): string {
  return JSON.stringify([tenant, provider, account, region, runName(run)]);
}

export function createMemoryShardStore(): ShardStore {
  const shards = new Map<string, Map<number, FinishedShard>>();
  return {
    async put(run, finished) {
      const known = shards.get(textOf(run)) ?? new Map<number, FinishedShard>();
      shards.set(textOf(run), known.set(finished.shard, finished));
    },
    async *list(run) {
      yield* [...(shards.get(textOf(run))?.values() ?? [])].sort((a, b) => a.shard - b.shard);
    },
  };
}

/** What an inspection needs beside incidents and the log of runs. */
export function createMemoryRunStores() {
  return {
    openRuns: createMemoryOpenRunStore(),
    shards: createMemoryShardStore(),
    results: createMemoryResultsStore(),
    work: createMemoryWorkStore(),
    closeHooks: [],
  };
}
