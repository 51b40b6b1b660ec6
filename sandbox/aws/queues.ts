/** Makes the queues of infra/queues.yml in an emulator, so that what is tested is what is deployed. */
import { readFile } from 'node:fs/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { CloudProvider } from '../../core/model/series.ts';

/** For each provider, the fragment that defines its queues, and the provider's part in the names of its resources. */
const FRAGMENTS = {
  aws: { file: 'queues.yml', name: 'Aws' },
  gcp: { file: 'queues-gcp.yml', name: 'Gcp' },
  azure: { file: 'queues-azure.yml', name: 'Azure' },
} as const satisfies Record<CloudProvider, object>;

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

export interface Queues {
  readonly inspectUrl: string;
  readonly deadLetterUrl: string;
}

/** Creates, for each provider, the inspection queue of a stage and the dead-letter queue that it moves messages to. */
export async function createQueues(client: SQSClient, stage: string): Promise<Readonly<Record<CloudProvider, Queues>>> {
  const [aws, gcp, azure] = await Promise.all([
    createPair(client, stage, 'aws'),
    createPair(client, stage, 'gcp'),
    createPair(client, stage, 'azure'),
  ]);
  return { aws, gcp, azure };
}

async function createPair(client: SQSClient, stage: string, provider: CloudProvider): Promise<Queues> {
  const { file, name } = FRAGMENTS[provider];
  const { Resources } = fragmentSchema.parse(
    parse(await readFile(new URL(`../../infra/${file}`, import.meta.url), 'utf8'), {
      // References are filled in below.
      customTags: [{ tag: '!GetAtt', resolve: (path: string) => path }],
    }),
  );
  const inspect = Resources[`Inspect${name}Queue`];
  const deadLetters = Resources[`Inspect${name}DeadLetterQueue`];
  if (inspect === undefined || deadLetters === undefined) throw new Error(`infra/${file} lacks a queue`);
  const deadLetterUrl = await createQueue(client, deadLetters, stage);
  const deadLetterArn = await arnOf(client, deadLetterUrl);
  const inspectUrl = await createQueue(client, inspect, stage, deadLetterArn);
  return { inspectUrl, deadLetterUrl };
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
