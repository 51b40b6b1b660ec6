/** Where jobs of anomaly inspection keep what they remember. Contract: test/contract/point-state-store.ts. */
import type { JobRun } from '../model/job-run.ts';
import type { JobState } from '../model/job-state.ts';
import type { Scope } from '../model/series.ts';
import type { PutOutcome } from './conditional-put.ts';

/** A job of a tenant in one account and region. */
export interface JobRef {
  readonly tenant: string;
  readonly scope: Scope;
  readonly job: string;
}

/** A state that cannot be read back has no value and a reason, and is replaced as any other. */
export type FoundState = { readonly version: string; readonly bytes: number } & (
  | { readonly value: JobState; readonly damage?: undefined }
  | { readonly value: undefined; readonly damage: string }
);

/** Methods throw `StoreError`, and `ItemError` where something cannot be written as it would have to be read. */
export interface PointStateStore {
  get(of: JobRef): Promise<FoundState | undefined>;
  /**
   * Stores all of it or nothing.
   *
   * @param expected Version of the state that is replaced; undefined where there is none. `conflict` where there is another.
   */
  put(
    of: JobRef,
    state: JobState,
    expected: string | undefined,
  ): Promise<{ readonly outcome: PutOutcome; readonly bytes: number }>;
  /** Stores or overwrites what the newest inspection saw. */
  putRun(run: JobRun): Promise<void>;
  /** What the newest inspection saw; undefined where there was none, or it cannot be read back. */
  newestRun(of: JobRef): Promise<JobRun | undefined>;
}
