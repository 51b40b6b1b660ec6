/** What Azure's clients throw, as the reported reason. */
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../adapters/azure/errors.ts';

function refused(statusCode: number, headers: Record<string, string> = {}): RestError {
  const request = createPipelineRequest({ url: 'https://example.org' });
  const response = { request, status: statusCode, headers: createHttpHeaders(headers) };
  return new RestError('refused', { statusCode, request, response });
}

const anHourFrom = (time: number) => new Date(time + 3_600_000).toUTCString();

describe('a status of Azure', () => {
  it.each([
    [401, 'denied', false],
    [403, 'denied', false],
    [404, 'not_found', false],
    [400, 'malformed', false],
    [408, 'unavailable', true],
    [429, 'throttled', true],
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [529, 'throttled', true],
  ])('%d is reported as %s', (status, reason, retryable) => {
    expect(failureOf(refused(status))).toEqual({ reason, retryable, detail: `refused (HTTP ${status})` });
  });

  it('503 is a throttle where it names a time to wait', () => {
    expect(failureOf(refused(503, { 'retry-after': '5' }))).toMatchObject({ reason: 'throttled' });
  });

  it.each<[string, number, Record<string, string>]>([
    ['in seconds', 429, { 'retry-after': '31' }],
    ['in milliseconds', 429, { 'x-ms-retry-after-ms': '31000' }],
    ['in milliseconds otherwise', 429, { 'retry-after-ms': '31000' }],
    ['by a service that is unavailable', 503, { 'retry-after': '31' }],
  ])('has the time to wait that it names %s', (_, status, headers) => {
    expect(failureOf(refused(status, headers))).toEqual({
      reason: 'throttled',
      retryable: true,
      detail: `refused (HTTP ${status}, which names a wait of 31 s)`,
      retryAfterMs: 31_000,
    });
  });

  it('has the time to wait until the date that it names', () => {
    const { retryAfterMs } = failureOf(refused(429, { 'retry-after': anHourFrom(Date.now()) }));

    expect(retryAfterMs).toBeGreaterThan(3_500_000);
  });

  it.each([
    ['no time', { 'retry-after': '0' }],
    ['a time that is over', { 'retry-after': new Date(0).toUTCString() }],
    ['neither a time nor a date', { 'retry-after': 'soon' }],
  ])('names no wait with %s', (_, headers) => {
    expect(failureOf(refused(429, headers)).retryAfterMs).toBeUndefined();
  });
});
