import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readText, TooLongError } from '../../../adapters/promql/body.ts';
import { failureOfAnswer } from '../../../adapters/promql/errors.ts';

const MIB = 2 ** 20;

describe('the answer of a server', () => {
  it.each([401, 403])('is not repeated where it refuses credentials with %i: it may quote them', (status) => {
    const stated = { status: 'error', errorType: 'unauthorized', error: 'bad header Basic dXNlcjpTM0NSRVQ=' } as const;

    const failure = failureOfAnswer({ status, retryAfter: undefined, stated });

    expect(failure.reason).toBe('denied');
    expect(failure.detail).toMatch(new RegExp(`^HTTP ${status}; check `));
  });

  it('is repeated where it states what is wrong with a query', () => {
    const stated = { status: 'error', errorType: 'bad_data', error: 'unknown function' } as const;

    expect(failureOfAnswer({ status: 400, retryAfter: undefined, stated }).detail).toBe('bad_data: unknown function');
  });

  it('is too long with millions of empty objects, which take far more memory than their text', async () => {
    const body = Readable.from([Buffer.from('[{}'), ...Array.from({ length: 8 }, () => Buffer.alloc(MIB, ',{}'))]);

    await expect(readText({ status: 200, headers: {}, body }, 64 * MIB)).rejects.toBeInstanceOf(TooLongError);
  });
});
