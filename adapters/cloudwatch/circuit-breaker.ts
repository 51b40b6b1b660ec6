/** When to stop asking: a failure that strikes one request after the other is that of all that are left. */
import type { Failure } from '../reading/failure.ts';

/** Requests in a row that fail, each with the client's own retries: one or two may be bad luck. */
const MOST_FAILED = 4;

export interface CircuitBreaker {
  /** Why nothing more is asked; undefined while there is hope. */
  lost(): Failure | undefined;
  /** Notes how a request ended: undefined where it was answered. */
  note(failure: Failure | undefined): void;
}

export function createCircuitBreaker(): CircuitBreaker {
  let failed = 0;
  let lost: Failure | undefined;
  return {
    lost: () => lost,
    note(failure) {
      failed = failure === undefined ? 0 : failed + 1;
      // A right that is lacking is lacking for the next request too.
      if (failure !== undefined && (failure.reason === 'denied' || failed >= MOST_FAILED)) lost = failure;
    },
  };
}
