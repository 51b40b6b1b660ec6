/** What the dispatch function does with a batch of requests, without a cloud behind it. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import type { InspectionRequest } from '../../core/model/message.ts';
import { dispatchMessages } from '../../functions/dispatch-messages.ts';
import { aTenantConfig, MINUTE, NOON } from '../fixtures/builders.ts';
import { createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryRequestLog } from '../memory/stores.ts';
import { anSqsEvent } from './pipeline.ts';

const NOTHING_FAILED = { batchItemFailures: [] };

async function aFunction() {
  const configs = createMemoryConfigStore();
  await configs.put(aTenantConfig(), 0, 'external', NOON);
  const [aws, deadLetters] = [createMemoryQueue(), createMemoryQueue()];
  const requests = createMemoryRequestLog(() => NOON);
  const ports = {
    configs,
    requests,
    queues: {
      aws,
      gcp: createMemoryQueue(),
      azure: createMemoryQueue(),
      prometheus: createMemoryQueue(),
      otlp: createMemoryQueue(),
    },
    deadLetters,
  };
  const logger = new Logger({ logLevel: 'SILENT' });
  const handle = (...bodies: string[]) =>
    dispatchMessages(anSqsEvent(...bodies), { ports, logger, now: NOON + 20 * MINUTE });
  return { aws, deadLetters, requests, ports, logger, handle };
}

const aRequest = (overrides: Partial<InspectionRequest> = {}) =>
  JSON.stringify({ version: 1, tenant: 'acme', ...overrides });

describe('dispatchMessages', () => {
  it('dates a request by when it was sent, whenever it is delivered', async () => {
    const { aws, handle } = await aFunction();

    expect(await handle(aRequest())).toEqual(NOTHING_FAILED);

    expect(aws.sent).toMatchObject([{ scheduledTime: new Date(NOON).toISOString(), id: 'message-0' }]);
  });

  it('puts a request aside that names what there is not, with the reason', async () => {
    const { aws, deadLetters, handle } = await aFunction();
    const request = aRequest({ tenant: 'nobody' });

    expect(await handle(request)).toEqual(NOTHING_FAILED);

    expect(deadLetters.rejected).toEqual([
      { body: request, reason: expect.stringMatching(/there is no tenant nobody/) },
    ]);
    expect(aws.sent).toEqual([]);
  });

  it('puts the unknown part of a request aside, as a request that can be corrected and sent again', async () => {
    const { aws, deadLetters, handle } = await aFunction();

    await handle(aRequest({ id: 'r-1', account: '111122223333', regions: ['eu-west-1', 'eu-wst-1'] }));

    expect(aws.sent).toHaveLength(1);
    expect(deadLetters.rejected).toMatchObject([{ reason: expect.stringMatching(/does not have eu-wst-1/) }]);
    expect(deadLetters.rejected.map(({ body }) => JSON.parse(body))).toEqual([
      { version: 1, tenant: 'acme', account: '111122223333', regions: ['eu-wst-1'] },
    ]);
  });

  it.each([
    ['is not JSON', '{', /^not JSON/],
    ['has an unknown field', aRequest().replace('tenant', 'tenent'), /tenent: unknown field/],
    ['is too long', `{"tenant":"${'a'.repeat(70_000)}"}`, /^has \d+ characters/],
  ])('puts a request aside that %s', async (_, body, reason) => {
    const { deadLetters, handle } = await aFunction();

    expect(await handle(body)).toEqual(NOTHING_FAILED);

    expect(deadLetters.rejected).toEqual([{ body, reason: expect.stringMatching(reason) }]);
  });

  it('returns the one request to its queue that an inspection queue does not take', async () => {
    const { aws, handle } = await aFunction();
    aws.down = true;

    expect(await handle(aRequest(), aRequest({ tenant: 'nobody' }))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
  });

  it('drops an event that is no batch', async () => {
    const { aws, deadLetters, ports, logger } = await aFunction();

    expect(await dispatchMessages({ version: 1, tenant: 'acme' }, { ports, logger, now: NOON })).toEqual(
      NOTHING_FAILED,
    );

    expect([...aws.sent, ...deadLetters.rejected]).toEqual([]);
  });
});
