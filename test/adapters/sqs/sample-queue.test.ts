/** Samples over SQS: that a batch arrives as it was sent, in as many messages as it takes. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MOST_MESSAGE_BYTES, readSampleMessage, sampleMessages } from '../../../adapters/sqs/sample-message.ts';
import { createSampleQueue } from '../../../adapters/sqs/sample-queue.ts';
import type { SampleBatch, SampleSeries } from '../../../core/model/sample.ts';
import { DeliveryError } from '../../../core/ports/errors.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { NOON } from '../../fixtures/builders.ts';
import { makeQueue } from '../queue-reader.ts';

let sandbox: Sandbox;
let client: SQSClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new SQSClient(sandbox.inProcess('eu-west-1'));
});
afterEach(() => sandbox.liftFaults());
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

/** Values that no packing makes shorter. */
const noise = (samples: number, seed: number) =>
  Array.from({ length: samples }, (_, index) => Math.floor(Math.abs(Math.sin(seed + index * 7.31)) * 2 ** 52));

function aBatch(hosts: number, samples: number): SampleBatch {
  const series = Array.from({ length: hosts }, (_, index): SampleSeries => {
    const times = Array.from({ length: samples }, (__, sample) => NOON + sample * 1000);
    return { host: `h-${index}`, metric: 'system.memory.usage', times, values: noise(samples, index) };
  });
  const scope = { version: 1, tenant: 'acme', account: 'fleet', receivedAt: NOON } as const;
  return { ...scope, hosts: series.map(({ host }) => ({ id: host, name: `${host}-ü` })), series };
}

describe('the queue of samples over SQS', () => {
  it('holds a batch as it was sent, grouped by tenant', async () => {
    const { url, read } = await makeQueue(client, 'samples');
    const groups: unknown[] = [];
    client.middlewareStack.add((next) => (args) => {
      if ('MessageGroupId' in args.input) groups.push(args.input.MessageGroupId);
      return next(args);
    });

    await createSampleQueue({ client, queueUrl: url }).send(aBatch(3, 10));

    const [message] = await read();
    expect(await readSampleMessage(message?.Body ?? '')).toEqual(aBatch(3, 10));
    expect(groups).toEqual(['acme']);
  });

  it('reports a queue that takes nothing, by name', async () => {
    const queue = createSampleQueue({ client, queueUrl: `${sandbox.endpoint}/000000000000/misspelled` });

    const sent = queue.send(aBatch(1, 1));

    await expect(sent).rejects.toThrow(DeliveryError);
    await expect(sent).rejects.toThrow(/misspelled did not take samples/);
  });
});

describe('messages of samples', () => {
  it('are as many as a batch takes, each within what SQS takes, each host with its series', async () => {
    const batch = aBatch(24, 5000);

    const messages = await sampleMessages(batch);

    expect(messages.length).toBeGreaterThan(1);
    expect(Math.max(...messages.map((text) => text.length))).toBeLessThanOrEqual(MOST_MESSAGE_BYTES);
    const parts = await Promise.all(messages.map(readSampleMessage));
    expect(parts.flatMap(({ series }) => series)).toEqual(batch.series);
    for (const { hosts, series } of parts) expect(hosts.map(({ id }) => id)).toEqual(series.map(({ host }) => host));
  });

  it('have a host together, wherever its series stand in the batch', async () => {
    const { hosts, series, ...scope } = aBatch(2, 10_000);
    const mixed = [...series, ...series, ...series, ...series];

    const messages = await sampleMessages({ ...scope, hosts, series: mixed });

    const parts = await Promise.all(messages.map(readSampleMessage));
    expect(parts.map((part) => part.hosts.map(({ id }) => id))).toEqual([['h-0'], ['h-1']]);
    expect(parts.map((part) => part.series.length)).toEqual([4, 4]);
  });

  it('are one where a series has as many samples as are allowed', async () => {
    expect(await sampleMessages(aBatch(1, 10_000))).toHaveLength(1);
  });

  it.each(['', 'no base64 at all', Buffer.from('{}').toString('base64')])(
    'are refused where they are none: %j',
    async (text) => {
      await expect(readSampleMessage(text)).rejects.toThrow('no packed JSON');
    },
  );
});
