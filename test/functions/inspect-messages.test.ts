/** What an inspect function does with the messages of a batch, without a cloud behind it. */

import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { replayRegion } from '../../core/backtest/replay-region.ts';
import { sendEverything } from '../../core/incidents/decide.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import { MINUTE, NOON } from '../fixtures/builders.ts';
import { createMemoryPublisher, createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryPointStores } from '../memory/point-stores.ts';
import { createMemoryRunStores } from '../memory/run-stores.ts';
import {
  createMemoryConfigStore,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentStore,
  createMemoryRequestLog,
  createMemoryRunLog,
  createMemorySpendStore,
} from '../memory/stores.ts';
import { aMessage, anSqsEvent } from './pipeline.ts';

const NOTHING_FAILED = { batchItemFailures: [] };

function aFunction() {
  const queue = createMemoryQueue();
  const ports = {
    configs: createMemoryConfigStore(),
    incidents: createMemoryIncidentStore(),
    runs: createMemoryRunLog(() => NOON),
    health: createMemoryHealthStore(),
    publisher: createMemoryPublisher(),
    log: createMemoryEventLog(),
    decide: sendEverything,
    queue,
    requests: createMemoryRequestLog(() => NOON),
    provider: 'aws' as const,
    replay: replayRegion,
    ...createMemoryRunStores(),
    ...createMemoryPointStores(),
    spend: createMemorySpendStore(),
    openSource() {
      throw new Error('no account is configured');
    },
  };
  const logger = new Logger({ logLevel: 'SILENT' });
  const context = { getRemainingTimeInMillis: () => 300_000 };
  const handle = (...bodies: Parameters<typeof anSqsEvent>) =>
    inspectMessages(anSqsEvent(...bodies), { ports, logger, context, now: NOON });
  return { queue, handle };
}

describe('inspectMessages', () => {
  it.each(['Acme', 'acme/other', 'acme_1', '-acme', '', 'a'.repeat(41)])(
    'rejects a message whose tenant cannot be the id of one: %j',
    async (tenant) => {
      const { queue, handle } = aFunction();

      expect(await handle(aMessage({ tenant }))).toEqual(NOTHING_FAILED);

      expect(queue.rejected).toEqual([
        { body: JSON.stringify(aMessage({ tenant })), reason: expect.stringMatching(/^tenant: must be/) },
      ]);
    },
  );

  it('puts a message aside of a tenant that there could be and is not, with the reason', async () => {
    const { queue, handle } = aFunction();
    const message = aMessage({ tenant: 'nobody', trigger: 'on_demand' });

    expect(await handle(message)).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toEqual([
      { body: JSON.stringify(message), reason: expect.stringMatching(/there is no tenant nobody/) },
    ]);
  });

  it('leaves a message of a schedule behind whose tenant was deleted', async () => {
    const { queue, handle } = aFunction();

    expect(await handle(aMessage({ tenant: 'nobody', trigger: 'schedule' }))).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toEqual([]);
  });

  it('returns a message to its queue when the dead-letter queue does not accept it', async () => {
    const { queue, handle } = aFunction();
    queue.down = true;

    expect(await handle('not json')).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });

  it('puts a message aside that is dated in the future, with the reason', async () => {
    const { queue, handle } = aFunction();
    const message = aMessage({ scheduledTime: new Date(NOON + 120 * MINUTE).toISOString() });

    expect(await handle(message)).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toEqual([
      {
        body: JSON.stringify(message),
        reason: expect.stringMatching(/^scheduledTime: .* is 120 minutes ahead of the clock; 15 are allowed/),
      },
    ]);
  });

  it('puts a message aside that is too long, before it is parsed', async () => {
    const { queue, handle } = aFunction();
    const long = `{"version":1,"tenant":"${'a'.repeat(10_000_000)}"}`;

    expect(await handle(long)).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toMatchObject([{ reason: expect.stringMatching(/^has \d+ characters; .* at most 65536$/) }]);
  });

  it('names the first few of the fields that are wrong in a message', async () => {
    const { queue, handle } = aFunction();
    const unknown = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field-${index}`, index]));

    await handle(JSON.stringify({ ...aMessage(), ...unknown }));

    expect(queue.rejected).toMatchObject([{ reason: expect.stringMatching(/^field-0: .*; and 1990 more$/) }]);
  });

  it('drops an event with more records than a queue hands over', async () => {
    const { queue, handle } = aFunction();

    expect(await handle(...Array.from({ length: 10_001 }, () => 'not json'))).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toEqual([]);
  });
});
