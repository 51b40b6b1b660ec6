/** A tenant that is deleted by the guide's commands, and another one that takes its id: nothing of the first can be read by it. */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../../adapters/dynamodb/deleted-tenants.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { aResultLine, aRunHead, aRunRef } from '../../fixtures/result-lines.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { environmentOf, HOME, HOST_REGION, REGION, STAGE } from './ministack.ts';
import { createUser, rightsOfOperator } from './principals.ts';
import { openShell, type Shell } from './shell.ts';

const TENANT = 'leaving';
const ACCOUNT = '454545454545';
const DELETE = `npx plimsoll tenants delete ${TENANT} --stage ${STAGE} --confirm ${TENANT}`;
const PUT = `npx plimsoll tenants put ${TENANT}.yml --stage ${STAGE}`;
const A_WHILE = 20 * 60_000;

let deployment: Deployment;
let bucket: string;
let firstId: string;
let operator: Shell;

beforeAll(async () => {
  deployment = await findDeployment();
  const { ConfigsTableName, TableName, TopicArnPrefix, ResultsBucketName = '' } = deployment.outputs;
  bucket = ResultsBucketName;
  firstId = await deployment.connect(TENANT, ACCOUNT);
  await keepResults();
  const tables = [ConfigsTableName, TableName].map((name) => `arn:aws:dynamodb:${REGION}:${HOME}:table/${name}`);
  // As docs/tenants.md names them.
  const credentials = await createUser(deployment.root, 'remover', [
    ...rightsOfOperator(deployment.outputs),
    { Effect: 'Allow', Action: 'dynamodb:DeleteItem', Resource: tables },
    { Effect: 'Allow', Action: 'sns:DeleteTopic', Resource: `${TopicArnPrefix}*` },
    { Effect: 'Allow', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${bucket}/*` },
  ]);
  operator = openShell(inject('folder'), { ...environmentOf(credentials), AWS_REGION: REGION });
  await operator.demand(`npx plimsoll tenants get ${TENANT} --stage ${STAGE} > ${TENANT}.yml`);
  await disableAWhileAgo(ConfigsTableName ?? '');
});

describe('a tenant that is deleted', () => {
  it('leaves its results, and its id to nobody', async () => {
    const deletion = await operator.demand(DELETE);
    const { exitCode, stdout, stderr } = await operator.run(PUT);

    expect(deletion).toContain(`deleted: tenant ${TENANT}`);
    expect(exitCode, stdout).toBe(1);
    expect(stderr).toContain(TENANT);
    expect(await keysOf(TENANT)).not.toEqual([]);
  });

  it('keeps its id where its results are removed at once, and frees it when they are removed once more', async () => {
    const early = await operator.demand(`${DELETE} --purge-results`);
    const { exitCode, stdout } = await operator.run(PUT);
    await deletedAWhileAgo();
    const late = await operator.demand(`${DELETE} --purge-results`);

    expect(early).toContain('run the same command again');
    expect(exitCode, stdout).toBe(1);
    expect(late).toContain(`the id ${TENANT} is free`);
    expect(await keysOf(TENANT)).toEqual([]);
  });

  it('is followed by one of the same id, with another external id and none of its results', async () => {
    await operator.demand(PUT);
    const { exitCode, stdout } = await operator.run(
      `npx plimsoll results ${TENANT} --stage ${STAGE} --only all --at 2026-11-20T13:00Z --json`,
    );

    expect([exitCode, stdout]).toEqual([4, '']);
    expect(await operator.demand(`npx plimsoll tenants external-id ${TENANT} --stage ${STAGE}`)).not.toContain(firstId);
    expect(await deployment.openIncidents(TENANT, ACCOUNT)).toEqual([]);
    expect(await deployment.newestRun(TENANT, ACCOUNT)).toBeUndefined();
  });
});

/** As an inspection would. */
async function keepResults(): Promise<void> {
  const scope = { provider: 'aws', account: ACCOUNT, region: HOST_REGION } as const;
  const run = aRunRef({ tenant: TENANT, scope });
  const store = createResultsStore({ client: deployment.root.s3, bucket });
  await store.putShard(run, 0, [aResultLine({}, run)]);
  await store.putHead(run, aRunHead({}, run));
}

/** Whoever was inspecting it has ended by now. */
async function disableAWhileAgo(table: string): Promise<void> {
  const configs = createConfigStore({ client: deployment.root.dynamodb, table });
  const stored = await configs.get(TENANT);
  if (stored === undefined) throw new Error(`there is no tenant ${TENANT}`);
  await configs.put({ ...stored.config, enabled: false }, stored.version, stored.externalId, Date.now() - A_WHILE);
}

/** Nothing merges its results any more. */
async function deletedAWhileAgo(): Promise<void> {
  const { ConfigsTableName: table = '' } = deployment.outputs;
  const deleted = createDeletedTenants({ client: deployment.root.dynamodb, table });
  const held = await deleted.get(TENANT);
  if (held === undefined) throw new Error(`nothing holds the id ${TENANT}`);
  await deleted.put({ ...held, deletedAt: Date.now() - 2 * A_WHILE });
}

async function keysOf(tenant: string): Promise<string[]> {
  const kinds = ['results', 'heads', 'work', 'baselines', 'anomalies', 'points'];
  const prefixes = kinds.map((kind) => `${kind}/tenant=${tenant}/`);
  const pages = await Promise.all(
    prefixes.map((Prefix) => deployment.root.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))),
  );
  return pages.flatMap(({ Contents = [] }) => Contents.map(({ Key = '' }) => Key));
}
