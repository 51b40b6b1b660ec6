/**
 * The promises of the publisher and the queue, kept on an SNS and SQS that others wrote. Their failures are tested in
 * test/adapters.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '../../../adapters/sns/publisher.ts';
import { createInspectionQueue } from '../../../adapters/sqs/inspection-queue.ts';
import { listenToTopics, makeQueue } from '../../adapters/queue-reader.ts';
import { itKeeps } from '../../contract/check.ts';
import { type InspectionQueueSubject, inspectionQueueChecks } from '../../contract/inspection-queue.ts';
import { type PublisherSubject, publisherChecks, SUBSCRIBED } from '../../contract/publisher.ts';
import { clients, HOME, REGION, reset } from './moto.ts';

const { sns, sqs } = clients();
let made = 0;

beforeAll(reset);
afterAll(reset);

describe('the publisher on moto', () => {
  itKeeps(publisherChecks, startPublisher);
});

describe('the queue of inspections on moto', () => {
  itKeeps(inspectionQueueChecks, startQueue);

  it('truncates a rejected body of characters beyond the first plane between two of them', async () => {
    const { queue, aside } = await startQueue();

    await queue.reject(`x${'\u{1f600}'.repeat(100_000)}`, '\u{1f600}');

    const [rejected] = await aside();
    expect(rejected?.body).toMatch(/^x\u{1f600}+$/u);
    expect(rejected?.reason).toBe('\u{1f600}');
  });
});

async function startPublisher(): Promise<PublisherSubject> {
  const name = `plimsoll-contract-${++made}-`;
  const publisher = createPublisher({ client: sns, topicArnPrefix: `arn:aws:sns:${REGION}:${HOME}:${name}` });
  const queueOf = await listenToTopics({ topics: sns, queues: sqs }, publisher, name, SUBSCRIBED);
  return {
    publisher,
    received: async (tenant) => (await queueOf(tenant).read()).map(({ Body = '' }) => JSON.parse(Body)),
  };
}

async function startQueue(): Promise<InspectionQueueSubject> {
  made++;
  const [main, dead] = [await makeQueue(sqs, `inspect-${made}`), await makeQueue(sqs, `inspect-dead-${made}`)];
  return {
    queue: createInspectionQueue({ client: sqs, queueUrl: main.url, deadLetterQueueUrl: dead.url }),
    waiting: async () => (await main.read()).map(({ Body = '' }) => Body),
    aside: async () =>
      (await dead.read()).map(({ Body = '', MessageAttributes }) => ({
        body: Body,
        reason: MessageAttributes?.['reason']?.StringValue ?? '',
      })),
  };
}
