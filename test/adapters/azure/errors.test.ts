/** What Azure's clients throw, as the reported reason. */
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../adapters/azure/errors.ts';

function refused(statusCode: number, headers: Record<string, string> = {}): RestError {
  const request = createPipelineRequest({ url: 'https://example.org' });
  const response = { request, status: statusCode, headers: createHttpHeaders(headers) };
  return new RestError('refused', { statusCode, request, response });
}

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
});
