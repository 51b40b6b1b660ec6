/** Where the results of runs are kept. Contract: test/contract/results-store.ts. */
import type { ResultLine } from '../model/result-line.ts';
import type { RunHead } from '../model/run-head.ts';
import type { RunRef } from '../model/run-ref.ts';

/** Every host's result of every run, in objects of one shard each, and a head for each run. */
export interface ResultsStore {
  /** Stores or overwrites the lines of one shard: a retry writes the same object. Throws `StoreError`. */
  putShard(run: RunRef, shard: number, lines: readonly ResultLine[]): Promise<void>;
  /** The lines of one shard, whether it was compacted since or not. Yields nothing where there is none. Throws `StoreError`. */
  shard(run: RunRef, shard: number): AsyncIterable<ResultLine>;
  /** Stores or overwrites. */
  putHead(run: RunRef, head: RunHead): Promise<void>;
  head(run: RunRef): Promise<RunHead | undefined>;
}
