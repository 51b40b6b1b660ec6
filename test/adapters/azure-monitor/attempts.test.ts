/** How long a throttled request of Azure's clients waits, and how large an answer may be: in the client's own pipeline of retries. */
import { gzipSync } from 'node:zlib';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../adapters/azure/errors.ts';
import { countAttempts } from '../../../adapters/azure-monitor/attempts.ts';
import { listening } from '../../fixtures/listening.ts';

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

/** What became of a request, and how many left, where the answer is gzip of as many bytes. */
async function askFor(bytes: number, maxBytes: number) {
  const tries: boolean[] = [];
  const url = await listening((_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(Buffer.alloc(bytes, ' ')));
  });
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2, retryDelayInMs: 1 } });
  for (const { policy, position } of countAttempts((answered) => tries.push(answered), maxBytes)) {
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Retry' } : {});
  }
  const request = createPipelineRequest({ url, allowInsecureConnection: true });
  const outcome = await pipeline.sendRequest(createDefaultHttpClient(), request).then(
    (response) => response.bodyAsText?.length,
    (error: unknown) => failureOf(error),
  );
  return { outcome, tries };
}

describe('a compressed answer', () => {
  it('is read up to the most bytes that it may have when it is decompressed', async () => {
    expect(await askFor(1_000_000, 1_000_000)).toEqual({ outcome: 1_000_000, tries: [true] });
  });

  it('is malformed when it has more, and is not requested again', async () => {
    expect(await askFor(1_000_001, 1_000_000)).toEqual({
      outcome: {
        reason: 'malformed',
        retryable: false,
        detail: 'the answer could not be read: it has more than 1000000 bytes',
      },
      tries: [false],
    });
  });
});
