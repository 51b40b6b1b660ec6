/** Where runs are kept that one invocation cannot hold. Contract: test/contract/open-run-store.ts. */
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { PutOutcome, Versioned } from './conditional-put.ts';

/** Of a tenant's account and region there is one run of the schedule at a time, the newest, and one of each request. */
export type OpenRunKey = Pick<RunRef, 'tenant' | 'scope' | 'request'>;

/** One item per key, written by conditional puts, and kept for some days. Throws `StoreError`. */
export interface OpenRunStore {
  /** As it is now. */
  get(key: OpenRunKey): Promise<Versioned<OpenRun> | undefined>;
  /** Stores the run if its item is still at `expectedVersion` (0: there is none). */
  put(open: OpenRun, expectedVersion: number): Promise<PutOutcome>;
  /** Runs of all tenants that are not closed. One that cannot be read back hides no other: it is thrown as `ItemError` after them. */
  list(): AsyncIterable<Versioned<OpenRun>>;
}
