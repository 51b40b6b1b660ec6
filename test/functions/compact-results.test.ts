/** The compact-results function over the sandbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createResultsArchive } from '../../adapters/s3/results-archive.ts';
import { createResultsStore } from '../../adapters/s3/results-store.ts';
import { isolatedVariables } from '../../cli/environment.ts';
import { handler } from '../../functions/compact-results.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { aTenantConfig, HOUR } from '../fixtures/builders.ts';
import { aResultLine, aRunRef } from '../fixtures/result-lines.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };
const YESTERDAY = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 24 * HOUR;

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

describe('the compact-results function', () => {
  it('merges yesterday’s results of every tenant, removes those of a deleted one, and names what cannot be merged', async () => {
    const options = { client: deployment.s3, bucket: deployment.environment.RESULTS_BUCKET };
    const [results, archive] = [createResultsStore(options), createResultsArchive(options)];
    for (const tenant of ['acme', 'globex'])
      for (const hour of [1, 2]) {
        const run = aRunRef({ tenant, scheduledTime: YESTERDAY + hour * HOUR });
        await results.putShard(run, 0, [aResultLine({}, run)]);
      }

    const stores = { client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE };
    const configs = createConfigStore(stores);
    for (const tenant of ['acme', 'globex']) await configs.put(aTenantConfig({ tenant }), 0, 'external', YESTERDAY);

    const report = await handler({}, CONTEXT);

    expect(report).toEqual({ compacted: 2, merged: 4, left: 0, tenantsLeft: 0, failures: [], purged: 0 });
    expect(await handler({}, CONTEXT)).toMatchObject({ compacted: 0 });

    const day = new Date(YESTERDAY).toISOString().slice(0, 10);
    const [found] = await Array.fromAsync(archive.folders('acme', day));
    if (found === undefined) throw new Error('There are no results.');
    await archive.write(found.folder, 'late/00000.ndjson.gz', Buffer.from('not gzip'));
    await configs.remove('globex');
    await createDeletedTenants(stores).put({ tenant: 'globex', deletedAt: YESTERDAY, resultsUntil: YESTERDAY + HOUR });
    await expect(handler({}, CONTEXT)).rejects.toThrow(
      /1 results could not be merged or removed; the others were\. acme: /,
    );
    expect(await Array.fromAsync(archive.tenants())).toEqual(['acme']);
  });
});
