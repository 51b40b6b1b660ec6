/** How long a throttled request of Azure's clients waits as the service demands: in the client's own pipeline of retries. */
import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../adapters/azure/errors.ts';
import { countAttempts } from '../../../adapters/azure-monitor/attempts.ts';

const anHourFrom = (time: number) => new Date(time + 3_600_000).toUTCString();

/** A service that refuses once, and what became of the request. */
async function ask(status: number, headers: Record<string, string>) {
  const tries: boolean[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const refused = tries.length === 0;
      return { request, status: refused ? status : 200, headers: createHttpHeaders(refused ? headers : {}) };
    },
  };
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2, retryDelayInMs: 1 } });
  for (const { policy, position } of countAttempts((answered) => tries.push(answered))) {
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Retry' } : {});
  }
  const request = createPipelineRequest({ url: 'https://example.org' });
  const outcome = await pipeline.sendRequest(httpClient, request).then(
    (response) => response.status,
    (error: unknown) => failureOf(error),
  );
  return { outcome, tries };
}

describe('a request that is throttled', () => {
  it.each<[string, number, Record<string, string>]>([
    ['in seconds', 429, { 'retry-after': '31' }],
    ['as a date', 429, { 'retry-after': anHourFrom(Date.now()) }],
    ['in milliseconds', 429, { 'x-ms-retry-after-ms': '31000' }],
    ['in milliseconds otherwise', 429, { 'retry-after-ms': '31000' }],
    ['by a service that is unavailable', 503, { 'retry-after': '3600' }],
  ])('is given up at once where the time to wait is too long, given %s', async (_, status, headers) => {
    const { outcome, tries } = await ask(status, headers);

    expect(outcome).toMatchObject({
      reason: 'throttled',
      retryable: true,
      detail: expect.stringContaining('to wait is'),
    });
    expect(tries).toEqual([false]);
  });

  it.each<[string, number, Record<string, string>]>([
    ['no time', 429, { 'retry-after': '0' }],
    ['a time that is over', 429, { 'retry-after': new Date(0).toUTCString() }],
    ['a short time', 503, { 'retry-after-ms': '2' }],
  ])('is sent again after %s', async (_, status, headers) => {
    expect(await ask(status, headers)).toEqual({ outcome: 200, tries: [false, true] });
  });
});
