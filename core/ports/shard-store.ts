/** Which shards of a run are inspected, and what came of each. Contract: test/contract/shard-store.ts. */
import type { RunRef } from '../model/run-ref.ts';
import type { ShardResult } from '../model/shard-result.ts';

export interface FinishedShard {
  readonly shard: number;
  /** Epoch milliseconds. */
  readonly finishedAt: number;
  readonly result: ShardResult;
}

/** One item per shard, kept for some days. Throws `StoreError`. */
export interface ShardStore {
  /** Stores or overwrites. */
  put(run: RunRef, finished: FinishedShard): Promise<void>;
  /** Those of a run as they are now, in order of their numbers. */
  list(run: RunRef): AsyncIterable<FinishedShard>;
}
