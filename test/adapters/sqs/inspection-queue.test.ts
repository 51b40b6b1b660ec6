/** The queue of inspections over SQS: the suite of its port, and what is SQS's alone. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInspectionQueue } from '../../../adapters/sqs/inspection-queue.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { itKeeps } from '../../contract/check.ts';
import {
  type FailingInspectionQueueSubject,
  inspectionQueueChecks,
  inspectionQueueFailureChecks,
} from '../../contract/inspection-queue.ts';
import { makeQueue } from '../queue-reader.ts';

const MESSAGE = {
  version: 1,
  provider: 'aws',
  account: '111122223333',
  scheduledTime: '2026-11-20T12:00:00Z',
} as const;

let sandbox: Sandbox;
let client: SQSClient;
let made = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new SQSClient(sandbox.inProcess('eu-west-1'));
});
afterEach(() => sandbox.liftFaults());
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

describe('the queue of inspections over SQS', () => {
  itKeeps(inspectionQueueChecks, startSubject);
  itKeeps(inspectionQueueFailureChecks, startSubject);

  it('groups messages by tenant, so that a loud one holds back no other', async () => {
    const { queue } = await startSubject();
    const sent: object[] = [];
    // The emulator takes the group of a message and does not give it back.
    client.middlewareStack.add((next) => (args) => {
      sent.push(args.input);
      return next(args);
    });

    for (const tenant of ['acme', 'globex']) await queue.send({ ...MESSAGE, tenant });

    expect(sent).toMatchObject([{ MessageGroupId: 'acme' }, { MessageGroupId: 'globex' }]);
  });

  it('names the missing queue', async () => {
    const queueUrl = `${sandbox.endpoint}/000000000000/misspelled`;
    const queue = createInspectionQueue({ client, queueUrl, deadLetterQueueUrl: queueUrl });

    await expect(queue.reject('body', 'reason')).rejects.toThrow(/misspelled did not take a message: .*not exist/);
  });

  it('truncates a rejected body between two characters, never within one', async () => {
    const { queue, aside } = await startSubject();

    for (const shift of [0, 1, 2]) await queue.reject('x'.repeat(shift) + '日'.repeat(100_000), 'too long');

    for (const { body } of await aside()) {
      expect(body).toMatch(/^x{0,2}日+$/);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256_000);
    }
  });
});

async function startSubject(): Promise<FailingInspectionQueueSubject> {
  made++;
  const [main, dead] = [await makeQueue(client, `inspect-${made}`), await makeQueue(client, `inspect-dead-${made}`)];
  return {
    queue: createInspectionQueue({ client, queueUrl: main.url, deadLetterQueueUrl: dead.url }),
    waiting: async () => (await main.read()).map(({ Body = '' }) => Body),
    aside: async () =>
      (await dead.read()).map(({ Body = '', MessageAttributes }) => ({
        body: Body,
        reason: MessageAttributes?.['reason']?.StringValue ?? '',
      })),
    goDown: () => sandbox.inject({ service: 'sqs', kind: 'down' }),
  };
}
