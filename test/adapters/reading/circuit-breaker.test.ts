/** When no more requests are sent. */
import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from '../../../adapters/reading/circuit-breaker.ts';
import { failureFor } from '../../../adapters/reading/failure.ts';

const TIMEOUT = failureFor('timeout', 'no answer in time');
const DENIED = failureFor('denied', 'no right to read');

describe('a circuit breaker', () => {
  it('opens when as many requests as it allows have failed in a row', () => {
    const breaker = createCircuitBreaker(2);

    breaker.record(TIMEOUT);
    expect(breaker.openedBy()).toBeUndefined();
    breaker.record(TIMEOUT);

    expect(breaker.openedBy()).toBe(TIMEOUT);
  });

  it('stays closed when one is answered in between', () => {
    const breaker = createCircuitBreaker(2);

    for (const failure of [TIMEOUT, undefined, TIMEOUT]) breaker.record(failure);

    expect(breaker.openedBy()).toBeUndefined();
  });

  it('opens at once when a request is denied, and does not close again', () => {
    const breaker = createCircuitBreaker(Number.POSITIVE_INFINITY);

    for (const failure of [TIMEOUT, DENIED, undefined]) breaker.record(failure);

    expect(breaker.openedBy()).toBe(DENIED);
  });
});
