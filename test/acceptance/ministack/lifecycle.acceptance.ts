/**
 * A stage of its own that is deployed without rights, deployed, deployed again, removed, and deployed on what it left behind.
 * CloudFormation of ministack does not look at the rights of its caller: deployer.acceptance.ts compares them with what AWS
 * documents for each type of resource.
 */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetBucketPolicyCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeployer, FAST } from './deployer.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { clientsOf, environmentOf, HOME, REGION, rootOf } from './ministack.ts';
import { translateRights, withdrawTranslation } from './rights.ts';
import { copyProject, openShell, type Ran, type Shell } from './shell.ts';
import { type Outputs, resourcesOf, stackExists } from './stack.ts';
import { type Subscriber, subscribe } from './subscriber.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const STAGE = 'second';
const STACK = `plimsoll-${STAGE}`;
const ACCOUNT = '555566667777';
const RESULT = 'results/tenant=kept/date=2026-11-29/kept';
const HOUR = 3_600_000;
const SCHEDULED = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
const SOON = { timeout: 90_000, interval: 500 };
const root = clientsOf(rootOf(HOME));

let deployer: Shell;
let deployment: Deployment;
let subscriber: Subscriber;
let before: Outputs;
let externalId: string;

beforeAll(async () => {
  const folder = await copyProject();
  deployer = openShell(folder, { ...environmentOf(await createDeployer(root, STAGE)), ...FAST });
  await putHosts(ACCOUNT, SCHEDULED + HOUR);
  await serverless('package --package built');
});

afterAll(() => deployer?.remove());

describe('a stage', () => {
  it('is not begun by somebody who may not make stacks, who reads which right is missing', async () => {
    const { exitCode, stdout, stderr } = await deployWithout('cloudformation:CreateChangeSet');

    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/not authorized to perform: cloudformation:CreateChangeSet/);
    expect(await stackExists(root, STACK)).toBe(false);
  });

  it('is left with its bucket by somebody who may not upload: the next deployment goes on with it', async () => {
    const { exitCode, stdout, stderr } = await deployWithout('s3:PutObject');

    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/not authorized to perform: s3:PutObject/);
    expect(Object.keys(await resourcesOf(root, STACK, 'AWS::S3::Bucket'))).toEqual(['ServerlessDeploymentBucket']);
    expect(await resourcesOf(root, STACK, 'AWS::Lambda::Function')).toEqual({});
  });

  it('is deployed, and opens an incident', async () => {
    await serverless('deploy --package built');
    await translateRights(root, STACK);
    deployment = await findDeployment(STAGE);
    before = deployment.outputs;
    await deployment.connect('kept', ACCOUNT);
    subscriber = await subscribe(root, deployment.topicOf('kept'));
    externalId = await printedExternalId();

    await inspect(SCHEDULED);

    await expect.poll(subscriber.received, SOON).toMatchObject([{ data: { kind: 'opened', host: { id: LEAKING } } }]);
  });

  it('is not changed by deploying again', async () => {
    expect(await serverless('deploy')).toContain('No changes to deploy');
  });

  it('leaves its tables, and its results in a closed bucket, when it is removed', async () => {
    const Bucket = before['ResultsBucketName'];
    await root.s3.send(new PutObjectCommand({ Bucket, Key: RESULT, Body: 'kept' }));
    await withdrawTranslation(root, STACK);
    await serverless('remove');

    expect(await stackExists(root, STACK)).toBe(false);
    for (const name of ['TableName', 'ConfigsTableName']) {
      const { Table } = await root.dynamodb.send(new DescribeTableCommand({ TableName: before[name] }));
      expect(Table?.TableStatus).toBe('ACTIVE');
    }
    const { Body } = await root.s3.send(new GetObjectCommand({ Bucket, Key: RESULT }));
    expect(await Body?.transformToString()).toBe('kept');
    const { Policy } = await root.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toContain('RefuseWithoutTls');
  });

  it('takes over what it left: the external id is the same, and the incident goes on', async () => {
    await serverless(
      `deploy ${TAKE_OVER.map(([parameter, output]) => `--param="${parameter}=${before[output]}"`).join(' ')}`,
    );
    await translateRights(root, STACK);
    deployment = await findDeployment(STAGE);

    await inspect(SCHEDULED + HOUR);

    await expect
      .poll(() => deployment.newestRun('kept', ACCOUNT), SOON)
      .toMatchObject({ scheduledTime: SCHEDULED + HOUR, outcome: 'complete', verdicts: { confirmed: 1 } });
    expect(await printedExternalId()).toBe(externalId);
    expect(deployment.outputs).toMatchObject({
      TableName: before['TableName'],
      ResultsBucketName: before['ResultsBucketName'],
      TopicArnPrefix: before['TopicArnPrefix'],
    });
    expect(await deployment.openIncidents('kept', ACCOUNT)).toMatchObject([{ value: { episode: 1, status: 'open' } }]);
    expect(await subscriber.received()).toHaveLength(1);
  });
});

/** The parameters of a deployment that takes over, and the outputs of the removed one that they get. */
const TAKE_OVER = [
  ['table', 'TableName'],
  ['configsTable', 'ConfigsTableName'],
  ['configsStream', 'ConfigsStreamArn'],
  ['resultsBucket', 'ResultsBucketName'],
  ['key', 'KeyArn'],
] as const;

function serverless(command: string): Promise<string> {
  return deployer.demand(`npx serverless ${command} --stage ${STAGE} --region ${REGION} 2>&1`);
}

async function deployWithout(action: string): Promise<Ran> {
  const lacking = environmentOf(await createDeployer(root, STAGE, action));
  return deployer.as(lacking).run(`npx serverless deploy --package built --stage ${STAGE} --region ${REGION}`);
}

async function printedExternalId(): Promise<string> {
  const operator = deployer.as({ ...environmentOf(rootOf(HOME)), AWS_REGION: REGION });
  return operator.demand(`npx plimsoll tenants external-id kept --stage ${STAGE}`);
}

function inspect(scheduled: number): Promise<void> {
  const scheduledTime = new Date(scheduled).toISOString();
  return deployment.request({ version: 1, provider: 'aws', tenant: 'kept', account: ACCOUNT, scheduledTime });
}
