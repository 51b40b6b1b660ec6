/** Makes the queues of infra/queues.yml in an emulator, so that what is tested is what is deployed. */
import { readFile } from 'node:fs/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parse } from 'yaml';
import * as z from 'zod';

const FRAGMENT = new URL('../infra/queues.yml', import.meta.url);

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

const fragmentSchema = z.object({
  Resources: z.object({ InspectAwsQueue: queueSchema, InspectAwsDeadLetterQueue: queueSchema }),
});

export interface Queues {
  readonly inspectUrl: string;
  readonly deadLetterUrl: string;
}

/** Creates the inspection queue of a stage and the dead-letter queue that it moves messages to. */
export async function createQueues(client: SQSClient, stage: string): Promise<Queues> {
  const { InspectAwsQueue, InspectAwsDeadLetterQueue } = fragmentSchema.parse(
    // References are filled in below.
    parse(await readFile(FRAGMENT, 'utf8'), { customTags: [{ tag: '!GetAtt', resolve: (path: string) => path }] }),
  ).Resources;
  const deadLetterUrl = await createQueue(client, InspectAwsDeadLetterQueue, stage);
  const deadLetterArn = await arnOf(client, deadLetterUrl);
  const inspectUrl = await createQueue(client, InspectAwsQueue, stage, deadLetterArn);
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
