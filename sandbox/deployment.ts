/** What a deployment of Plimsoll consists of, made in the sandbox from the same definitions: table, queues, and the functions' environment. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Notification, notificationSchema } from '../model/notification.ts';
import { createQueues } from './queues.ts';
import type { Sandbox } from './sandbox.ts';
import { createTable } from './table.ts';

/** The account in which fauxqs makes topics and queues. */
const SANDBOX_ACCOUNT = '000000000000';

const REGION = 'eu-west-1';
const STAGE = 'sandbox';
const TABLE = `plimsoll-${STAGE}`;

/** Messages of one receive: the most that SQS gives. */
const RECEIVE_BATCH = 10;

export interface Deployment {
  /** What serverless.yml gives the functions, and what the SDK needs to find the sandbox. */
  readonly environment: Readonly<Record<string, string>> & {
    readonly AWS_REGION: string;
    readonly TABLE: string;
    readonly TOPIC_ARN_PREFIX: string;
    readonly INSPECT_QUEUE_URL: string;
    readonly DEAD_LETTER_QUEUE_URL: string;
  };
  readonly dynamodb: DynamoDBClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** Subscribes a queue to a topic; returns what reads, and takes away, the events that have come. */
  subscribe(topicArn: string): Promise<() => Promise<readonly Notification[]>>;
  /** Takes what is on a queue, as Lambda's poller would; `done` deletes it. */
  receive(queueUrl: string): Promise<readonly Received[]>;
}

export interface Received {
  readonly message: Message;
  done(): Promise<void>;
}

export async function deploy(sandbox: Sandbox): Promise<Deployment> {
  const config = sandbox.clientConfig(REGION);
  const dynamodb = new DynamoDBClient(config);
  const sns = new SNSClient(config);
  const sqs = new SQSClient(config);
  const [queues] = await Promise.all([createQueues(sqs, STAGE), createTable(dynamodb, TABLE)]);

  async function receive(queueUrl: string): Promise<Received[]> {
    const received: Message[] = [];
    for (let batch: Message[] | undefined; batch === undefined || batch.length > 0; ) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: RECEIVE_BATCH,
        WaitTimeSeconds: 0,
      });
      batch = (await sqs.send(command)).Messages ?? [];
      received.push(...batch);
    }
    return received.map((message) => ({
      message,
      async done() {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
      },
    }));
  }

  return {
    environment: {
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
      AWS_REGION: REGION,
      TABLE,
      TOPIC_ARN_PREFIX: `arn:aws:sns:${REGION}:${SANDBOX_ACCOUNT}:plimsoll-${STAGE}_`,
      INSPECT_QUEUE_URL: queues.inspectUrl,
      DEAD_LETTER_QUEUE_URL: queues.deadLetterUrl,
    },
    dynamodb,
    sns,
    sqs,
    receive,
    async subscribe(topicArn) {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `subscriber-${randomUUID()}` }));
      if (QueueUrl === undefined) throw new Error('The subscriber’s queue was created without an address');
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      const subscription = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] };
      await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: 'true' } }));
      return async () => {
        const events: Notification[] = [];
        for (const { message, done } of await receive(QueueUrl)) {
          events.push(notificationSchema.parse(JSON.parse(message.Body ?? '')));
          await done();
        }
        return events;
      };
    },
  };
}
