/** The same hosts in three clouds, through the functions' own code: what is reported of them has to be the same too. */
import { beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../core/inspection/inspect.ts';
import type { InspectionPorts } from '../../core/inspection/inspect-regions.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../core/inspection/window.ts';
import type { Evaluated } from '../../core/model/inspected-host.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import { CLOUD_PROVIDERS, type CloudProvider } from '../../core/model/series.ts';
import type { Account } from '../../core/model/tenant.ts';
import { inspectAwsVariables, inspectAzureVariables, inspectGcpVariables } from '../../functions/environment.ts';
import { openPorts as openAws } from '../../functions/inspect-aws.ts';
import { openPorts as openAzure } from '../../functions/inspect-azure.ts';
import { openPorts as openGcp } from '../../functions/inspect-gcp.ts';
import { deploy } from '../../sandbox/deployment.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Fleet } from '../../sandbox/scenario/fleet.ts';
import { allCloudsAt } from '../../sandbox/scenario/scenario.ts';
import { NOON } from '../fixtures/builders.ts';

const EXTERNAL_ID = 'an-external-id-that-nobody-guesses';

const everything = allCloudsAt(NOON);
const isTwin = (name: string | undefined) => name === 'twin-leak' || name === 'forty';
const fleet: Fleet = { ...everything, hosts: everything.hosts.filter(({ resource }) => isTwin(resource.name)) };

interface Twins {
  readonly leak: Evaluated;
  readonly forty: Evaluated;
}

const twins = new Map<CloudProvider, Twins>();

beforeAll(async () => {
  await using sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  Object.assign(process.env, deployment.environment);
  const ports: Record<CloudProvider, InspectionPorts> = {
    aws: openAws(inspectAwsVariables(deployment.environmentOf('aws'))),
    gcp: openGcp(inspectGcpVariables(deployment.environmentOf('gcp'))),
    azure: openAzure(inspectAzureVariables(deployment.environmentOf('azure'))),
  };
  for (const account of fleet.tenants.flatMap(({ accounts }) => accounts)) {
    if (account.provider === 'aws') sandbox.trust(account.role, EXTERNAL_ID);
    if (account.provider === 'azure') sandbox.azure.trust(account, EXTERNAL_ID);
  }
  for (const provider of CLOUD_PROVIDERS) twins.set(provider, await readTwins(ports[provider], provider));
});

async function readTwins({ openSource }: InspectionPorts, provider: CloudProvider): Promise<Twins> {
  const { account, region, config } = locationOf(provider);
  const source = openSource({ config, version: 1, externalId: EXTERNAL_ID, putAt: NOON }, account, region ?? '');
  const meter = createMeter();
  const spans = inspectionSpans(NOON, source, DEFAULT_POLICY);
  const request = { source, metric: LEAK_METRIC, spans, filters: [], policyOf: () => DEFAULT_POLICY, meter };
  const evaluated = (await Array.fromAsync(inspect(request))).filter((inspected) => inspected.kind === 'evaluated');
  const leak = evaluated.find(({ verdict }) => verdict.state === 'leaking');
  const forty = evaluated.find(({ verdict }) => verdict.state === 'steady');
  if (!leak || !forty) throw new Error(`the twins in ${provider} are not as expected`);
  return { leak, forty };
}

function locationOf(provider: CloudProvider) {
  const host = fleet.hosts.find(({ resource }) => resource.provider === provider);
  const config = fleet.tenants.find(({ tenant }) => tenant === host?.tenant);
  const account = config?.accounts.find((each: Account) => each.account === host?.resource.account);
  if (!host || !config || !account) throw new Error(`the scenario has no twins in ${provider}`);
  return { account, config, region: host.resource.region };
}

function twinsIn(provider: CloudProvider): Twins {
  const found = twins.get(provider);
  if (!found) throw new Error(`nothing was read in ${provider}`);
  return found;
}

describe.each(CLOUD_PROVIDERS)('the twins in %s', (provider) => {
  it('are a leak that is evaluated as everywhere, to within 1 % of its growth', () => {
    const [own, other] = [twinsIn(provider).leak.verdict, twinsIn('aws').leak.verdict];

    if (own.state !== 'leaking' || other.state !== 'leaking') throw new Error('a twin does not leak');
    expect([own.grade, own.evidence.pattern?.name]).toEqual([other.grade, other.evidence.pattern?.name]);
    const ratio = own.evidence.growthPerHour.estimate / other.evidence.growthPerHour.estimate;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  it('are a host that reads as 0.40 of its memory', () => {
    for (const value of twinsIn(provider).forty.series.values) expect(value).toBeCloseTo(0.4, 9);
  });
});

describe.each(CLOUD_PROVIDERS)('the leaking twin in %s', (provider) => {
  it('has the same top consumer first in its Top 10, with nine tenths of the rise', () => {
    const { attribution } = twinsIn(provider).leak;

    if (attribution?.kind !== 'attributed') throw new Error(`nobody is named: ${attribution?.reason}`);
    const [first] = attribution.grown;
    expect(attribution.basis).toBe('host');
    expect(first?.consumer).toEqual({ kind: 'process', name: 'node' });
    expect(Math.abs((first?.share?.estimate ?? 0) - 0.9)).toBeLessThan(0.05);
  });
});
