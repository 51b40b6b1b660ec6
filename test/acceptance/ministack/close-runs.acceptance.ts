/** A run of a large region whose messages are lost: it is closed with what there is of it, and the tenant's region is partial. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createOpenRunStore } from '../../../adapters/dynamodb/open-run-store.ts';
import { createShardStore } from '../../../adapters/dynamodb/shard-store.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { aResultLine } from '../../fixtures/result-lines.ts';
import { anOpenRun, aRunRef, aShardResult } from '../../fixtures/runs.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { HOST_REGION } from './ministack.ts';

const HOUR = 3_600_000;
const ACCOUNT = '565656565656';
const BEGUN = Math.floor(Date.now() / HOUR) * HOUR - 4 * HOUR;
const scope = { provider: 'aws', account: ACCOUNT, region: HOST_REGION } as const;
const stalled = aRunRef({ tenant: 'stalled', scope, scheduledTime: BEGUN });
const alive = aRunRef({ tenant: 'alive', scope, scheduledTime: BEGUN });

let deployment: Deployment;

beforeAll(async () => {
  deployment = await findDeployment();
  const table = deployment.outputs['TableName'] ?? '';
  const client = deployment.root.dynamodb;
  const shards = createShardStore({ client, table });
  const bucket = deployment.outputs['ResultsBucketName'] ?? '';
  const results = createResultsStore({ client: deployment.root.s3, bucket });
  for (const [run, progressAt] of [[stalled, BEGUN] as const, [alive, Date.now()] as const]) {
    await deployment.connect(run.tenant, ACCOUNT);
    await results.putShard(run, 0, [aResultLine({}, run)]);
    await shards.put(run, { shard: 0, finishedAt: progressAt, result: aShardResult() });
    const window = { start: BEGUN - 100 * HOUR, end: BEGUN };
    const lanes = [{ from: 0, to: 3, busyUntil: 0 }];
    const open = anOpenRun({ run, window, begunAt: BEGUN, progressAt, shards: 3, lanes });
    await createOpenRunStore({ client, table }).put(open, 0);
  }
});

describe('a large run that makes no progress', () => {
  it('is closed as partial, with the shards that were not inspected', async () => {
    const report = await deployment.invoke('close-runs', {});

    expect(report).toMatchObject({ closed: 1, dropped: 0 });
    expect(await deployment.newestRun('stalled', ACCOUNT)).toMatchObject({
      scheduledTime: BEGUN,
      outcome: 'partial',
      hosts: { known: 10, inspected: 8 },
      failures: [expect.stringContaining('2 of 3 shards')],
      results: { shards: 3 },
    });
  });

  it('has a head with the hosts that were not steady', async () => {
    const bucket = deployment.outputs['ResultsBucketName'] ?? '';

    const head = await createResultsStore({ client: deployment.root.s3, bucket }).head(stalled);

    expect(head).toMatchObject({ summary: { outcome: 'partial' }, lines: [{ verdict: 'leaking' }] });
  });

  it('is closed once', async () => {
    expect(await deployment.invoke('close-runs', {})).toMatchObject({ closed: 0, dropped: 0 });
  });

  it('is left alone where it does make progress', async () => {
    expect(await deployment.newestRun('alive', ACCOUNT)).toBeUndefined();
  });
});
