/** Azure through the function's own code: signed in as the tenant, read, evaluated and published, as AWS is. */
import { Logger } from '@aws-lambda-powertools/logger';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import { inspect } from '../../core/inspection/inspect.ts';
import type { InspectionPorts } from '../../core/inspection/inspect-regions.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../core/inspection/window.ts';
import type { Inspected } from '../../core/model/inspected-host.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import { isResource } from '../../core/model/series.ts';
import type { Account, StoredTenant } from '../../core/model/tenant.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { inspectAwsVariables, inspectAzureVariables } from '../../functions/environment.ts';
import { openPorts as openAwsPorts } from '../../functions/inspect-aws.ts';
import { openPorts } from '../../functions/inspect-azure.ts';
import { inspectMessages } from '../../functions/inspect-messages.ts';
import { deploy } from '../../sandbox/deployment.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Expected, Fleet } from '../../sandbox/scenario/fleet.ts';
import { instanceId } from '../../sandbox/scenario/hosts.ts';
import { allCloudsAt } from '../../sandbox/scenario/scenario.ts';
import { NOON } from '../fixtures/builders.ts';
import { anSqsEvent } from './pipeline.ts';

const EXTERNAL_ID = 'an-external-id-that-nobody-guesses';

const fleet = allCloudsAt(NOON);

/** The verdict on each host, or why there is none, by name. */
type Found = ReadonlyMap<string, string>;

let ports: { readonly azure: InspectionPorts; readonly aws: InspectionPorts };
let stored: StoredTenant;
let azure: readonly Inspected[];
let aws: readonly Inspected[];

beforeAll(async () => {
  await using sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  Object.assign(process.env, deployment.environment);
  ports = {
    azure: openPorts(inspectAzureVariables(deployment.environmentOf('azure'))),
    aws: openAwsPorts(inspectAwsVariables(deployment.environmentOf('aws'))),
  };
  const [config] = fleet.tenants;
  if (config === undefined) throw new Error('the scenario has no tenant');
  stored = { config, version: 1, externalId: EXTERNAL_ID, putAt: NOON };
  for (const account of config.accounts) {
    if (account.provider === 'azure') sandbox.azure.trust(account, EXTERNAL_ID);
    if (account.provider === 'aws') sandbox.trust(account.role, EXTERNAL_ID);
  }
  azure = await inspectAccount(ports.azure, 'azure', 'westeurope');
  aws = await inspectAccount(ports.aws, 'aws', 'eu-west-1');
});

async function inspectAccount(from: InspectionPorts, provider: Account['provider'], region: string) {
  const account = stored.config.accounts.find((each) => each.provider === provider && each.regions.includes(region));
  if (account === undefined) throw new Error(`no account of ${provider} in ${region}`);
  const source = from.openSource(stored, account, region);
  const request = {
    source,
    metric: LEAK_METRIC,
    spans: inspectionSpans(NOON, source, DEFAULT_POLICY),
    filters: [],
    policyOf: () => DEFAULT_POLICY,
    meter: createMeter(),
  };
  return Array.fromAsync(inspect(request));
}

function nameOf(inspected: Inspected): string {
  if (inspected.kind === 'evaluated') return String(inspected.series.resource.name);
  if (inspected.kind === 'not_monitored') return String(inspected.resource.name);
  return isResource(inspected.scope) ? String(inspected.scope.name) : '(scope)';
}

function foundOf(inspected: readonly Inspected[]): Found {
  return new Map(
    inspected.map((each) => [
      nameOf(each),
      each.kind === 'evaluated' ? each.verdict.state : `${each.kind}: ${each.reason}`,
    ]),
  );
}

function textOf(expected: Expected): string {
  if (expected.state === 'not_monitored' || expected.state === 'unreadable')
    return `${expected.state}: ${expected.reason}`;
  return expected.state;
}

/** In AWS the metrics carry no name: a host goes by the id that its name makes. */
function evaluatedAs(inspected: readonly Inspected[], name: string) {
  const found = inspected.find(
    (each) => nameOf(each) === name || (each.kind === 'evaluated' && each.series.resource.id === instanceId(name)),
  );
  if (found?.kind !== 'evaluated') throw new Error(`${name} was not evaluated`);
  return found;
}

describe('the scenario in Azure', () => {
  it('is found as expected', () => {
    const expected = fleet.hosts
      .filter(({ resource, expected }) => resource.region === 'westeurope' && expected.state !== 'absent')
      .map(({ resource, expected }) => [resource.name, textOf(expected)]);

    expect(Object.fromEntries(foundOf(azure))).toEqual(Object.fromEntries(expected));
  });

  it('has its flat host read as 0.40 of its memory', () => {
    const { series } = evaluatedAs(azure, 'forty');

    for (const value of series.values) expect(value).toBeCloseTo(0.4, 9);
  });

  it('has the twin of a leak evaluated as its twin in AWS is, to within 1 % of its growth', () => {
    const [here, there] = [evaluatedAs(azure, 'twin-leak').verdict, evaluatedAs(aws, 'twin-leak').verdict];

    if (here.state !== 'leaking' || there.state !== 'leaking') throw new Error('one of the twins does not leak');
    const growth = here.evidence.growthPerHour.estimate / there.evidence.growthPerHour.estimate;
    expect([here.grade, here.evidence.pattern?.name]).toEqual([there.grade, there.evidence.pattern?.name]);
    expect(growth).toBeGreaterThan(0.99);
    expect(growth).toBeLessThan(1.01);
  });
});

describe('an inspection of a subscription from its queue', () => {
  const hosts = fleet.hosts.filter(({ resource }) => resource.provider === 'azure' && resource.region === 'westeurope');
  const small: Fleet = {
    ...fleet,
    hosts: hosts.filter(({ resource }) => ['twin-leak', 'forty'].includes(resource.name ?? '')),
  };

  it('publishes what leaks, and logs what the run cost', async () => {
    await using sandbox = await startSandbox({ fleet: small });
    const deployment = await deploy(sandbox);
    Object.assign(process.env, deployment.environment);
    const { environment, dynamodb: client, sns } = deployment;
    const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
    const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
    const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
    const put = await putTenant(
      stored.config,
      { configs, publisher, deleted },
      { newExternalId: EXTERNAL_ID, now: NOON },
    );
    if (put.kind !== 'stored') throw new Error('The tenant was not stored');
    const received = await deployment.subscribe(put.topic);
    const account = stored.config.accounts.find(({ provider }) => provider === 'azure');
    if (account?.provider !== 'azure') throw new Error('The tenant has no subscription');
    sandbox.azure.trust(account, EXTERNAL_ID);
    const message = {
      version: 1,
      tenant: stored.config.tenant,
      provider: 'azure',
      account: account.account,
      scheduledTime: new Date(NOON).toISOString(),
    };

    const response = await inspectMessages(anSqsEvent(JSON.stringify(message)), {
      ports: openPorts(inspectAzureVariables(deployment.environmentOf('azure'))),
      logger: new Logger({ logLevel: 'SILENT' }),
      context: { getRemainingTimeInMillis: () => 300_000 },
      now: NOON,
    });

    const runs = createRunLog({ client, table: environment.TABLE, now: () => NOON });
    const scope = { provider: 'azure', account: account.account, region: 'westeurope' } as const;
    const [run] = await runs.newest(stored.config.tenant, scope, 1);
    expect(response).toEqual({ batchItemFailures: [] });
    expect((await received()).map(({ data }) => [data.kind, data.host.name])).toEqual([['opened', 'twin-leak']]);
    expect(run).toMatchObject({
      outcome: 'complete',
      hosts: { known: 2, inspected: 2 },
      metricsBilled: 3,
      deep: { hosts: 2, metricsBilled: 1 },
    });
    expect(run?.calls).toMatchObject({ resources: 2, 'metrics:getBatch': 3 });
    expect(run?.cost.price).toContain('2026-11');
  });

  it('is partial, with the reason, when the directory does not trust us', async () => {
    const account = fleet.tenants.flatMap(({ accounts }) => accounts).find(({ account }) => account.endsWith('0002'));
    await using sandbox = await startSandbox({ fleet });
    const deployment = await deploy(sandbox);
    Object.assign(process.env, deployment.environment);
    const [, orchard] = fleet.tenants;
    if (account === undefined || orchard === undefined) throw new Error('the scenario has no refusing subscription');
    const { openSource } = openPorts(inspectAzureVariables(deployment.environmentOf('azure')));
    const source = openSource({ ...stored, config: orchard }, account, 'northeurope');
    const request = {
      source,
      metric: LEAK_METRIC,
      spans: inspectionSpans(NOON, source, DEFAULT_POLICY),
      filters: [],
      policyOf: () => DEFAULT_POLICY,
      meter: createMeter(),
    };

    const inspected = await Array.fromAsync(inspect(request));

    expect(inspected).toMatchObject([{ kind: 'unreadable', reason: 'denied' }]);
    expect(JSON.stringify(inspected)).not.toContain(EXTERNAL_ID);
  });
});
