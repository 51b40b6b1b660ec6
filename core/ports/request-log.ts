/** What became of requests. Contract: test/contract/request-log.ts. */
import type { Dispatched, RegionResult } from '../model/inspection-result.ts';
import type { Scope } from '../model/series.ts';

/** A request of a tenant, by its idempotency key: two tenants may use the same one. */
export interface RequestKey {
  readonly tenant: string;
  readonly id: string;
}

/** What is known of a request so far. */
export interface LoggedRequest {
  /** Undefined where it was not dispatched: a function was invoked with it. */
  readonly dispatched: Dispatched | undefined;
  readonly results: readonly RegionResult[];
}

/** Requests and their results, kept for a week. Throws `StoreError`. */
export interface RequestLog {
  /** Stores that it was made. @param at Epoch milliseconds. */
  putRequested(key: RequestKey, at: number): Promise<void>;
  /** When it was made, epoch milliseconds; undefined where nobody stored that. */
  requestedAt(key: RequestKey): Promise<number | undefined>;
  /** Stores or overwrites what the request was dispatched to, or why it was not. */
  putDispatched(key: RequestKey, dispatched: Dispatched): Promise<void>;
  /** Stores or overwrites the result of its region. */
  putResult(key: RequestKey, result: RegionResult): Promise<void>;
  result(key: RequestKey, scope: Scope): Promise<RegionResult | undefined>;
  /** All of it, in order of provider, account and region; undefined where nothing is known. */
  read(key: RequestKey): Promise<LoggedRequest | undefined>;
}
