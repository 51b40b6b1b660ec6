/** The consumers of a host's memory, from Cloud Monitoring, over the real client and the sandbox. */
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import { POD_MEMORY, PROCESS_MEMORY, type Reading, type Resource, type Series } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { HOST_BYTES, consumersOf as podsOf } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { point, scriptedSource } from './scripted-server.ts';
import { aMeter, anInstance, PROJECT, REGION, sourceOf, startFleet } from './worlds.ts';

const SPAN = {
  window: { start: NOON - 100 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
} as const;

const RSS = 'agent.googleapis.com/processes/rss_usage';

/** 30 % to 80 % within 100 h, and it is `node`. */
const leaker = anInstance({
  used: (time) => 0.8 + (0.005 * (time - NOON)) / HOUR,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
});

/** As a read describes a node. */
function cluster(name: string, location = REGION) {
  return { 'k8s.cluster.name': name, 'k8s.cluster.location': location };
}

const nodeName = 'gke-shop-pool-1-a1b2';
const node = anInstance({
  ...leaker,
  naming: 'k8s_node',
  resource: { ...leaker.resource, name: nodeName, labels: cluster('shop') },
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'checkout-7d9f8' },
});

/** Other hosts of the project, whose consumers are their own: also of a cluster and a node of the same name. */
const BESIDE: readonly Host[] = [
  anInstance({ id: '2' }),
  ...[
    { id: '3', name: 'gke-shop-pool-1-c3d4', labels: cluster('shop') },
    { id: '4', name: nodeName, labels: cluster('bank') },
    { id: '5', name: nodeName, labels: cluster('shop', `${REGION}-c`) },
  ].map((node) =>
    anInstance({
      naming: 'k8s_node',
      resource: { provider: 'gcp', account: PROJECT, region: REGION, ...node },
      expected: { state: 'leaking', pattern: 'linear', topConsumer: `pod-of-${node.id}` },
    }),
  ),
];

async function consumersOf(host: Host, prepare: (sandbox: Awaited<ReturnType<typeof startFleet>>) => void = () => {}) {
  const sandbox = await startFleet(host, ...BESIDE);
  prepare(sandbox);
  const meter = aMeter();
  const readings = await Array.fromAsync(sourceOf(sandbox).consumers(resourceOf(host), SPAN, meter));
  return { sandbox, meter, readings };
}

/** As the inventory describes it. */
function resourceOf({ resource }: Host): Resource {
  return { ...resource, name: resource.name ?? `vm-${resource.id}` };
}

function seriesOf(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

function byName(readings: readonly Reading[], name: string): Series {
  const found = seriesOf(readings).find(({ consumer }) => consumer?.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function growth({ values }: Series): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

describe('the consumers of an instance', () => {
  it('are its processes by executable, in bytes, with what the host has', async () => {
    const { readings } = await consumersOf(leaker);

    const names = seriesOf(readings).map(({ consumer }) => consumer?.name);
    expect(names.sort()).toEqual(['containerd', 'dockerd', 'node', 'redis-server', 'sshd', 'systemd-journald']);
    for (const series of seriesOf(readings)) {
      expect(series).toMatchObject({ metric: PROCESS_MEMORY, unit: 'By', resource: { id: '1' }, ...SPAN });
      expect(series.limit).toBeCloseTo(HOST_BYTES, -3);
      expect(series.times).toHaveLength(400);
    }
  });

  it('grow by what the host grows, the top consumer first, though it was restarted under another pid', async () => {
    const { readings } = await consumersOf(leaker);

    const [first, second] = seriesOf(readings).sort((a, b) => growth(b) - growth(a));
    expect(first?.consumer).toEqual({ kind: 'process', name: 'node' });
    // One process takes a tenth of whatever the host grows by.
    expect(first && growth(first) / HOST_BYTES).toBeCloseTo(0.45, 2);
    expect(second && growth(second) / HOST_BYTES).toBeCloseTo(0.05, 2);
  });

  it('cost one question, one for how often the host was looked at, one for what it has, and the series that come back', async () => {
    const { meter, sandbox } = await consumersOf(leaker);

    expect(sandbox.calls.count('gcp')).toBe(3);
    expect(meter).toMatchObject({ calls: 3, billed: 6 + 1 + 1 });
  });

  it('never hold a command line, which may carry a password', async () => {
    const { readings } = await consumersOf(leaker);

    expect(JSON.stringify(readings)).not.toMatch(/password|hunter2/);
  });

  it('are reported as not monitored where no agent reports processes, with what to do', async () => {
    const { readings } = await consumersOf(anInstance({ reports: [] }));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'not_reported', resource: { id: '1' } }]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('hostmetrics') }]);
  });

  it('are one unreadable reading of the host when the request for them fails', async () => {
    const { readings } = await consumersOf(leaker, (sandbox) =>
      sandbox.inject({ service: 'gcp', metric: RSS, kind: 'denied' }),
    );

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'denied', scope: { id: '1' } }]);
  });

  it.each([
    ['execution_error', 'timeout', 3],
    ['truncated', 'truncated', 6],
  ] as const)(
    'are those that are completely known, and a report that some are missing, when the answer is %s',
    async (kind, reason, known) => {
      const { readings } = await consumersOf(leaker, (sandbox) =>
        sandbox.inject({ service: 'gcp', metric: RSS, kind }),
      );

      expect(seriesOf(readings)).toHaveLength(known);
      expect(readings.at(-1)).toMatchObject({ kind: 'unreadable', reason, scope: { id: '1' } });
    },
  );

  it('do not count as complete where only a part of their periods has come', async () => {
    const ends = Array.from({ length: 400 }, (_, period) => NOON / 1000 - period * 900);
    const processOf = (command: string, periods: readonly number[]) => ({
      metric: { labels: { command } },
      resource: { type: 'gce_instance', labels: {} },
      metricKind: 'GAUGE',
      points: periods.map((end) => point(end, 15_000)),
    });
    const looks = { metricKind: 'GAUGE', metric: {}, resource: {}, points: ends.map((end) => point(end, 15)) };
    const { source } = await scriptedSource({
      pages: [
        {
          timeSeries: [processOf('complete', ends), processOf('part', ends.slice(0, 200))],
          executionErrors: [{ code: status.UNAVAILABLE, message: 'zone b is away' }],
        },
        { timeSeries: [looks] },
        { timeSeries: [] },
      ],
    });

    const readings = await Array.fromAsync(source.consumers(resourceOf(leaker), SPAN, aMeter()));

    expect(readings).toMatchObject([
      { kind: 'series', consumer: { name: 'complete' } },
      { kind: 'unreadable', reason: 'unavailable', scope: { id: '1' } },
    ]);
    expect(seriesOf(readings)[0]?.values[0]).toBe(1000);
  });

  it('are unreadable where it is not known how often the host was looked at', async () => {
    const onePoint = point(NOON / 1000, 15_000);
    const series = { metric: { labels: { command: 'node' } }, resource: {}, metricKind: 'GAUGE', points: [onePoint] };
    const { source } = await scriptedSource({ pages: [{ timeSeries: [series] }, { timeSeries: [] }] });

    const readings = await Array.fromAsync(source.consumers(resourceOf(leaker), SPAN, aMeter()));

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'malformed', scope: { id: '1' } }]);
  });

  it('are unreadable, and nothing is thrown, when signing in fails', async () => {
    const refused = new SourceError('the pool refused', { reason: 'denied', retryable: false });
    const source = cloudMonitoringSource({ project: PROJECT, region: REGION, client: () => Promise.reject(refused) });

    const readings = await Array.fromAsync(source.consumers(resourceOf(leaker), SPAN, aMeter()));

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'denied', detail: 'the pool refused' }]);
  });

  it('are read without what the host has where that fails', async () => {
    const { readings } = await consumersOf(leaker, (sandbox) =>
      sandbox.inject({ service: 'gcp', metric: 'agent.googleapis.com/memory/bytes_used', kind: 'denied' }),
    );

    expect(seriesOf(readings)).toHaveLength(6);
    expect(readings[0]).not.toHaveProperty('limit');
  });

  it('are read without the host’s capacity where its answer may be incomplete', async () => {
    const { readings } = await consumersOf(leaker, (sandbox) =>
      sandbox.inject({ service: 'gcp', metric: 'agent.googleapis.com/memory/bytes_used', kind: 'execution_error' }),
    );

    expect(seriesOf(readings)).toHaveLength(6);
    expect(readings[0]).not.toHaveProperty('limit');
  });

  it('count with what they use at a time, though one is forked anew each minute', async () => {
    const { readings } = await consumersOf(leaker);

    for (const value of byName(readings, 'sshd').values) expect(value / HOST_BYTES).toBeCloseTo(0.002, 9);
  });
});

describe('the consumers of a node', () => {
  it('are its pods, the containers of each added up, without what can be taken back', async () => {
    const { readings } = await consumersOf(node);

    const [first] = seriesOf(readings).sort((a, b) => growth(b) - growth(a));
    expect(first).toMatchObject({ metric: POD_MEMORY, unit: 'By', limit: HOST_BYTES });
    expect(first?.consumer).toEqual({ kind: 'pod', name: 'checkout-7d9f8', namespace: 'default' });
    expect(first && growth(first) / HOST_BYTES).toBeCloseTo(0.45, 2);
  });

  it('are those of the node, of its cluster and where that is, and of no other', async () => {
    const { readings } = await consumersOf(node);

    const names = seriesOf(readings).map(({ consumer }) => consumer?.name);
    const pods = podsOf(node).map(({ name }) => name);
    expect(names.sort()).toEqual(pods.toSorted());
    for (const { limit } of seriesOf(readings)) expect(limit).toBe(HOST_BYTES);
    const redis = pods.find((name) => name.startsWith('redis-')) ?? '';
    expect(byName(readings, redis).values[0]).toBeLessThan(0.06 * HOST_BYTES);
  });
});

describe('an instance that its owner gave the name of a node', () => {
  it('has processes, which its agent reports', async () => {
    const named = anInstance({ ...leaker, resource: { ...leaker.resource, name: 'gke-proxy' } });

    const { readings } = await consumersOf(named);

    expect(byName(readings, 'node')).toMatchObject({ consumer: { kind: 'process' } });
  });
});
