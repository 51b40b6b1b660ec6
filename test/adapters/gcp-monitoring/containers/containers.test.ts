/** Which hosts the containers of GKE are, what limits them, and what a leak in one comes to. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { loopbackClient } from '../../../../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../../../../adapters/gcp-monitoring/source.ts';
import { detect } from '../../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Reading, type Series, type Span } from '../../../../core/model/series.ts';
import type { PodContainer } from '../../../../sandbox/scenario/fleet.ts';
import { allCloudsAt } from '../../../../sandbox/scenario/scenario.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { FOREVER } from '../../../sandbox/small-fleets.ts';
import { aMeter, anInstance, PROJECT, REGION } from '../worlds.ts';
import { aGkePod, aReplica, containersOf, startCloudMonitoring, startCluster, USED } from './worlds.ts';

const DAYS: Span = {
  window: { start: NOON - DEFAULT_POLICY.lookBackHours * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

async function read(pods: readonly PodContainer[], includeGone = false) {
  const cluster = await startCluster(...pods);
  const meter = aMeter();
  const request = { metric: MEMORY_UTILIZATION, span: DAYS, filters: [], includeGone };
  const readings = await Array.fromAsync(containersOf(cluster).read(request, meter));
  return { readings, meter, cluster };
}

function seriesOf(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

const from = (start: number, end = FOREVER) => ({ start, end });

describe('a Deployment of one pod', () => {
  // A sample at the very start of a period counts to the one before.
  const RELEASED = NOON - 20 * HOUR + MINUTE;
  const before = aGkePod({
    pod: 'api-6d4f8b9c7-b2k4q',
    runs: from(NOON - 90 * HOUR + MINUTE, RELEASED),
    used: () => 99,
  });
  const after = aGkePod({ pod: 'api-7c5d6b8f9-z7x2v', runs: from(RELEASED), used: () => 50 });

  it('is one host over a rollout, whose pods follow each other', async () => {
    const { readings } = await read([before, after]);

    const [series, ...others] = seriesOf(readings);
    expect(others).toEqual([]);
    expect(series?.resource).toEqual({
      provider: 'gcp',
      account: PROJECT,
      region: REGION,
      kind: 'container',
      id: 'shop/web/api/app',
      name: 'api/app',
      group: 'shop/web/api',
      labels: {
        'k8s.cluster.name': 'shop',
        'k8s.cluster.location': REGION,
        'k8s.namespace.name': 'web',
        'k8s.deployment.name': 'api',
        'k8s.pod.name': 'api-7c5d6b8f9-z7x2v',
        'k8s.container.name': 'app',
        'k8s.node.name': 'node-1',
      },
    });
    const change = series?.times.findIndex((time) => time >= NOON - 20 * HOUR) ?? 0;
    expect(new Set(series?.values.slice(0, change))).toEqual(new Set([99]));
    expect(new Set(series?.values.slice(change))).toEqual(new Set([50]));
    expect(series?.times).toHaveLength(90 * 4);
  });

  it('costs a request for the pods that were replaced, and the series of both', async () => {
    const { meter } = await read([before, after]);

    // Containers, limits, nodes; earlier pods, of which today's is one; samples.
    expect([meter.calls, meter.billed]).toEqual([5, 1 + 1 + 1 + 2 + 2]);
  });

  it('is read from its pod of today where earlier ones cannot be requested, which is reported', async () => {
    const cluster = await startCluster(before, after);
    cluster.inject({ service: 'gcp', metric: USED, kind: 'denied', after: 1, times: 1 });

    const request = { metric: MEMORY_UTILIZATION, span: DAYS, filters: [] };
    const readings = await Array.fromAsync(containersOf(cluster).read(request, aMeter()));

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'denied', detail: expect.stringContaining('pods that were replaced') },
      { kind: 'series', resource: { id: 'shop/web/api/app' } },
    ]);
    expect(seriesOf(readings)[0]?.times[0]).toBeGreaterThanOrEqual(NOON - 20 * HOUR - 15 * MINUTE);
  });

  it('with several pods costs no request for earlier ones, which are hosts of their own', async () => {
    const pods = ['b2k4q', 'c4d5f'].map((suffix) => aGkePod({ pod: `api-7c5d6b8f9-${suffix}` }));

    const { meter } = await read([before, ...pods]);

    // Containers, limits, nodes; samples.
    expect([meter.calls, meter.billed]).toEqual([4, 2 + 2 + 1 + 2]);
  });

  it('is no host any more when its pod is gone, whatever is requested', async () => {
    for (const includeGone of [false, true]) expect((await read([before], includeGone)).readings).toEqual([]);
  });
});

describe('the limit of a container', () => {
  it('is the newest one, though it changed under way', async () => {
    const limit = (time: number) => (time > NOON - 30 * MINUTE ? 1_024 : 512) * MEBIBYTE;

    const { readings } = await read([aReplica('grown', 0, { limit })]);

    expect(seriesOf(readings)[0]).toMatchObject({ unit: 'By', metric: 'system.memory.usage', limit: 1_024 * MEBIBYTE });
  });

  it('is none where it has none, or none but 0, and its node’s memory is a label', async () => {
    const { limit: _, ...unlimited } = aReplica('free', 0);

    const { readings } = await read([unlimited, aReplica('zero', 0, { limit: () => 0 })]);

    for (const { limit, resource } of seriesOf(readings)) {
      expect(limit).toBeUndefined();
      expect(resource.labels).toMatchObject({
        'plimsoll.limit': 'none',
        'plimsoll.node.memory': String(8 * 1_024 * MEBIBYTE),
      });
    }
    expect(readings).toHaveLength(2);
  });
});

describe('the containers beside the machines', () => {
  it('are read where that is requested, and have no consumers', async () => {
    const cluster = await startCloudMonitoring([aReplica('one', 0)], [anInstance()]);
    const client = loopbackClient(cluster.endpoint);
    onTestFinished(() => client.close());
    const options = { project: PROJECT, region: REGION, client: async () => client };
    const request = { metric: MEMORY_UTILIZATION, span: DAYS, filters: [] };
    const readWith = async (containers: boolean) =>
      await Array.fromAsync(cloudMonitoringSource({ ...options, containers }).read(request, aMeter()));

    const [machine, container] = seriesOf(await readWith(true));

    expect([machine?.resource.name, container?.resource.name]).toEqual(['vm-1', 'one/app']);
    await expect(readWith(false)).resolves.toMatchObject([{ resource: { name: 'vm-1' } }]);
    if (container === undefined) throw new Error('nothing was read');
    const source = cloudMonitoringSource({ ...options, containers: true });
    const span = { ...DAYS, statistic: 'average' } as const;
    const consumers = await Array.fromAsync(source.consumers(container.resource, span, aMeter()));
    expect(consumers).toMatchObject([{ kind: 'not_monitored', reason: 'unsupported' }]);
  });
});

describe('the scenario’s cluster', () => {
  it('is evaluated as it expects', async () => {
    const pods = (allCloudsAt(NOON).pods ?? []).filter(({ provider }) => provider === 'gcp');
    const expected = new Map(pods.map((pod) => [`${pod.controller.name}/${pod.container}`, pod.expected.state]));
    const cluster = await startCluster(...pods);
    const source = containersOf(cluster, pods[0]?.account);

    const request = { metric: MEMORY_UTILIZATION, span: DAYS, filters: [] };
    const series = seriesOf(await Array.fromAsync(source.read(request, aMeter())));

    const verdicts = series.map((each) => [workloadIn(each), detect(each, DEFAULT_POLICY).state]);
    expect(verdicts).toEqual(verdicts.map(([workload = '']) => [workload, expected.get(workload)]));
    expect(new Set(verdicts.map(([workload]) => workload))).toEqual(new Set(expected.keys()));
    expect(series).toHaveLength(expected.size + 2 + 1);
  });
});

function workloadIn({ resource }: Series): string {
  return `${resource.group?.split('/').at(-1)}/${resource.labels?.['k8s.container.name']}`;
}
