import {
  CreateTopicCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQueues, type QueuePair } from '../../../sandbox/aws/queues.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { REGION } from '../small-fleets.ts';

let sandbox: Sandbox;
let sns: SNSClient;
let sqs: SQSClient;
let queues: QueuePair;

beforeEach(async () => {
  sandbox = await startSandbox();
  sns = new SNSClient(sandbox.clientConfig(REGION));
  sqs = new SQSClient(sandbox.clientConfig(REGION));
  queues = (await createQueues(sqs, 'test')).aws;
});
afterEach(() => sandbox.close());

/** A topic with the inspection queue subscribed, which gets the message as it is. */
async function aTopic(FilterPolicy?: string): Promise<string> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queues.url, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.['QueueArn'],
      Attributes: { RawMessageDelivery: 'true', ...(FilterPolicy === undefined ? {} : { FilterPolicy }) },
    }),
  );
  return TopicArn;
}

async function received(QueueUrl = queues.url): Promise<(string | undefined)[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body }) => Body);
}

function entry(Id: string, texts: object): PublishBatchRequestEntry {
  return { Id, Subject: `about ${Id}`, MessageStructure: 'json', Message: JSON.stringify(texts) };
}

describe('a message with a text per protocol', () => {
  it('reaches queues as its default and email subscribers as its email text', async () => {
    const TopicArn = await aTopic();

    await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          entry('a', { default: '{"n":1}', email: 'Dear reader & friend' }),
          entry('b', { default: 'plain' }),
        ],
      }),
    );

    expect(await received()).toEqual(['{"n":1}', 'plain']);
    expect(sandbox.emails).toEqual([
      { topicArn: TopicArn, subject: 'about a', text: 'Dear reader & friend' },
      { topicArn: TopicArn, subject: 'about b', text: 'plain' },
    ]);
  });

  it('reaches queues as their own text where it has one', async () => {
    const TopicArn = await aTopic();

    const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
    await sns.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message }));

    expect(await received()).toEqual(['for queues']);
  });

  it('is refused without a default, alone or as one entry of a batch', async () => {
    const TopicArn = await aTopic();

    const alone = sns
      .send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message: '{"email":"x"}' }))
      .catch((error: unknown) => error);
    const batch = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [entry('good', { default: 'x' }), entry('bad', {})],
      }),
    );

    expect(await alone).toMatchObject({ name: 'InvalidParameterException' });
    expect(batch.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(batch.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }]);
    expect(await received()).toEqual(['x']);
  });
});

describe('a topic', () => {
  it('delivers what a filter policy lets through', async () => {
    const TopicArn = await aTopic('{"severity":["high"]}');

    const attributes = (severity: string) => ({ severity: { DataType: 'String', StringValue: severity } });
    await sns.send(new PublishCommand({ TopicArn, Message: 'minor', MessageAttributes: attributes('low') }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'major', MessageAttributes: attributes('high') }));

    expect(await received()).toEqual(['major']);
  });

  it('refuses a batch whose messages are too long together', async () => {
    const TopicArn = await aTopic();
    const Message = 'x'.repeat(140_000);

    const batch = sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message },
          { Id: 'b', Message },
        ],
      }),
    );

    await expect(batch).rejects.toMatchObject({ name: 'BatchRequestTooLongException' });
    expect(await received()).toEqual([]);
  });

  it('refuses some entries of a batch on demand', async () => {
    const TopicArn = await aTopic();
    sandbox.inject({ service: 'sns', kind: 'entry_refused', only: ['two'], times: 1 });

    const { Successful, Failed } = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: ['one', 'two', 'three'].map((Message) => ({ Id: Message, Message })),
      }),
    );

    expect(Successful?.map(({ Id }) => Id)).toEqual(['one', 'three']);
    expect(Failed).toMatchObject([{ Id: 'two', Code: 'InternalError', SenderFault: false }]);
    expect(sandbox.emails.map(({ text }) => text)).toEqual(['one', 'three']);
  });

  it('sends no email for a message that it refused', async () => {
    const missing = sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:000000000000:none', Message: 'x' }));

    await expect(missing).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(sandbox.emails).toEqual([]);
  });
});

describe('the deployed queues in the sandbox', () => {
  it('move a message to the dead-letter queue after five deliveries', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queues.url, MessageBody: 'poison' }));

    const deliveries = [];
    for (let i = 0; i < 6; i++) deliveries.push(...(await received()));

    expect(deliveries).toHaveLength(5);
    expect(await received(queues.deadLetterUrl)).toEqual(['poison']);
  });
});
