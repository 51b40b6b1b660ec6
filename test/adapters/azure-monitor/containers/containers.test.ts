/** Which hosts the containers of AKS are, what limits them, what is missing, and what a leak in one comes to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containersQuery, limitsQuery, samplesQuery } from '../../../../adapters/azure-monitor/containers/queries.ts';
import { azureMonitorSource } from '../../../../adapters/azure-monitor/source.ts';
import { detect } from '../../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Reading, type Series, type Span } from '../../../../core/model/series.ts';
import { shapeOf } from '../../../../sandbox/azure/kql/lexer.ts';
import { aRetryClock } from '../../../../sandbox/retry-clock.ts';
import type { PodContainer } from '../../../../sandbox/scenario/fleet.ts';
import { allCloudsAt } from '../../../../sandbox/scenario/scenario.ts';
import { anyText } from '../../../fixtures/any-text.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { MEBIBYTE } from '../../../sandbox/small-clusters.ts';
import { FOREVER } from '../../../sandbox/small-fleets.ts';
import { aMachine, REGION, SUBSCRIPTION, WORKSPACE } from '../worlds.ts';
import { anAksPod, aReplica, type Cluster, containersOf, startCluster, startLogAnalytics } from './worlds.ts';

const DAYS: Span = {
  window: { start: NOON - DEFAULT_POLICY.lookBackHours * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};
const REQUEST = { metric: MEMORY_UTILIZATION, span: DAYS, filters: [] } as const;
const NOT_COUNTED = { count() {} };

async function read(cluster: Cluster, options: Parameters<typeof containersOf>[1] = {}): Promise<Reading[]> {
  return await Array.fromAsync(containersOf(cluster, options).read(REQUEST, NOT_COUNTED));
}

function seriesOf(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

const from = (start: number, end = FOREVER) => ({ start, end });

describe('a Deployment of one pod', () => {
  const RELEASED = NOON - 20 * HOUR;
  const controller = { kind: 'Deployment', name: 'api' } as const;
  const PODS = [
    anAksPod({
      pod: 'api-6d4f8b9c7-b2k4q',
      controller: { ...controller, rollout: 0 },
      runs: from(NOON - 90 * HOUR, RELEASED),
      used: () => 99,
    }),
    anAksPod({
      pod: 'api-7c5d6b8f9-z7x2v',
      controller: { ...controller, rollout: 1 },
      runs: from(RELEASED),
      used: () => 50,
    }),
  ];

  it('is one host over a rollout, whose pods follow each other', async () => {
    const [series, ...others] = seriesOf(await read(await startCluster(...PODS)));

    expect(others).toEqual([]);
    expect(series?.resource).toEqual({
      provider: 'azure',
      account: SUBSCRIPTION,
      region: REGION,
      kind: 'container',
      id: 'fleet/shop/web/api/app',
      name: 'api/app',
      group: 'fleet/shop/web/api',
      labels: {
        'k8s.cluster.name': 'shop',
        'k8s.namespace.name': 'web',
        'k8s.deployment.name': 'api',
        'k8s.pod.name': 'api-7c5d6b8f9-z7x2v',
        'k8s.container.name': 'app',
        'k8s.node.name': 'node-1',
      },
    });
    const change = series?.times.indexOf(RELEASED) ?? 0;
    expect(new Set(series?.values.slice(0, change))).toEqual(new Set([99]));
    expect(new Set(series?.values.slice(change))).toEqual(new Set([50]));
    expect(series?.times).toHaveLength(90 * 4);
  });
});

describe('the limit of a container', () => {
  it('is its own, or none where the agent states what its node has, which is a label', async () => {
    const { limit: _, ...unlimited } = aReplica('free', 0);

    const [free, own] = seriesOf(await read(await startCluster(unlimited, aReplica('own', 0))));

    expect([free?.limit, own?.limit]).toEqual([undefined, 512 * MEBIBYTE]);
    expect(free?.resource.labels).toMatchObject({
      'plimsoll.limit': 'none',
      'plimsoll.node.memory': String(8 * 1_024 * MEBIBYTE),
    });
    expect(own?.resource.labels).not.toHaveProperty('plimsoll.limit');
    expect(own).toMatchObject({ unit: 'By', metric: 'system.memory.usage' });
  });
});

describe('what is missing is reported', () => {
  it('where the config names no workspace', async () => {
    const cluster = await startCluster(aReplica('one', 0));

    const readings = await read(cluster, { workspace: undefined });

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'unsupported', hint: expect.stringContaining('names no workspace') },
    ]);
    expect(cluster.calls.calls).toEqual([]);
  });

  it('where the workspace has no tables of Container insights', async () => {
    const readings = await read(await startLogAnalytics([], [aMachine()]));

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'unsupported', hint: expect.stringContaining('--addons monitoring') },
    ]);
  });

  it('of a cluster whose region no record states', async () => {
    const readings = await read(await startCluster(aReplica('one', 0, { region: '' })));

    expect(readings).toMatchObject([
      {
        kind: 'not_monitored',
        resource: { id: 'fleet/shop/containers' },
        hint: expect.stringContaining('KubeNodeInventory'),
      },
    ]);
  });

  it('of no cluster whose region the records write in another case', async () => {
    const readings = await read(await startCluster(aReplica('one', 0, { region: 'WestEurope' })));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'fleet/shop/web/one/app' } }]);
  });

  it('of a container without counters', async () => {
    const readings = await read(await startCluster(aReplica('uncounted', 0, { used: () => 0 })));

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'not_reported', hint: expect.stringContaining('Collect Perf') },
    ]);
  });
});

describe('the containers beside the machines', () => {
  it('are read where that is requested, and have no consumers', async () => {
    const cluster = await startLogAnalytics([aReplica('one', 0)], [aMachine()]);
    const { connection } = cluster;
    const options = { connection, account: SUBSCRIPTION, region: REGION, workspace: WORKSPACE, clock: aRetryClock() };
    const source = azureMonitorSource({ ...options, containers: true });

    const [machine, container] = seriesOf(await Array.fromAsync(source.read(REQUEST, NOT_COUNTED)));

    expect([machine?.resource.name, container?.resource.name]).toEqual(['vm-1', 'one/app']);
    if (container === undefined) throw new Error('nothing was read');
    const span = { ...DAYS, statistic: 'average' } as const;
    const consumers = await Array.fromAsync(source.consumers?.(container.resource, span, NOT_COUNTED) ?? []);
    expect(consumers).toMatchObject([{ kind: 'not_monitored', reason: 'unsupported' }]);
  });
});

describe('a name in a query', () => {
  it('does not change its shape', () => {
    const window = DAYS.window;
    const queries = (text: string) => [
      containersQuery({ provider: 'azure', account: text, region: text }, { window, after: text, rows: 10 }),
      limitsQuery({ provider: 'azure', account: text, region: text }, { window, after: text, rows: 10 }),
      samplesQuery([text], DAYS),
    ];
    const shapes = queries('a').map(shapeOf);

    fc.assert(
      fc.property(anyText(), (text) => {
        expect(queries(text).map(shapeOf)).toEqual(shapes);
      }),
    );
  });
});

describe('the scenario’s cluster', () => {
  it('is evaluated as it expects', async () => {
    const pods = (allCloudsAt(NOON).pods ?? []).filter(({ provider }) => provider === 'azure');
    const expected = new Map(pods.map((pod) => [nameOf(pod), pod.expected.state]));
    const cluster = await startCluster(...pods);

    const series = seriesOf(await read(cluster, { account: pods[0]?.account ?? '' }));

    const verdicts = series.map((each) => [workloadIn(each), detect(each, DEFAULT_POLICY).state]);
    expect(verdicts).toEqual(verdicts.map(([workload = '']) => [workload, expected.get(workload)]));
    expect(new Set(verdicts.map(([workload]) => workload))).toEqual(new Set(expected.keys()));
    expect(series).toHaveLength(expected.size + 2 + 1);
  });
});

function nameOf({ controller, container }: PodContainer): string {
  return `${controller.name}/${container}`;
}

function workloadIn({ resource }: Series): string {
  return `${resource.group?.split('/').at(-1)}/${resource.labels?.['k8s.container.name']}`;
}
