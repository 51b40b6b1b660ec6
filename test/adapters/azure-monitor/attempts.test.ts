/** What of the requests of Azure's clients is counted, and how large an answer may be: in the client's own pipeline. */
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

/** What became of a request, and of each try of it. */
async function send(httpClient: HttpClient, url = 'https://example.org', maxBytes?: number) {
  const tries: boolean[] = [];
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2, retryDelayInMs: 1 } });
  const { policy } = countAttempts((answered) => tries.push(answered), maxBytes);
  pipeline.addPolicy(policy, { afterPhase: 'Retry' });
  const request = createPipelineRequest({ url, allowInsecureConnection: true });
  const outcome = await pipeline.sendRequest(httpClient, request).then(
    ({ status, bodyAsText }) => ({ status, length: bodyAsText?.length ?? 0 }),
    (error: unknown) => failureOf(error),
  );
  return { outcome, tries };
}

it('counts each request that leaves, and whether it was answered', async () => {
  let refusals = 1;
  const httpClient: HttpClient = {
    sendRequest: async (request) => ({ request, status: refusals-- > 0 ? 503 : 200, headers: createHttpHeaders() }),
  };

  const { outcome, tries } = await send(httpClient);

  expect(outcome).toMatchObject({ status: 200 });
  expect(tries).toEqual([false, true]);
});

describe('a compressed answer', () => {
  /** The answer is gzip of as many bytes. */
  async function requestOf(bytes: number, maxBytes: number) {
    const url = await listening((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(bytes, ' ')));
    });
    return await send(createDefaultHttpClient(), url, maxBytes);
  }

  it('is read up to the most bytes that it may have when it is decompressed', async () => {
    expect(await requestOf(1_000_000, 1_000_000)).toEqual({
      outcome: { status: 200, length: 1_000_000 },
      tries: [true],
    });
  });

  it('is malformed when it has more, and is not requested again', async () => {
    expect(await requestOf(1_000_001, 1_000_000)).toEqual({
      outcome: {
        reason: 'malformed',
        retryable: false,
        detail: 'the answer could not be read: it has more than 1000000 bytes',
      },
      tries: [false],
    });
  });
});
