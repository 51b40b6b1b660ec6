/** The same leak on machines, in containers and in tasks, whoever reports it: it has to be the same leak. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { azureMonitorSource } from '../../adapters/azure-monitor/source.ts';
import { loopbackClient } from '../../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../../adapters/gcp-monitoring/source.ts';
import { detect } from '../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series } from '../../core/model/series.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';
import { OWN_ACCOUNT } from '../../sandbox/aws/accounts.ts';
import { worldsOf } from '../../sandbox/prometheus/fleet-worlds.ts';
import { aRetryClock } from '../../sandbox/retry-clock.ts';
import type { Fleet, Host, PodContainer, Task } from '../../sandbox/scenario/fleet.ts';
import { everywhereAt } from '../../sandbox/scenario/scenario.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { MEBIBYTE } from '../sandbox/small-clusters.ts';
import * as aks from './azure-monitor/containers/worlds.ts';
import { WORKSPACE } from './azure-monitor/worlds.ts';
import * as aws from './cloudwatch/containers/worlds.ts';
import * as gke from './gcp-monitoring/containers/worlds.ts';
import * as prometheus from './promql/worlds.ts';

const TWIN = 'twin-leak';
const GIB = 1_024 * MEBIBYTE;
const SPAN = {
  window: { start: NOON - DEFAULT_POLICY.lookBackHours * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
} as const;

const SCENARIO = everywhereAt(NOON);
const TWIN_HOSTS = SCENARIO.hosts.filter(({ resource }) => resource.name === TWIN);
const TWIN_PODS = (SCENARIO.pods ?? []).filter(({ controller }) => controller.name === TWIN);
const TWIN_TASKS = (SCENARIO.tasks ?? []).filter(({ service }) => service === TWIN);
/** The nodes that a Prometheus server scrapes its containers from. */
const NODES = SCENARIO.hosts.filter(({ resource, naming }) => {
  return resource.provider === 'prometheus' && naming === 'k8s_node';
});

interface Twins {
  readonly hosts: readonly Host[];
  readonly pods: readonly PodContainer[];
  readonly tasks: readonly Task[];
}

function ofProvider(provider: PodContainer['provider'], { hosts, pods, tasks }: Twins) {
  return {
    hosts: hosts.filter(({ resource }) => resource.provider === provider),
    pods: pods.filter((pod) => pod.provider === provider),
    tasks: provider === 'aws' ? tasks : [],
  };
}

async function read(source: MemorySource): Promise<Series[]> {
  const request = { metric: MEMORY_UTILIZATION, span: SPAN, filters: [] };
  const readings = await Array.fromAsync(source.read(request, { count() {} }));
  return readings.filter((reading) => reading.kind === 'series');
}

async function readAws(twins: Twins): Promise<Series[]> {
  const { hosts, pods, tasks } = ofProvider('aws', twins);
  const ownHosts = hosts.map((host) => ({ ...host, resource: { ...host.resource, account: OWN_ACCOUNT } }));
  const own = <Located extends object>(located: Located) => ({ ...located, account: OWN_ACCOUNT });
  const sandbox = await aws.startContainers({ pods: pods.map(own), tasks: tasks.map(own) }, ownHosts);
  return await read(aws.containersOf(sandbox));
}

async function readGoogle(twins: Twins): Promise<Series[]> {
  const { hosts, pods } = ofProvider('gcp', twins);
  const { account = '', region = '' } = pods[0] ?? {};
  const client = loopbackClient((await gke.startCloudMonitoring(pods, hosts)).endpoint);
  onTestFinished(() => client.close());
  return await read(cloudMonitoringSource({ project: account, region, client: async () => client, containers: true }));
}

async function readAzure(twins: Twins): Promise<Series[]> {
  const { hosts, pods } = ofProvider('azure', twins);
  const { account = '', region = '' } = pods[0] ?? {};
  const { connection } = await aks.startLogAnalytics(pods, hosts);
  const options = { connection, account, region, workspace: WORKSPACE, clock: aRetryClock() };
  return await read(azureMonitorSource({ ...options, containers: true }));
}

async function readPrometheus(twins: Twins): Promise<Series[]> {
  const { hosts, pods } = ofProvider('prometheus', twins);
  const fleet: Fleet = { ...SCENARIO, hosts: [...hosts, ...NODES], pods };
  const [world] = worldsOf(fleet);
  const server = await prometheus.startServer({ ...world, account: 'prom' });
  const series = await read(prometheus.sourceOf(server));
  const nodes = new Set(NODES.map(({ resource }) => resource.name));
  return series.filter(({ resource }) => !nodes.has(resource.name));
}

const READERS = { AWS: readAws, 'Google Cloud': readGoogle, Azure: readAzure, Prometheus: readPrometheus };

async function readEverywhere(twins: Twins): Promise<(readonly [name: string, series: Series])[]> {
  const read = await Promise.all(
    Object.entries(READERS).map(async ([name, reader]) =>
      (await reader(twins)).map((series) => [`${series.resource.kind ?? 'machine'} by ${name}`, series] as const),
    ),
  );
  return read.flat();
}

/** Of the limit, or in bytes where there is none, an hour. */
function leakOf(series: Series) {
  const verdict = detect(series, DEFAULT_POLICY);
  if (verdict.state !== 'leaking') throw new Error(`${series.resource.id} is ${verdict.state}`);
  const { grade, evidence } = verdict;
  const growth = evidence.growthPerHour.estimate / (series.limit ?? 1);
  return { verdict: [grade, evidence.pattern?.name, evidence.exhaustion.kind], growth };
}

function expectOneLeak(found: readonly (readonly [name: string, series: Series])[]) {
  const leaks = found.map(([name, series]) => ({ name, ...leakOf(series) }));
  const [first] = leaks;
  expect(leaks.map(({ name, verdict }) => [name, verdict])).toEqual(leaks.map(({ name }) => [name, first?.verdict]));
  for (const { name, growth } of leaks) {
    expect([name, Math.abs(growth / (first?.growth ?? Number.NaN) - 1) < 0.01]).toEqual([name, true]);
  }
}

describe('a leak', () => {
  it('is one everywhere: on machines, in containers against their limits and in a task', async () => {
    const found = await readEverywhere({ hosts: TWIN_HOSTS, pods: TWIN_PODS, tasks: TWIN_TASKS });

    expect(found.map(([name]) => name).sort()).toEqual([
      'container by AWS',
      'container by Azure',
      'container by Google Cloud',
      'container by Prometheus',
      'machine by AWS',
      'machine by Azure',
      'machine by Google Cloud',
      'machine by Prometheus',
      'task by AWS',
    ]);
    expectOneLeak(found);
  });

  it('is one in containers without a limit: in bytes, with no time at which they are full', async () => {
    const pods = TWIN_PODS.map(({ limit: _, ...pod }) => ({ ...pod, used: smallLeak }));

    const found = await readEverywhere({ hosts: [], pods, tasks: [] });

    expect(found.map(([, { unit, limit }]) => [unit, limit])).toEqual(Array(4).fill(['By', undefined]));
    for (const [, series] of found) expect(series.resource.labels).toMatchObject({ 'plimsoll.limit': 'none' });
    expectOneLeak(found);
    expect(found.map(([, series]) => leakOf(series).verdict.at(-1))).toEqual(Array(4).fill('cannot_say'));
  });
});

/** From 300 to 800 MiB in a hundred hours. */
function smallLeak(time: number): number {
  const hours = Math.max(0, (time - SPAN.window.start) / HOUR);
  return (300 + 5 * hours + 3 * Math.sin(time / MINUTE)) * MEBIBYTE;
}

describe('a container without a limit', () => {
  it('leaks whether the memory of its node is known or not, however large that is', async () => {
    const container = prometheus.aContainer({ used: smallLeak, limit: () => 0 });
    const node = prometheus.aNode({ bytes: 64 * GIB });
    const server = await prometheus.startServer({ nodes: [node], containers: [container] });
    const known = (await read(prometheus.sourceOf(server))).find(({ resource }) => resource.kind === 'container');
    if (known === undefined) throw new Error('the container was not read');

    const { labels, ...resource } = known.resource;

    expect(labels).toMatchObject({ 'plimsoll.node.memory': String(64 * GIB) });
    expect(leakOf(known)).toEqual(leakOf({ ...known, resource }));
    // As a share of its node it would be nothing.
    expect(detect({ ...known, limit: 64 * GIB }, DEFAULT_POLICY).state).toBe('steady');
  });
});
