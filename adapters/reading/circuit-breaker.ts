/** Stops sending requests after a failure that the remaining ones would meet too. */
import type { Failure } from './failure.ts';

export interface CircuitBreaker {
  /** Why no more requests are sent; undefined while the circuit is closed. */
  openedBy(): Failure | undefined;
  /** Records how a request ended: undefined where it was answered. */
  record(failure: Failure | undefined): void;
}

/**
 * Opens at once when a request is denied: the next request lacks the same right. Opens also after
 * `maxFailures` requests in a row that failed otherwise, each after its retries. It does not close again.
 */
export function createCircuitBreaker(maxFailures: number): CircuitBreaker {
  let failures = 0;
  let openedBy: Failure | undefined;
  return {
    openedBy: () => openedBy,
    record(failure) {
      failures = failure === undefined ? 0 : failures + 1;
      if (failure !== undefined && (failure.reason === 'denied' || failures >= maxFailures)) openedBy = failure;
    },
  };
}
