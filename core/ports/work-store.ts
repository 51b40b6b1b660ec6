/** Where a run that one invocation cannot hold keeps what it works with. Contract: test/contract/work-store.ts. */
import type { Json } from '../model/json.ts';
import type { RunRef } from '../model/run-ref.ts';

/** Lists of values by name, kept for a few days: parts of a listing, and the hosts of each shard of a plan. */
export interface WorkStore {
  /** Stores or overwrites. Throws `StoreError`. */
  put(run: RunRef, name: string, values: readonly Json[]): Promise<void>;
  /** Undefined where there is none. Throws `StoreError`. */
  get(run: RunRef, name: string): Promise<readonly Json[] | undefined>;
}
