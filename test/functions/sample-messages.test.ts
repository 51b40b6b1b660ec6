/** What store-samples does with its queue: whatever fails, and whatever comes twice, each sample is there once. */
import { Logger } from '@aws-lambda-powertools/logger';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createSampleStore } from '../../adapters/s3/sample-store.ts';
import { sampleMessages } from '../../adapters/sqs/sample-message.ts';
import type { SampleBatch } from '../../core/model/sample.ts';
import { combineChunks } from '../../core/model/sample-chunk.ts';
import { MEMORY_USAGE, PROCESS_MEMORY } from '../../core/model/series.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { storeSampleMessages } from '../../functions/sample-messages.ts';
import { BUCKET, startBucket } from '../adapters/s3/bucket.ts';
import { createMemorySampleStore } from '../memory/sample-store.ts';

const { client, close } = await startBucket();
afterAll(close);

const MINUTE = 60_000;
const FIVE = Date.UTC(2026, 10, 29, 5);
const DAY = { start: FIVE - 5 * 60 * MINUTE, end: FIVE + 19 * 60 * MINUTE };
const logger = new Logger({ logLevel: 'SILENT' });

interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** What a host sends at each of these minutes: its own memory and that of two processes. */
async function messagesOf(tenant: string, minutes: readonly number[]): Promise<Message[]> {
  const sent = minutes.map(async (minute, index): Promise<Message> => {
    const samples = { host: 'web-1', times: [FIVE + minute * MINUTE], values: [minute + 1] };
    const batch: SampleBatch = {
      version: 1,
      tenant,
      account: 'production',
      receivedAt: FIVE + minute * MINUTE,
      hosts: [{ id: 'web-1' }],
      series: [
        { ...samples, metric: MEMORY_USAGE },
        ...[1, 2].map((pid) => ({ ...samples, metric: PROCESS_MEMORY, process: { name: 'node', pid } })),
      ],
    };
    return { messageId: `${tenant}-${index}`, body: (await sampleMessages(batch))[0] ?? '' };
  });
  return Promise.all(sent);
}

/** Returns the messages that go back to the queue. */
async function deliver(messages: readonly Message[], samples: Pick<SampleStore, 'put'>): Promise<Message[]> {
  const Records = messages.map((message) => ({ ...message, eventSource: 'aws:sqs' }));
  const { batchItemFailures } = await storeSampleMessages({ Records }, { ports: { samples }, logger });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return messages.filter(({ messageId }) => failed.has(messageId));
}

/** The minutes of the samples of the host, and of each process: as every reader keeps them. */
async function minutesIn(store: SampleStore, tenant: string): Promise<number[][]> {
  const of = { tenant, account: 'production' };
  const own = await Array.fromAsync(store.hosts(of, DAY));
  const ofProcesses = await Array.fromAsync(store.processes(of, 'web-1', DAY));
  return combineChunks([...own, ...ofProcesses]).series.map(({ times }) => times.map((time) => (time - FIVE) / MINUTE));
}

const MINUTES = [0, 10, 20, 50, 60, 70];
const ALL = [MINUTES, MINUTES, MINUTES];

describe('store-samples', () => {
  it('loses and doubles nothing while the store is down for ten minutes', async () => {
    const store = createSampleStore({ client, bucket: BUCKET });
    const messages = await messagesOf('down', MINUTES);
    let refuses = true;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (refuses && context.commandName === PutObjectCommand.name) throw new Error('S3 does not answer.');
        return next(args);
      },
      { step: 'initialize', name: 'down' },
    );

    // Each comes again when it is visible again, until the store answers; others come meanwhile.
    const first = await deliver(messages.slice(0, 4), store);
    const second = await deliver([...first, ...messages.slice(4)], store);
    refuses = false;
    const third = await deliver(second, store);

    expect([first.length, second.length, third.length]).toEqual([4, 6, 0]);
    expect(await minutesIn(store, 'down')).toEqual(ALL);
  });

  it('loses and doubles nothing where it is ended after any of its writes', async () => {
    for (const ended of [1, 2, 3]) {
      const store = createMemorySampleStore();
      const messages = await messagesOf('ended', MINUTES);
      let writes = 0;
      const put: SampleStore['put'] = async (...chunk) => {
        if (++writes > ended) throw new Error('The function was ended.');
        await store.put(...chunk);
      };

      // Whoever is ended gives no answer: all messages come again, and in other batches.
      await deliver(messages, { put });
      for (const again of [messages.slice(3), messages.slice(0, 3)]) expect(await deliver(again, store)).toEqual([]);

      expect(await minutesIn(store, 'ended')).toEqual(ALL);
    }
  });

  it('keeps each sample once, whatever comes how often, in whatever batches, and whatever fails and is merged meanwhile', async () => {
    const deliveries = fc.array(
      fc.record({ indices: fc.uniqueArray(fc.nat(MINUTES.length - 1)), fails: fc.boolean(), merges: fc.boolean() }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(deliveries, async (all) => {
        const store = createMemorySampleStore();
        const messages = await messagesOf('any', MINUTES);
        const failing = { put: async () => Promise.reject(new StoreError('S3 did not answer.')) };
        for (const { indices, fails, merges } of all) {
          const batch = messages.filter((_, index) => indices.includes(index));
          await deliver(batch, fails ? failing : store);
          if (merges) await store.merge({ tenant: 'any', account: 'production' }, DAY);
        }

        await deliver(messages, store);

        expect(await minutesIn(store, 'any')).toEqual(ALL);
      }),
      { numRuns: 20 },
    );
  });

  it('gives back a message that it cannot read, and stores the others', async () => {
    const store = createMemorySampleStore();
    const messages = await messagesOf('malformed', [0]);
    const malformed = ['', 'hello', '{}'].map((body, index) => ({ messageId: `broken-${index}`, body }));

    const failed = await deliver([...malformed, ...messages], store);

    expect(failed).toEqual(malformed);
    expect(await minutesIn(store, 'malformed')).toEqual([[0], [0], [0]]);
  });

  it('drops an event that is no batch', async () => {
    const samples = createMemorySampleStore();

    expect(await storeSampleMessages({ hello: 'world' }, { ports: { samples }, logger })).toEqual({
      batchItemFailures: [],
    });
  });
});
