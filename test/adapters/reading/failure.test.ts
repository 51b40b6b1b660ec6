/** Which failures of a request pass by themselves. */
import { describe, expect, it } from 'vitest';
import { failureFor, OUT_OF_TIME } from '../../../adapters/reading/failure.ts';

describe('a failure', () => {
  it.each(['throttled', 'timeout', 'unavailable'] as const)('is retryable where the reason is %s', (reason) => {
    expect(failureFor(reason, 'why')).toEqual({ reason, retryable: true, detail: 'why' });
  });

  it.each(['denied', 'not_found', 'truncated', 'malformed'] as const)(
    'is not retryable where the reason is %s',
    (reason) => {
      expect(failureFor(reason, 'why')).toEqual({ reason, retryable: false, detail: 'why' });
    },
  );

  it('that the read’s own signal caused is one that passes', () => {
    expect(OUT_OF_TIME).toMatchObject({ reason: 'timeout', retryable: true });
  });
});
