/** Where the deployed functions keep results, who reads them, and how Athena finds them. */
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../../adapters/dynamodb/deleted-tenants.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { resultLineSchema } from '../../../core/model/result-line.ts';
import { aTenantConfig } from '../../fixtures/builders.ts';
import { aResultLine, aRunRef } from '../../fixtures/result-lines.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { commandsOf } from './documents.ts';
import { environmentOf, HOME, HOST_REGION, REGION, STAGE } from './ministack.ts';
import { createUser, rightsOfOperator, type Statement } from './principals.ts';
import { openShell, type Shell } from './shell.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
const ACCOUNT = '343434343434';
const SCHEDULED = Math.floor(Date.now() / HOUR) * HOUR;
const SOON = { timeout: 90_000, interval: 500 };
const DATABASE = `plimsoll_${STAGE}`;

const RESULTS = `npx plimsoll results recorded --stage ${STAGE}`;
/** Of a tenant of this file. */
const GUIDE = (await commandsOf('docs/results.md', 'At the prompt')).map((command) =>
  command.replaceAll('acme', 'recorded'),
);

let deployment: Deployment;
let bucket: string;
/** Who may look at the catalog, and at nothing else. */
let analyst: Shell;
let operator: Shell;

beforeAll(async () => {
  deployment = await findDeployment();
  bucket = deployment.outputs['ResultsBucketName'] ?? '';
  const catalog = ['catalog', `database/${DATABASE}`, `table/${DATABASE}/results`];
  const credentials = await createUser(deployment.root, 'analyst', [
    {
      Effect: 'Allow',
      Action: ['glue:GetTable', 'glue:GetDatabase'],
      Resource: catalog.map((resource) => `arn:aws:glue:${REGION}:${HOME}:${resource}`),
    },
  ]);
  analyst = openShell(inject('folder'), { ...environmentOf(credentials), AWS_DEFAULT_REGION: REGION });
  operator = await openAs('results-reader', () => true);
});

describe('the bucket of results', () => {
  it('is closed to the public', async () => {
    const { PublicAccessBlockConfiguration } = await deployment.root.s3.send(
      new GetPublicAccessBlockCommand({ Bucket: bucket }),
    );

    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('refuses what comes without TLS', async () => {
    const { Policy = '' } = await deployment.root.s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));

    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

describe('the results of a deployed inspection', () => {
  const run = aRunRef({
    tenant: 'recorded',
    scope: { provider: 'aws', account: ACCOUNT, region: HOST_REGION },
    scheduledTime: SCHEDULED,
  });

  beforeAll(async () => {
    await putHosts(ACCOUNT, SCHEDULED);
    await deployment.connect('recorded', ACCOUNT);
    const scheduledTime = new Date(SCHEDULED).toISOString();
    await deployment.request({ version: 1, provider: 'aws', tenant: 'recorded', account: ACCOUNT, scheduledTime });
  });

  it('are named by the run that has ended', async () => {
    await expect
      .poll(() => deployment.newestRun('recorded', ACCOUNT), SOON)
      .toMatchObject({ outcome: 'complete', results: { shards: 1 } });
  });

  it('are shown by the commands of the guide, which have none of a time before', async () => {
    const codes = [];
    for (const command of GUIDE) codes.push((await operator.run(command)).exitCode);

    expect(codes).toEqual([3, 4, 3]);
  });

  it('are a line for each host, which somebody with the rights of the guide reads', async () => {
    const { exitCode, stdout, stderr } = await operator.run(`${RESULTS} --only all --json`);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => resultLineSchema.parse(JSON.parse(line)));
    expect(Object.fromEntries(lines.map(({ host, verdict }) => [host, verdict]))).toEqual({
      [LEAKING]: 'leaking',
      'i-0steady': 'steady',
      'i-0bare': 'not_monitored',
    });
  });

  it('have a head with every host that is not steady', async () => {
    const head = await createResultsStore({ client: deployment.root.s3, bucket }).head(run);

    expect(head).toMatchObject({ lines: [{ host: LEAKING }, { host: 'i-0bare' }], omitted: 0 });
    expect(head?.summary).toEqual(await deployment.newestRun('recorded', ACCOUNT));
  });

  it('are refused to somebody without the right on the bucket, who reads which one is missing', async () => {
    const stranger = await openAs('results-stranger', ({ Action }) => !String(Action).startsWith('s3:'));

    const { exitCode, stderr } = await stranger.run(RESULTS);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('s3:GetObject');
  });
});

describe('the results of yesterday', () => {
  it('are merged into one object, in which they are found as before', async () => {
    const store = createResultsStore({ client: deployment.root.s3, bucket });
    // Only results of tenants that have a config are merged.
    const configs = createConfigStore({
      client: deployment.root.dynamodb,
      table: deployment.outputs['ConfigsTableName'] ?? '',
    });
    await configs.put(aTenantConfig({ tenant: 'merged', enabled: false }), 0, 'an-external-id', Date.now());
    const run = aRunRef({ tenant: 'merged', scheduledTime: Date.now() - DAY });
    const lines = ['i-1', 'i-2', 'i-3'].map((host) => aResultLine({ host }, run));
    for (const [shard, line] of lines.entries()) await store.putShard(run, shard, [line]);

    const report = await deployment.invoke('compact-results', {});

    expect(report).toMatchObject({ merged: expect.any(Number), left: 0, failures: [] });
    expect(await keysOf('results/tenant=merged/')).toEqual([expect.stringMatching(/\/eu-west-1\/[^/]+\.ndjson\.gz$/)]);
    const found = await Promise.all(lines.map((_, shard) => Array.fromAsync(store.shard(run, shard))));
    expect(found).toEqual(lines.map((line) => [line]));
  });
});

describe('the results of a deleted tenant', () => {
  it('are removed when they are due, and its id is free then', async () => {
    const store = createResultsStore({ client: deployment.root.s3, bucket });
    const table = deployment.outputs['ConfigsTableName'] ?? '';
    const deleted = createDeletedTenants({ client: deployment.root.dynamodb, table });
    for (const tenant of ['gone', 'going']) {
      const run = aRunRef({ tenant });
      await store.putShard(run, 0, [aResultLine({}, run)]);
    }
    const deletedAt = Date.now() - 31 * DAY;
    await deleted.put({ tenant: 'gone', deletedAt, resultsUntil: Date.now() - DAY });
    await deleted.put({ tenant: 'going', deletedAt, resultsUntil: Date.now() + DAY });

    const report = await deployment.invoke('compact-results', {});

    expect(report).toMatchObject({ purged: 1, failures: [] });
    expect([await keysOf('results/tenant=gone/'), await deleted.get('gone')]).toEqual([[], undefined]);
    expect(await keysOf('results/tenant=going/')).toHaveLength(1);
    expect(await deleted.get('going')).toBeDefined();
  });
});

const tableSchema = z.object({
  Table: z.object({
    StorageDescriptor: z.object({ Location: z.string() }),
    Parameters: z.looseObject({ 'storage.location.template': z.string() }),
  }),
});

describe('the table of results', () => {
  it('is looked for where the functions write, by tenant and day', async () => {
    const answer = await analyst.demand(`aws glue get-table --database-name ${DATABASE} --name results`);

    const { StorageDescriptor, Parameters } = tableSchema.parse(JSON.parse(answer)).Table;
    expect(StorageDescriptor.Location).toBe(`s3://${bucket}/results/`);
    expect(Parameters['storage.location.template']).toBe(`s3://${bucket}/results/tenant=\${tenant}/date=\${date}/`);
    expect(Parameters).toMatchObject({ 'projection.enabled': 'true', 'projection.tenant.type': 'injected' });
  });
});

/** Somebody with those of the operator's rights. */
async function openAs(name: string, has: (right: Statement) => boolean): Promise<Shell> {
  const credentials = await createUser(deployment.root, name, rightsOfOperator(deployment.outputs).filter(has));
  return openShell(inject('folder'), { ...environmentOf(credentials), AWS_REGION: REGION });
}

async function keysOf(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await deployment.root.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key = '' }) => Key);
}
