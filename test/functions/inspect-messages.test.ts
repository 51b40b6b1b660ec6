/** What an inspect function does with the messages of a batch, without a cloud behind it. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import { NOON } from '../fixtures/builders.ts';
import { createMemoryPublisher, createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryIncidentStore, createMemoryRunLog } from '../memory/stores.ts';
import { aMessage, anSqsEvent } from './pipeline.ts';

const NOTHING_FAILED = { batchItemFailures: [] };

function aFunction() {
  const queue = createMemoryQueue();
  const ports = {
    configs: createMemoryConfigStore(),
    incidents: createMemoryIncidentStore(),
    runs: createMemoryRunLog(() => NOON),
    publisher: createMemoryPublisher(),
    queue,
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

  it('skips a message of a tenant that there could be, and rejects nothing', async () => {
    const { queue, handle } = aFunction();

    expect(await handle(aMessage({ tenant: 'nobody' }))).toEqual(NOTHING_FAILED);

    expect(queue.rejected).toEqual([]);
  });

  it('returns a message to its queue when the dead-letter queue does not accept it', async () => {
    const { queue, handle } = aFunction();
    queue.down = true;

    expect(await handle('not json')).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });
});
