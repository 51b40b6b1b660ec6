/** A tenant that takes the id of a deleted one: whatever any store kept of the first one is gone. */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createAccessStore } from '../../../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../../../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../../adapters/dynamodb/deleted-tenants.ts';
import { createHealthStore } from '../../../adapters/dynamodb/health-store.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createOpenRunStore } from '../../../adapters/dynamodb/open-run-store.ts';
import { createRecordingStore } from '../../../adapters/dynamodb/recording-store.ts';
import { createRequestLog } from '../../../adapters/dynamodb/request-log.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createScalingLog } from '../../../adapters/dynamodb/scaling-log.ts';
import { createShardStore } from '../../../adapters/dynamodb/shard-store.ts';
import { createTenantData } from '../../../adapters/dynamodb/tenant-data.ts';
import { createRecordedSamples } from '../../../adapters/s3/recorded-samples.ts';
import { createResultsArchive } from '../../../adapters/s3/results-archive.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { createWorkStore } from '../../../adapters/s3/work-store.ts';
import { deleteTenant } from '../../../core/tenants/delete-tenant.ts';
import { purgeTenant } from '../../../core/tenants/purge-tenant.ts';
import { deploy } from '../../../sandbox/deployment.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import { aGrant } from '../../contract/access-store.ts';
import { anAuditEntry } from '../../contract/audit-log.ts';
import { aWatchState } from '../../contract/health-store.ts';
import { aScalingEvent } from '../../contract/scaling-log.ts';
import {
  anIncident,
  anIncidentKey,
  aRunSummary,
  aScopeHealth,
  aTenantConfig,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';
import { aProcess, aRecording } from '../../fixtures/recordings.ts';
import { aResultLine, aRunHead, aRunRef } from '../../fixtures/result-lines.ts';
import { aRegionResult } from '../../fixtures/results.ts';
import { anOpenRun, aShardResult } from '../../fixtures/runs.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';

const sandbox = await startSandbox();
const { dynamodb: client, s3, environment } = await deploy(sandbox);
const { TABLE: table, CONFIGS_TABLE, RESULTS_BUCKET: bucket } = environment;
const ofTable = { client, table, now: () => NOON };
const ofConfigs = { client, table: CONFIGS_TABLE };
afterAll(() => sandbox.close());

/** Writes to every store. */
async function leaveTraces(tenant: string): Promise<void> {
  const run = aRunRef({ tenant });
  const results = createResultsStore({ client: s3, bucket });
  await createConfigStore(ofConfigs).put(aTenantConfig({ tenant }), 0, `id-of-${tenant}`, NOON);
  await createIncidentStore(ofTable).put(anIncident({ key: anIncidentKey({ tenant }) }), 0);
  await createAccessStore(ofConfigs).put(aGrant({ tenant }));
  await createAuditLog(ofTable).put(anAuditEntry({ tenant }));
  await createRunLog(ofTable).put(aRunSummary({ tenant }));
  await createHealthStore(ofTable).put(aScopeHealth({ tenant }), 0);
  await createHealthStore(ofTable).putWatch(tenant, aWatchState(), 0);
  await createRequestLog(ofTable).putResult({ tenant, id: 'request-1' }, aRegionResult());
  await createScalingLog(ofTable).add(aScalingEvent({ tenant }));
  await createOpenRunStore(ofTable).put(anOpenRun({ run }), 0);
  await createShardStore(ofTable).put(run, { shard: 1, finishedAt: NOON, result: aShardResult() });
  await results.putShard(run, 1, [aResultLine({}, run)]);
  await results.putHead(run, aRunHead({}, run));
  await createWorkStore({ client: s3, bucket }).put(run, 'plan/00001', [{ host: 'i-1' }]);
  const recording = aRecording({ tenant });
  await createRecordingStore(ofTable).put(recording);
  const live = [{ host: 'web-1', process: aProcess(), kept: [{ time: NOON, data: 1 }] }];
  await createRecordedSamples({ client: s3, bucket }).putLive(recording, '2026-11-20', 'part', live);
}

/** Items of the tables, and objects of the bucket, that name the tenant anywhere. */
async function tracesOf(tenant: string): Promise<string[]> {
  const documents = DynamoDBDocumentClient.from(client);
  const scanned = await Promise.all(
    [table, CONFIGS_TABLE].map((name) => documents.send(new ScanCommand({ TableName: name }))),
  );
  const items = scanned.flatMap(({ Items = [] }) => Items.map((item) => JSON.stringify(item)));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return [...items, ...Contents.map(({ Key = '' }) => Key)].filter((text) => text.includes(tenant));
}

describe('a tenant that is deleted and whose results are removed', () => {
  it('leaves nothing in any store, and nothing of another tenant goes', async () => {
    const configs = createConfigStore(ofConfigs);
    const deleted = createDeletedTenants(ofConfigs);
    const data = createTenantData(ofTable);
    const results = createResultsArchive({ client: s3, bucket });
    const access = createAccessStore(ofConfigs);
    const ports = { configs, deleted, access, data, publisher: createMemoryPublisher() };
    for (const tenant of ['gone', 'stays']) await leaveTraces(tenant);
    const before = await tracesOf('stays');

    await deleteTenant('gone', ports, NOON);
    await deleteTenant('gone', ports, NOON + HOUR);
    const kept = await tracesOf('gone');
    const purged = await purgeTenant('gone', { configs, deleted, results }, NOON + 2 * HOUR);

    expect(kept).toHaveLength(5);
    expect(purged).toEqual({ kind: 'purged', objects: 4 });
    expect(await tracesOf('gone')).toEqual([]);
    expect(await tracesOf('stays')).toEqual(before);
    expect(before.length).toBeGreaterThanOrEqual(19);
  });
});
