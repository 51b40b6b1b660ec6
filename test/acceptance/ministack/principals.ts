/** Users of an account: unlike its root user they may do what their policies allow. */
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { type Clients, type Credentials, HOME, REGION, STAGE } from './ministack.ts';
import type { Outputs } from './stack.ts';

const accessKeySchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() });

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Makes a user with these rights and resolves to the user's keys. */
export async function createUser(
  { iam }: Clients,
  UserName: string,
  rights: readonly Statement[],
): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName }));
  if (rights.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: rights });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId, SecretAccessKey } = accessKeySchema.parse(AccessKey);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

const READING = ['dynamodb:GetItem', 'dynamodb:Query'];

/** What `tenants put` makes, and encrypts and closes. */
const TOPIC_RIGHTS = ['sns:CreateTopic', 'sns:GetTopicAttributes', 'sns:SetTopicAttributes'];

/** Of whoever puts tenants and looks at what is found, as docs/tenants.md, on-demand.md, watchdog.md, subscribe.md and results.md name them. */
export function rightsOfOperator({
  ConfigsTableName,
  TableName,
  TopicArnPrefix,
  ResultsBucketName,
}: Outputs): Statement[] {
  const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: 'Allow', Action, Resource });
  const [configs, table] = [ConfigsTableName, TableName].map(
    (name) => `arn:aws:dynamodb:${REGION}:${HOME}:table/${name}`,
  );
  const results = `arn:aws:s3:::${ResultsBucketName}`;
  return [
    allow('cloudformation:DescribeStacks', '*'),
    allow([...READING, 'dynamodb:PutItem'], `${configs}*`),
    allow(READING, `${table}*`),
    allow('sqs:SendMessage', `arn:aws:sqs:${REGION}:${HOME}:plimsoll-${STAGE}-requests`),
    allow([...TOPIC_RIGHTS, 'sns:Subscribe'], `${TopicArnPrefix}*`),
    allow('s3:ListBucket', results),
    allow('s3:GetObject', [`${results}/results/*`, `${results}/heads/*`]),
  ];
}
