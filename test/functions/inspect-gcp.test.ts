/** Google Cloud through the function's own code: requested on its queue, read, evaluated, recorded and published, as AWS is. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { federatedCredentials } from '../../adapters/gcp/credentials.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import type { InspectMessage } from '../../core/model/message.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { inspectGcpVariables } from '../../functions/environment.ts';
import { openPorts } from '../../functions/inspect-gcp.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import { deploy } from '../../sandbox/deployment.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Fleet } from '../../sandbox/scenario/fleet.ts';
import { allCloudsAt } from '../../sandbox/scenario/scenario.ts';
import { proofIn, startGoogle } from '../adapters/gcp/google-sign-in.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { anSqsEvent } from './pipeline.ts';

const everything = allCloudsAt(NOON);

const SPAN = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;

/** Google Cloud's part of the scenario. */
const fleet: Fleet = {
  ...everything,
  hosts: everything.hosts.filter(({ resource }) => resource.provider === 'gcp'),
};

/** The function, inspecting a tenant of the scenario. */
async function startFunction(tenant: string) {
  const sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  const { environment, dynamodb: client, sns } = deployment;
  Object.assign(process.env, environment);
  const config = fleet.tenants.find((each) => each.tenant === tenant);
  const account = config?.accounts.find(({ provider }) => provider === 'gcp');
  if (config === undefined || account === undefined) throw new Error(`${tenant} has no project`);
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  const put = await putTenant(config, { configs, publisher, deleted }, { newExternalId: 'external-id', now: NOON });
  if (put.kind !== 'stored') throw new Error('The tenant was not stored');
  const ports = openPorts(inspectGcpVariables(deployment.environmentOf('gcp')));
  const runs = createRunLog({ client, table: environment.TABLE, now: () => NOON });
  const options = {
    ports,
    logger: new Logger({ logLevel: 'SILENT' }),
    context: { getRemainingTimeInMillis: () => 300_000 },
    now: NOON,
  };
  const message: InspectMessage = {
    version: 1,
    tenant,
    provider: 'gcp',
    account: account.account,
    scheduledTime: new Date(NOON).toISOString(),
  };
  return {
    sandbox,
    received: await deployment.subscribe(put.topic),
    inspect: (overrides: Partial<InspectMessage> = {}) =>
      inspectMessages(anSqsEvent({ ...message, ...overrides }), options),
    runOf: async (region: string) =>
      (await runs.newest(tenant, { provider: 'gcp', account: account.account, region }, 1))[0],
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** Hosts of a region by what is expected of them. */
function expected(region: string, state: string): string[] {
  const hosts = fleet.hosts.filter(({ resource, expected }) => resource.region === region && expected.state === state);
  return hosts.map(({ resource }) => resource.name ?? '').sort();
}

describe('the inspect-gcp function', () => {
  it('publishes the leaks that are expected, and nothing else', async () => {
    await using gcp = await startFunction('harbour');

    const response = await gcp.inspect();

    const events = await gcp.received();
    expect(response).toEqual({ batchItemFailures: [] });
    expect(events.map(({ data }) => data.kind)).toEqual(events.map(() => 'opened'));
    expect(events.map(({ data }) => data.host.name).sort()).toEqual(expected('europe-west1', 'leaking'));
  });

  it('logs a run for each region, with what it read and what that costs', async () => {
    await using gcp = await startFunction('harbour');

    await gcp.inspect();

    const [west, north] = [await gcp.runOf('europe-west1'), await gcp.runOf('europe-north1')];
    expect(west).toMatchObject({
      outcome: 'complete',
      hosts: { known: 12, inspected: 10, notMonitored: 2, unreadable: 0 },
      verdicts: { confirmed: expected('europe-west1', 'leaking').length, suspected: 0, insufficientData: 0 },
    });
    expect(north).toMatchObject({ outcome: 'complete', hosts: { known: 2, inspected: 2 }, verdicts: { steady: 2 } });
    expect(Object.keys(west?.calls ?? {})).toEqual(['ListTimeSeries']);
    expect((west?.calls['ListTimeSeries'] ?? 0) + (north?.calls['ListTimeSeries'] ?? 0)).toBe(
      gcp.sandbox.calls.count('gcp'),
    );
    expect(west?.cost.price).toContain('0.50 USD per million time series returned');
  });

  it('reports that it read nothing of a project that refuses us, and publishes nothing', async () => {
    await using gcp = await startFunction('orchard');

    const response = await gcp.inspect();

    expect(response).toEqual({ batchItemFailures: [] });
    expect(await gcp.received()).toEqual([]);
    expect(await gcp.runOf('us-central1')).toMatchObject({
      outcome: 'partial',
      unreadable: { denied: 1 },
      failures: [expect.stringMatching(/monitoring\.timeSeries\.list there/)],
    });
  });

  it('gives a message of another provider back', async () => {
    await using gcp = await startFunction('harbour');

    const response = await gcp.inspect({ provider: 'aws', account: '111111111111' });

    expect(response.batchItemFailures).toHaveLength(1);
  });
});

describe('the sign-in of the inspect-gcp function', () => {
  it('names to the pool the tenant for which it acts, though two tenants name the same pool', async () => {
    await using sandbox = await startSandbox({ fleet });
    const deployment = await deploy(sandbox);
    Object.assign(process.env, deployment.environment);
    const { PLIMSOLL_TEST_GCP_ENDPOINT: _, ...environment } = inspectGcpVariables(deployment.environmentOf('gcp'));
    sandbox.trust(environment.GCP_SESSION_ROLE, null);
    // Nothing is read: where Cloud Monitoring is, only Google knows.
    const { requested, addresses } = await startGoogle({ token: [400, { error: 'invalid_grant' }] });
    const ports = openPorts(environment, (options) => federatedCredentials({ ...options, addresses }));
    const [config] = fleet.tenants;
    const account = config?.accounts.find(({ provider }) => provider === 'gcp');
    if (config === undefined || account === undefined) throw new Error('the scenario has no project');
    const inspected = ['plimsoll-of-one', 'plimsoll-of-another'].map(async (externalId, index) => {
      const tenant = { config: { ...config, tenant: `tenant-${index}` }, version: 1, externalId, putAt: NOON };
      const source = ports.openSource(tenant, account, 'europe-west1');
      await Array.fromAsync(source.read({ metric: MEMORY_UTILIZATION, span: SPAN, filters: [] }, { count() {} }));
    });

    const outcomes = await Promise.allSettled(inspected);

    expect(outcomes).toMatchObject(
      [0, 1].map((index) => ({ reason: { reason: 'denied', message: expect.stringContaining(`tenant-${index}`) } })),
    );
    const sessions = requested.map((exchange) => proofIn(exchange).headers['x-amz-security-token']);
    expect(sessions.sort()).toEqual([
      expect.stringMatching(/-plimsoll-of-another$/),
      expect.stringMatching(/-plimsoll-of-one$/),
    ]);
  });
});

describe('the environment of the inspect-gcp function', () => {
  it.each(['monitoring.example.com:443', '127.0.0.1.example.com:443', 'http://127.0.0.1:1', 'localhost:1'])(
    'names no test endpoint but one of this machine: %s',
    (endpoint) => {
      expect(() => inspectGcpVariables({ PLIMSOLL_TEST_GCP_ENDPOINT: endpoint })).toThrow(
        /PLIMSOLL_TEST_GCP_ENDPOINT: must be 127\.0\.0\.1:PORT/,
      );
    },
  );
});
