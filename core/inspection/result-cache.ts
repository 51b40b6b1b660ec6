/** The results of a run, which an invocation need not read back where it wrote them itself. */
import type { ResultLine } from '../model/result-line.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { ResultsStore } from '../ports/results-store.ts';

/** Shards that are kept in memory: a thousand lines have about a megabyte. */
const KEPT = 12;

export interface ResultCache {
  put(shard: number, lines: readonly ResultLine[]): Promise<void>;
  /** Those of the first so many shards, in order. */
  lines(shards: number): AsyncIterable<ResultLine>;
}

export function createResultCache(run: RunRef, results: ResultsStore): ResultCache {
  const kept = new Map<number, readonly ResultLine[]>();
  return {
    async put(shard, lines) {
      await results.putShard(run, shard, lines);
      if (kept.size < KEPT) kept.set(shard, lines);
    },
    async *lines(shards) {
      for (let shard = 0; shard < shards; shard++) yield* kept.get(shard) ?? results.shard(run, shard);
    },
  };
}
