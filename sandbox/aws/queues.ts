/** Makes the queues of infra/ in an emulator, so that what is tested is what is deployed. */
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { AccountProvider } from '../../core/model/series.ts';
import { dispatch } from '../../infra/dispatch.js';
import { aws, azure, gcp, otlp, prometheus } from '../../infra/inspect-provider.js';

/** The resources of the stack among which a pair of queues is, and what the names of both begin with. */
const PAIRS = {
  requests: { resources: dispatch.resources.Resources, name: 'Request' },
  aws: { resources: aws.resources.Resources, name: 'InspectAws' },
  gcp: { resources: gcp.resources.Resources, name: 'InspectGcp' },
  azure: { resources: azure.resources.Resources, name: 'InspectAzure' },
  prometheus: { resources: prometheus.resources.Resources, name: 'InspectPrometheus' },
  otlp: { resources: otlp.resources.Resources, name: 'InspectOtlp' },
} as const satisfies Record<AccountProvider | 'requests', object>;

const queueSchema = z.object({
  Properties: z.object({
    QueueName: z.string(),
    VisibilityTimeout: z.number().optional(),
    MessageRetentionPeriod: z.number(),
    ReceiveMessageWaitTimeSeconds: z.number().optional(),
    RedrivePolicy: z.object({ maxReceiveCount: z.number() }).optional(),
  }),
});
type Queue = z.output<typeof queueSchema>;

const resourcesSchema = z.record(z.string(), z.unknown());

/** A queue, and the dead-letter queue that it moves messages to. */
export interface QueuePair {
  readonly url: string;
  readonly deadLetterUrl: string;
}

/** Creates the queues of a stage: for requests, and for the inspections of each provider. */
export async function createQueues(
  client: SQSClient,
  stage: string,
): Promise<Readonly<Record<keyof typeof PAIRS, QueuePair>>> {
  const [requests, aws, gcp, azure, prometheus, otlp] = await Promise.all([
    createPair(client, stage, 'requests'),
    createPair(client, stage, 'aws'),
    createPair(client, stage, 'gcp'),
    createPair(client, stage, 'azure'),
    createPair(client, stage, 'prometheus'),
    createPair(client, stage, 'otlp'),
  ]);
  return { requests, aws, gcp, azure, prometheus, otlp };
}

async function createPair(client: SQSClient, stage: string, pair: keyof typeof PAIRS): Promise<QueuePair> {
  const { name } = PAIRS[pair];
  const resources = resourcesSchema.parse(PAIRS[pair].resources);
  const main = queueSchema.parse(resources[`${name}Queue`]);
  const deadLetters = queueSchema.parse(resources[`${name}DeadLetterQueue`]);
  const deadLetterUrl = await createQueue(client, deadLetters, stage);
  const deadLetterArn = arnOf(deadLetterUrl, await client.config.region());
  return { url: await createQueue(client, main, stage, deadLetterArn), deadLetterUrl };
}

async function createQueue(
  client: SQSClient,
  { Properties }: Queue,
  stage: string,
  deadLetterArn?: string,
): Promise<string> {
  const { QueueName, RedrivePolicy, ...numbers } = Properties;
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: QueueName.replace(/\$\{sls:stage\}/, stage),
      Attributes: {
        ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
        ...(RedrivePolicy && {
          RedrivePolicy: JSON.stringify({ ...RedrivePolicy, deadLetterTargetArn: deadLetterArn }),
        }),
      },
    }),
  );
  if (QueueUrl === undefined) throw new Error(`${QueueName} was created without an address`);
  return QueueUrl;
}

/** Of its address, which ends with the account and the name: a request less for each of the queues that tests make again and again. */
function arnOf(url: string, region: string): string {
  const [account, name] = new URL(url).pathname.split('/').slice(-2);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
