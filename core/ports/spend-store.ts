/** Where is kept what a tenant spends beside its schedules, and what its cost cap leads to. Contract: test/contract/spend-store.ts. */
import type { CapState, JobSpend, RequestSpend } from '../model/spend.ts';
import type { PutOutcome, Versioned } from './conditional-put.ts';

/** Throws `StoreError`, and `ItemError` where an item is not as it is written. */
export interface SpendStore {
  /** Stores or overwrites what a request spent in an account and region: to add it twice is harmless. Kept for more than a month. */
  addRequest(tenant: string, spend: RequestSpend): Promise<void>;
  /**
   * Adds what reading a host spent, US dollars. Each call counts: reads are summed up, because people cause any number of them.
   * Kept for more than a month.
   */
  addRead(tenant: string, month: string, usd: number): Promise<void>;
  /** What all reads of hosts of a month spent, in US dollars. */
  readsOf(tenant: string, month: string): Promise<number>;
  /**
   * Adds what an inspection of a job spent; `usdPerMetric` replaces the one before unless it is null. Each call counts. Kept for more than
   * a month.
   */
  addJob(tenant: string, spend: JobSpend): Promise<void>;
  /** What each job spent in a month (`2026-11`), in no order. */
  jobsOf(tenant: string, month: string): Promise<readonly JobSpend[]>;
  /** What all requests of a month (`2026-11`) spent, reads of hosts and jobs among them, in US dollars. */
  requestsOf(tenant: string, month: string): Promise<number>;
  /** Undefined where no cap of the tenant was ever near. */
  getCap(tenant: string): Promise<Versioned<CapState> | undefined>;
  /** Stores the state if its item is still at `expectedVersion` (0: there is none). */
  putCap(tenant: string, state: CapState, expectedVersion: number): Promise<PutOutcome>;
}
