/** What the errors of AWS clients are read as. Those that a server can be made to give are tried over the wire elsewhere. */
import { describe, expect, it } from 'vitest';
import { failureOf, hasLeft, isNotSignedIn } from '../../../adapters/aws/errors.ts';
import { SourceError } from '../../../core/ports/errors.ts';

function sdkError(name: string, more: object = {}): Error {
  return Object.assign(new Error('what happened\nadvice of the client'), { name, ...more });
}

const BAD_REQUEST = { httpStatusCode: 400 };
const LATE = { message: 'Signature expired: 20261129T120000Z is now earlier than 20261129T120100Z' };

const anHourFrom = (time: number) => new Date(time + 3_600_000).toUTCString();

describe('the failure that an AWS error is', () => {
  it.each([
    ['a throttle by name', sdkError('ThrottlingException'), 'throttled', true],
    ['a throttle by status', sdkError('Whatever', { $metadata: { httpStatusCode: 429 } }), 'throttled', true],
    ['a throttle by trait', sdkError('Whatever', { $retryable: { throttling: true } }), 'throttled', true],
    ['a denial by name', sdkError('UnrecognizedClientException'), 'denied', false],
    ['a denial by status', sdkError('Whatever', { $metadata: { httpStatusCode: 403 } }), 'denied', false],
    ['credentials that nobody has', sdkError('CredentialsProviderError'), 'denied', false],
    ['a region that nobody names', new Error('Region is missing'), 'malformed', false],
    ['an answer that took too long', sdkError('TimeoutError'), 'timeout', true],
    ['a connection that was refused', sdkError('TimeoutError', { code: 'ECONNREFUSED' }), 'unavailable', true],
    ['a name that is not found', sdkError('Error', { code: 'ENOTFOUND' }), 'unavailable', true],
    [
      'a page that is no more',
      sdkError('InvalidNextToken', { $metadata: { httpStatusCode: 400 } }),
      'truncated',
      false,
    ],
    [
      'a request that was refused',
      sdkError('ValidationError', { $metadata: { httpStatusCode: 400 } }),
      'malformed',
      false,
    ],
    ['a refusal that may pass', sdkError('Whatever', { $retryable: {}, $metadata: BAD_REQUEST }), 'unavailable', true],
    ['a clock that was wrong', sdkError('AccessDenied', { $metadata: { clockSkewCorrected: true } }), 'denied', true],
    ['a request that left late', sdkError('InvalidSignatureException', LATE), 'denied', true],
    ['a server that failed', sdkError('InternalFailure', { $metadata: { httpStatusCode: 500 } }), 'unavailable', true],
  ])('reports %s', (_, error, reason, retryable) => {
    expect(failureOf(error)).toMatchObject({ reason, retryable });
  });

  it.each([
    ['in seconds', { 'retry-after': '31' }, 31_000],
    ['in milliseconds', { 'x-amz-retry-after': '250' }, 250],
  ])('has the time to wait that the service names %s', (_, headers, ms) => {
    const error = sdkError('Throttling', { $response: { headers } });

    expect(failureOf(error).retryAfterMs).toBe(ms);
  });

  it('has the time to wait until the date that the service names', () => {
    const error = sdkError('Throttling', { $response: { headers: { 'retry-after': anHourFrom(Date.now()) } } });

    expect(failureOf(error).retryAfterMs).toBeGreaterThan(3_500_000);
  });

  it('is a timeout once the signal is aborted, whatever was thrown', () => {
    expect(failureOf(sdkError('TypeError'), AbortSignal.abort())).toMatchObject({ reason: 'timeout', retryable: true });
  });

  it('is that of a source error, unchanged', () => {
    const error = new SourceError('the role is gone', { reason: 'not_found', retryable: false });

    expect(failureOf(error)).toEqual({ reason: 'not_found', retryable: false, detail: 'the role is gone' });
  });

  it('has the first line of the message, without the advice of the client', () => {
    expect(failureOf(sdkError('InternalFailure')).detail).toBe('InternalFailure: what happened');
  });

  it('explains how to provide credentials when there are none', () => {
    const error = Object.assign(new Error('Profile nope could not be found in shared credentials file.\nadvice'), {
      name: 'CredentialsProviderError',
    });

    expect(failureOf(error).detail).toBe(
      'your AWS credentials could not be found (Profile nope could not be found in shared credentials file.): name a profile that exists (AWS_PROFILE), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in',
    );
  });
});

describe('nobody who is signed in', () => {
  it.each([
    ['has no credentials', 'CredentialsProviderError', true],
    ['has credentials that are over', 'ExpiredTokenException', true],
    ['has a key that AWS does not know', 'InvalidClientTokenId', true],
    ['is not somebody who may not read', 'AccessDenied', false],
  ])('%s', (_, name, expected) => {
    expect(isNotSignedIn(sdkError(name))).toBe(expected);
  });

  it('names the network and the region where the service has no address', () => {
    const error = sdkError('Error', { code: 'ENOTFOUND' });

    expect(isNotSignedIn(error)).toBe(false);
    expect(failureOf(error).detail).toBe(
      'no address was found (what happened): is there a network, and such a region?',
    );
  });
});

describe('a request that failed', () => {
  it.each([
    ['throttled', sdkError('Throttling', { $metadata: { attempts: 1 } }), true],
    ['aborted', sdkError('AbortError'), true],
    ['without credentials', sdkError('CredentialsProviderError', { $metadata: { attempts: 1 } }), false],
    ['with a role that was refused', new SourceError('no', { reason: 'denied', retryable: false }), false],
  ])('%s counts as sent or not', (_, error, expected) => {
    expect(hasLeft(error)).toBe(expected);
  });
});
