/**
 * The moto server that run.sh started: how to reach it, who is who in it, and the rights that it checks.
 *
 * Where moto differs from AWS, as far as it matters here:
 * - it knows the actions of a policy and, but for AssumeRole, not its resources; CloudWatch's actions begin with
 *   `monitoring:`, and PublishBatch is an action of its own;
 * - it reads a role's trust policy within one account only, lets a missing external id pass, and knows a principal by
 *   the ARN of its session;
 * - ListMetrics ignores RecentlyActive, and lists a metric of more than one dimension once per sample;
 * - GetMetricData has no pages.
 */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import * as z from 'zod';

export const ENDPOINT = z.url().parse(process.env['MOTO_ENDPOINT']);
export const REGION = 'eu-west-1';

/** The account that Plimsoll runs in: moto's own default, to which unknown keys belong. */
export const HOME = '123456789012';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** The name of every session, so that a trust policy can name it before it begins. */
const SESSION = 'acceptance';

const ANYBODY: Credentials = { accessKeyId: 'anybody', secretAccessKey: 'any' };

export function clientConfig(credentials: Credentials = ANYBODY) {
  return { endpoint: ENDPOINT, region: REGION, credentials };
}

/** The clients of somebody with these credentials. */
export function clientsOf(credentials: Credentials) {
  const config = clientConfig(credentials);
  return {
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

export function roleArn(account: string, role: string): string {
  return `arn:aws:iam::${account}:role/${role}`;
}

/** A session of the role, begun by nobody in particular: only before rights are enforced. */
export function sessionOf(account: string, role: string): Promise<Credentials> {
  const params = { RoleArn: roleArn(account, role), RoleSessionName: SESSION };
  return fromTemporaryCredentials({ params, masterCredentials: ANYBODY, clientConfig: clientConfig() })();
}

/** As a trust policy names a session of the role. */
export function sessionArn(account: string, role: string): string {
  return `arn:aws:sts::${account}:assumed-role/${role}/${SESSION}`;
}

/** Makes a role with one policy. Statements are as AWS takes them. */
export async function createRole(account: string, role: string, trust: Statement, allowed: readonly Statement[]) {
  await iam(account, { Action: 'CreateRole', RoleName: role, AssumeRolePolicyDocument: documentOf([trust]) });
  const document = documentOf(allowed.map(inMotosWords));
  await iam(account, { Action: 'PutRolePolicy', RoleName: role, PolicyName: 'policy', PolicyDocument: document });
}

/** From here on every request needs a signature and a right, until `reset`. */
export async function enforceRights(): Promise<void> {
  await control('reset-auth', '0');
}

/** Forgets everything, rights included. */
export async function reset(): Promise<void> {
  await control('reset-auth', 'inf');
  await control('reset');
}

function inMotosWords({ Action, Resource, ...rest }: Statement): Statement {
  const actions = [Action].flat().flatMap((action) => {
    if (action === 'sns:Publish') return [action, 'sns:PublishBatch'];
    return [action.replace(/^cloudwatch:/, 'monitoring:')];
  });
  const knowsResource = actions.every((action) => action === 'sts:AssumeRole');
  return { ...rest, Action: actions, Resource: knowsResource && Resource !== undefined ? Resource : '*' };
}

function documentOf(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** IAM over its query interface: four calls are not worth another client. */
async function iam(account: string, parameters: Record<string, string>): Promise<void> {
  const scope = `${ANYBODY.accessKeyId}/20260101/us-east-1/iam/aws4_request`;
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      'x-moto-account-id': account,
    },
    body: new URLSearchParams({ ...parameters, Version: '2010-05-08' }),
  });
  if (!response.ok) throw new Error(`moto refused ${parameters['Action']}: ${await response.text()}`);
}

async function control(action: string, body = ''): Promise<void> {
  const response = await fetch(`${ENDPOINT}/moto-api/${action}`, { method: 'POST', body });
  if (!response.ok) throw new Error(`moto refused ${action}: ${await response.text()}`);
}
