/** Where runs are logged. Contract: test/contract/run-log.ts. */
import type { RunSummary } from '../model/run.ts';
import type { Scope } from '../model/series.ts';

/** Summaries of runs, kept for a limited time. */
export interface RunLog {
  /** Stores or overwrites the summary with its id. */
  put(summary: RunSummary): Promise<void>;
  /**
   * The newest runs of a tenant's account and region by scheduled time, newest first.
   *
   * @param until The latest scheduled time, epoch milliseconds; absent where there is none.
   */
  newest(tenant: string, scope: Scope, limit: number, until?: number): Promise<readonly RunSummary[]>;
}
