/** Where the health of inspections is kept. Contract: test/contract/health-store.ts. */
import type { ScopeHealth, WatchState } from '../model/health.ts';
import type { Scope } from '../model/series.ts';
import type { PutOutcome, Versioned } from './conditional-put.ts';

/** One item per tenant, account and region, and one per tenant of what it was notified of: both written by conditional puts. */
export interface HealthStore {
  get(tenant: string, scope: Scope): Promise<Versioned<ScopeHealth> | undefined>;
  /** Stores the health if its item is still at `expectedVersion` (0: there is none). */
  put(health: ScopeHealth, expectedVersion: number): Promise<PutOutcome>;
  /**
   * All accounts and regions of a tenant that were ever inspected on schedule. One that cannot be read back hides no other: it
   * is thrown as `ItemError` after them.
   */
  list(tenant: string): AsyncIterable<ScopeHealth>;
  getWatch(tenant: string): Promise<Versioned<WatchState> | undefined>;
  /** As `put`. */
  putWatch(tenant: string, state: WatchState, expectedVersion: number): Promise<PutOutcome>;
}
