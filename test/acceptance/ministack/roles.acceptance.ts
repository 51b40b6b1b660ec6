/**
 * What each deployed role may do, by calls that are made with a session of it: everything that is not listed is denied. The
 * statements behind it are held by test/acceptance/local.
 */
import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDeployment } from './deployment.ts';
import { type Clients, clientsOf } from './ministack.ts';
import { createUser } from './principals.ts';
import { sessionOf } from './rights.ts';
import { resourcesOf } from './stack.ts';
import { onboard } from './tenant-account.ts';

const ACCOUNT = '999900001111';
const EXTERNAL_ID = 'plimsoll-of-the-matrix';

const deployment = await findDeployment();
const { outputs, stack } = deployment;
const key = { pk: { S: 'T#matrix' }, sk: { S: 'MATRIX' } };
const ofTenant = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': key.pk } };
const configs = outputs['ConfigsTableName'];
const table = outputs['TableName'];
const requests = outputs['RequestQueueUrl'] ?? '';
const topic = deployment.topicOf('matrix');
/** Of a tenant that no message names: the roles serve all of them. */
const result = { Bucket: outputs['ResultsBucketName'], Key: 'results/tenant=matrix/date=2026-11-29/matrix' };
const head = { ...result, Key: 'heads/tenant=matrix/date=2026-11-29/matrix' };
const plan = { ...result, Key: 'work/tenant=matrix/date=2026-11-29/matrix' };
const baseline = { ...result, Key: 'baselines/tenant=matrix/matrix' };
const sample = { ...result, Key: 'samples/tenant=matrix/matrix' };
const recording = { ...result, Key: 'recordings/tenant=matrix/matrix' };
const point = { ...result, Key: 'anomalies/tenant=matrix/matrix' };
const state = { ...result, Key: 'points/tenant=matrix/matrix' };

/** A message is visible again at once: nothing is taken from the functions. */
const take = (QueueUrl: string) => new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 0 });
const reader = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/plimsoll-reader`, RoleSessionName: 'matrix' };

const ATTEMPTS: Readonly<Record<string, (clients: Clients) => Promise<unknown>>> = {
  'read a config': ({ dynamodb }) => dynamodb.send(new QueryCommand({ TableName: configs, ...ofTenant })),
  'write a config': ({ dynamodb }) => dynamodb.send(new PutItemCommand({ TableName: configs, Item: key })),
  'delete a config': ({ dynamodb }) => dynamodb.send(new DeleteItemCommand({ TableName: configs, Key: key })),
  'scan the configs': ({ dynamodb }) => dynamodb.send(new ScanCommand({ TableName: configs, Limit: 1 })),
  'read an incident': ({ dynamodb }) => dynamodb.send(new GetItemCommand({ TableName: table, Key: key })),
  'write an incident': ({ dynamodb }) => dynamodb.send(new PutItemCommand({ TableName: table, Item: key })),
  'delete an incident': ({ dynamodb }) => dynamodb.send(new DeleteItemCommand({ TableName: table, Key: key })),
  'publish to a tenant': ({ sns }) => sns.send(new PublishCommand({ TopicArn: topic, Message: 'matrix' })),
  'publish to the operator': ({ sns }) =>
    sns.send(new PublishCommand({ TopicArn: outputs['OperatorTopicArn'], Message: 'matrix' })),
  'make a topic': ({ sns }) => sns.send(new CreateTopicCommand({ Name: `${stack}_matrix` })),
  'take a request': ({ sqs }) => sqs.send(take(requests)),
  'send a request': ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl: requests, MessageBody: 'matrix' })),
  'take an inspection of AWS': ({ sqs }) => sqs.send(take(outputs['InspectAwsQueueUrl'] ?? '')),
  'take an inspection of Google Cloud': ({ sqs }) => sqs.send(take(outputs['InspectGcpQueueUrl'] ?? '')),
  'read a tenant’s account': ({ sts }) => sts.send(new AssumeRoleCommand({ ...reader, ExternalId: EXTERNAL_ID })),
  'read it without the external id': ({ sts }) => sts.send(new AssumeRoleCommand(reader)),
  'sign in to Google Cloud': ({ sts }) =>
    sts.send(new AssumeRoleCommand({ RoleArn: outputs['GcpSessionRoleArn'], RoleSessionName: 'matrix' })),
  'read a result': ({ s3 }) => s3.send(new GetObjectCommand(result)),
  'write a result': ({ s3 }) => s3.send(new PutObjectCommand({ ...result, Body: 'matrix' })),
  'write a head': ({ s3 }) => s3.send(new PutObjectCommand({ ...head, Body: 'matrix' })),
  'list results': ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket: result.Bucket, MaxKeys: 1 })),
  'read a plan': ({ s3 }) => s3.send(new GetObjectCommand(plan)),
  'write a plan': ({ s3 }) => s3.send(new PutObjectCommand({ ...plan, Body: 'matrix' })),
  'read a baseline': ({ s3 }) => s3.send(new GetObjectCommand(baseline)),
  'write a baseline': ({ s3 }) => s3.send(new PutObjectCommand({ ...baseline, Body: 'matrix' })),
  'read a sample': ({ s3 }) => s3.send(new GetObjectCommand(sample)),
  'write a sample': ({ s3 }) => s3.send(new PutObjectCommand({ ...sample, Body: 'matrix' })),
  'read a recording': ({ s3 }) => s3.send(new GetObjectCommand(recording)),
  'write a recording': ({ s3 }) => s3.send(new PutObjectCommand({ ...recording, Body: 'matrix' })),
  'read a point': ({ s3 }) => s3.send(new GetObjectCommand(point)),
  'write a point': ({ s3 }) => s3.send(new PutObjectCommand({ ...point, Body: 'matrix' })),
  'read a state': ({ s3 }) => s3.send(new GetObjectCommand(state)),
  'write a state': ({ s3 }) => s3.send(new PutObjectCommand({ ...state, Body: 'matrix' })),
  'write beside them': ({ s3 }) => s3.send(new PutObjectCommand({ ...result, Key: 'matrix', Body: 'matrix' })),
  'delete a result': ({ s3 }) => s3.send(new DeleteObjectCommand(result)),
  'delete a plan': ({ s3 }) => s3.send(new DeleteObjectCommand(plan)),
  'delete a baseline': ({ s3 }) => s3.send(new DeleteObjectCommand(baseline)),
  'delete a sample': ({ s3 }) => s3.send(new DeleteObjectCommand(sample)),
  'delete a recording': ({ s3 }) => s3.send(new DeleteObjectCommand(recording)),
  'delete a point': ({ s3 }) => s3.send(new DeleteObjectCommand(point)),
  'delete a state': ({ s3 }) => s3.send(new DeleteObjectCommand(state)),
  'list schedules': ({ scheduler }) => scheduler.send(new ListSchedulesCommand({ GroupName: stack })),
  'invoke a function': ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: `${stack}-publish-outbox` })),
  'change a function': ({ lambda }) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: `${stack}-dispatch`, Timeout: 60 })),
  'make a user': ({ iam }) => iam.send(new CreateUserCommand({ UserName: 'matrix' })),
};

const RESULTS = ['read a result', 'write a result', 'write a head', 'list results'];
const PLANS = ['read a plan', 'write a plan'];
const BASELINES = ['read a baseline', 'write a baseline'];
const JOBS = ['read a point', 'write a point', 'read a state', 'write a state'];
const INSPECTS = [
  'read a config',
  'read an incident',
  'write an incident',
  'publish to a tenant',
  ...RESULTS,
  ...PLANS,
  ...BASELINES,
  ...JOBS,
];
const SCHEDULES = ['read a config', 'list schedules'];

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // It notes which requests it has answered.
  DispatchRole: ['read a config', 'write an incident', 'take a request'],
  InspectAwsRole: [...INSPECTS, 'take an inspection of AWS', 'read a tenant’s account'],
  InspectGcpRole: [...INSPECTS, 'take an inspection of Google Cloud', 'sign in to Google Cloud'],
  InspectAzureRole: INSPECTS,
  // A server of a cloud is read with what proves a tenant to that cloud.
  InspectPrometheusRole: [...INSPECTS, 'read a tenant’s account', 'sign in to Google Cloud'],
  // It connects to nobody: hosts have sent what it reads.
  InspectOtlpRole: [...INSPECTS, 'read a sample'],
  // It reads tokens beside the incidents. Its queue is none of those above.
  ReceiveMetricsRole: ['read a config', 'read an incident'],
  StoreSamplesRole: ['write a sample', 'write a recording'],
  // It decides by the tenant's policy what runs have left undecided.
  PublishOutboxRole: ['read a config', 'read an incident', 'write an incident', 'publish to a tenant'],
  // It notes what it has sent beside the incidents, and publishes what a receiver did not take. Its queue is none of those below.
  RelayRole: ['read a config', 'read an incident', 'write an incident', 'publish to a tenant'],
  ApplySchedulesRole: SCHEDULES,
  ReconcileSchedulesRole: SCHEDULES,
  // It notes events of groups beside the incidents.
  OnScalingRole: ['read a config', 'write an incident'],
  ReceiveEventsRole: ['read a config'],
  // It closes runs: it notes them beside the incidents, and the head is made of the results. Hosts of the plan that were not
  // inspected have results too.
  CloseRunsRole: ['read a config', 'read an incident', 'write an incident', ...RESULTS, 'read a plan', ...BASELINES],
  // AWS lets it reach grants and the list of tenants alone, and no config: test/acceptance/local holds the conditions.
  ApiRole: ['read a config', 'write a config', 'delete a config'],
  // Of all tenants: what a session leaves of it is in test/adapters/aws/tenant-policy.test.ts.
  ApiTenantRole: [
    ...['read a config', 'write a config', 'read an incident', 'write an incident', 'delete an incident'],
    ...['make a topic', 'send a request', 'read a result', 'list results', 'read a recording', 'read a point'],
  ],
  // After those that read samples and recordings: it deletes those that they read. Entries of recordings are beside the incidents.
  KeepSamplesRole: [
    ...['read a config', 'delete an incident', 'list results', 'read a sample', 'write a sample', 'delete a sample'],
    ...['read a recording', 'write a recording', 'delete a recording'],
  ],
  // It notes what it has reported beside the incidents, and reads what jobs saw.
  WatchRole: [
    ...['read a config', 'read an incident', 'write an incident', 'publish to a tenant'],
    ...['list results', 'read a state'],
  ],
  // After those that read results: it deletes the one that they read.
  // AWS lets it delete nothing in the configs but an entry of the list of deleted tenants: test/acceptance/local holds the condition.
  CompactResultsRole: [
    ...['read a config', 'delete a config', ...RESULTS],
    ...['delete a result', 'delete a plan', 'delete a baseline', 'delete a sample', 'delete a recording'],
    ...['delete a point', 'delete a state'],
  ],
};

describe('the role', async () => {
  const roles = await resourcesOf(deployment.root, stack, 'AWS::IAM::Role');
  const tester = await createUser(deployment.root, 'tester', [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  ]);

  beforeAll(async () => {
    await onboard({ account: ACCOUNT, externalId: EXTERNAL_ID, stack: 'plimsoll-matrix' });
    await deployment.makeTopic('matrix');
    for (const object of [result, plan, baseline, sample, recording, point, state])
      await deployment.root.s3.send(new PutObjectCommand({ ...object, Body: 'matrix' }));
  });

  it.each(Object.entries(ALLOWED))('%s may do no more than it has to', async (id, allowed) => {
    const RoleName = roles[id] ?? '';
    const clients = clientsOf(await sessionOf(deployment.root, RoleName, tester));

    const done: string[] = [];
    for (const [name, attempt] of Object.entries(ATTEMPTS)) if (await isAllowed(attempt(clients))) done.push(name);

    expect(done).toEqual(Object.keys(ATTEMPTS).filter((name) => allowed.includes(name)));
  });

  it('of every function is among them', () => {
    const others = ['ScheduleRole', 'GcpSessionRole'];
    expect(
      Object.keys(roles)
        .filter((id) => !others.includes(id))
        .toSorted(),
    ).toEqual(Object.keys(ALLOWED).toSorted());
  });
});

/** Any other failure than a denial is one of the test. */
async function isAllowed(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof Error && /not authorized|AccessDenied/i.test(`${error.name} ${error.message}`)) return false;
    throw error;
  }
}
