/**
 * What a deployment of Plimsoll consists of, made in the sandbox from the same definitions: tables, queues, the bucket of results,
 * and the functions' environment.
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Notification, notificationSchema } from '../core/model/notification.ts';
import type { AccountProvider } from '../core/model/series.ts';
import { createQueues } from './aws/queues.ts';
import { createTable } from './aws/table.ts';
import type { Sandbox } from './sandbox.ts';

/** The account in which fauxqs makes topics and queues. */
const SANDBOX_ACCOUNT = '000000000000';

const REGION = 'eu-west-1';
const STAGE = 'sandbox';
const TABLE = `plimsoll-${STAGE}`;
const CONFIGS_TABLE = `plimsoll-${STAGE}-configs`;
const RESULTS_BUCKET = `plimsoll-${STAGE}-results`;

/** Messages of one receive: the most that SQS gives. */
const RECEIVE_BATCH = 10;

/** What serverless.yml gives a function, and what the SDK needs to find the sandbox. */
type FunctionEnvironment = Readonly<Record<string, string>> & {
  readonly AWS_REGION: string;
  readonly TABLE: string;
  readonly CONFIGS_TABLE: string;
  readonly RESULTS_BUCKET: string;
  readonly TOPIC_ARN_PREFIX: string;
  readonly EVENTS_DAYS: string;
  readonly INSPECT_QUEUE_URL: string;
  readonly DEAD_LETTER_QUEUE_URL: string;
};

export interface Deployment {
  /** Of the functions that have no provider of their own, and of inspect-aws. */
  readonly environment: FunctionEnvironment;
  /** Of dispatch, and where its requests wait. */
  readonly dispatch: {
    readonly environment: Readonly<Record<string, string>>;
    readonly requestQueueUrl: string;
    readonly deadLetterQueueUrl: string;
  };
  /** Of the inspect function of a provider: each has a queue of its own. */
  environmentOf(provider: AccountProvider): FunctionEnvironment;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
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

/** What one provider's function needs beside the others', and where the sandbox plays that provider. */
const PROVIDER_VARIABLES: Readonly<Record<AccountProvider, (sandbox: Sandbox) => Record<string, string>>> = {
  aws: () => ({}),
  gcp: ({ gcpEndpoint }) => ({
    GCP_SESSION_ROLE: `arn:aws:iam::${SANDBOX_ACCOUNT}:role/plimsoll-gcp-session`,
    ...(gcpEndpoint !== undefined && { PLIMSOLL_TEST_GCP_ENDPOINT: gcpEndpoint }),
  }),
  azure: ({ azure }) => ({ PLIMSOLL_TEST_AZURE_ENDPOINT: azure.endpoint }),
  prometheus: ({ prometheusEndpoint }) => ({
    SECRET_PREFIX: `plimsoll/${STAGE}/`,
    GCP_SESSION_ROLE: `arn:aws:iam::${SANDBOX_ACCOUNT}:role/plimsoll-gcp-session`,
    PROMETHEUS_ENDPOINTS: '',
    PROMETHEUS_PRIVATE_NETWORKS: '',
    ...(prometheusEndpoint !== undefined && { PLIMSOLL_TEST_PROMETHEUS_ENDPOINT: prometheusEndpoint }),
  }),
  otlp: () => ({}),
};

export async function deploy(sandbox: Sandbox): Promise<Deployment> {
  const config = sandbox.clientConfig(REGION);
  const direct = sandbox.inProcess(REGION);
  const dynamodb = new DynamoDBClient(direct);
  const s3 = new S3Client(direct);
  const sns = new SNSClient(direct);
  const sqs = new SQSClient(direct);
  const [queues] = await Promise.all([
    createQueues(sqs, STAGE),
    createTable(dynamodb, TABLE, 'Table'),
    createTable(dynamodb, CONFIGS_TABLE, 'ConfigsTable'),
    s3.send(new CreateBucketCommand({ Bucket: RESULTS_BUCKET })),
  ]);

  const shared = {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
    AWS_REGION: REGION,
    TABLE,
    CONFIGS_TABLE,
    RESULTS_BUCKET,
  };
  const environmentOf = (provider: AccountProvider) => ({
    ...shared,
    TOPIC_ARN_PREFIX: `arn:aws:sns:${REGION}:${SANDBOX_ACCOUNT}:plimsoll-${STAGE}_`,
    EVENTS_DAYS: '400',
    INSPECT_QUEUE_URL: queues[provider].url,
    DEAD_LETTER_QUEUE_URL: queues[provider].deadLetterUrl,
    ...PROVIDER_VARIABLES[provider](sandbox),
  });
  return {
    environment: environmentOf('aws'),
    dispatch: {
      environment: { ...shared, ...dispatchQueues(queues) },
      requestQueueUrl: queues.requests.url,
      deadLetterQueueUrl: queues.requests.deadLetterUrl,
    },
    environmentOf,
    dynamodb,
    s3,
    sns,
    sqs,
    receive: (queueUrl) => receiveFrom(sqs, queueUrl),
    subscribe: (topicArn) => subscribeTo(topicArn, sns, sqs),
  };
}

async function subscribeTo(
  topicArn: string,
  sns: SNSClient,
  sqs: SQSClient,
): Promise<() => Promise<readonly Notification[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `subscriber-${randomUUID()}` }));
  if (QueueUrl === undefined) throw new Error('The subscriber’s queue was created without an address');
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const subscription = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] };
  await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: 'true' } }));
  return async () => {
    const events: Notification[] = [];
    for (const { message, done } of await receiveFrom(sqs, QueueUrl)) {
      events.push(notificationSchema.parse(JSON.parse(message.Body ?? '')));
      await done();
    }
    return events;
  };
}

function dispatchQueues({ requests, aws, gcp, azure, prometheus, otlp }: Awaited<ReturnType<typeof createQueues>>) {
  return {
    INSPECT_AWS_QUEUE_URL: aws.url,
    INSPECT_GCP_QUEUE_URL: gcp.url,
    INSPECT_AZURE_QUEUE_URL: azure.url,
    INSPECT_PROMETHEUS_QUEUE_URL: prometheus.url,
    INSPECT_OTLP_QUEUE_URL: otlp.url,
    DEAD_LETTER_QUEUE_URL: requests.deadLetterUrl,
  };
}

/** Takes what is on a queue, as Lambda's poller would. */
async function receiveFrom(sqs: SQSClient, queueUrl: string): Promise<Received[]> {
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
