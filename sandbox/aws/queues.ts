/** Makes the queues of infra/ in an emulator, so that what is tested is what is deployed. */
import { readFile } from 'node:fs/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { CloudProvider } from '../../core/model/series.ts';

/** The fragment that defines a pair of queues, and what the names of both begin with. */
const FRAGMENTS = {
  requests: { file: 'queues-requests.yml', name: 'Request' },
  aws: { file: 'queues.yml', name: 'InspectAws' },
  gcp: { file: 'queues-gcp.yml', name: 'InspectGcp' },
  azure: { file: 'queues-azure.yml', name: 'InspectAzure' },
} as const satisfies Record<CloudProvider | 'requests', object>;

const queueSchema = z.object({
  Properties: z.object({
    QueueName: z.string(),
    VisibilityTimeout: z.number().optional(),
    MessageRetentionPeriod: z.number(),
    ReceiveMessageWaitTimeSeconds: z.number().optional(),
    RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
  }),
});
type Queue = z.output<typeof queueSchema>;

const fragmentSchema = z.object({ Resources: z.record(z.string(), queueSchema) });

/** A queue, and the dead-letter queue that it moves messages to. */
export interface QueuePair {
  readonly url: string;
  readonly deadLetterUrl: string;
}

/** Creates the queues of a stage: for requests, and for the inspections of each provider. */
export async function createQueues(
  client: SQSClient,
  stage: string,
): Promise<Readonly<Record<keyof typeof FRAGMENTS, QueuePair>>> {
  const [requests, aws, gcp, azure] = await Promise.all([
    createPair(client, stage, 'requests'),
    createPair(client, stage, 'aws'),
    createPair(client, stage, 'gcp'),
    createPair(client, stage, 'azure'),
  ]);
  return { requests, aws, gcp, azure };
}

async function createPair(client: SQSClient, stage: string, pair: keyof typeof FRAGMENTS): Promise<QueuePair> {
  const { file, name } = FRAGMENTS[pair];
  const { Resources } = fragmentSchema.parse(
    parse(await readFile(new URL(`../../infra/${file}`, import.meta.url), 'utf8'), {
      // References are filled in below.
      customTags: [{ tag: '!GetAtt', resolve: (path: string) => path }],
    }),
  );
  const main = Resources[`${name}Queue`];
  const deadLetters = Resources[`${name}DeadLetterQueue`];
  if (main === undefined || deadLetters === undefined) throw new Error(`infra/${file} lacks a queue`);
  const deadLetterUrl = await createQueue(client, deadLetters, stage);
  const deadLetterArn = await arnOf(client, deadLetterUrl);
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

async function arnOf(client: SQSClient, url: string): Promise<string> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  const arn = Attributes?.['QueueArn'];
  if (arn === undefined) throw new Error(`${url} has no ARN`);
  return arn;
}
