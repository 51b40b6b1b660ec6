/** The consumers of a host's memory, from CloudWatch's processes and pods, over the real client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../core/detector/attribute.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { unattributedText } from '../../../core/messages/attribution.ts';
import type { Reading, Series, Span } from '../../../core/model/series.ts';
import { consumersOf, HOST_BYTES } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { anEvidence, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost, hosts } from '../../sandbox/small-fleets.ts';
import { readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const DAY: Span & { statistic: 'average' } = {
  window: { start: NOON - 24 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'average',
};

/** Leaks 1 % of its memory an hour, by four processes of one name. */
const leaker = aHost({
  id: 'i-leaks',
  used: (time) => 0.4 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  collects: 'all',
});

const node: Host = {
  ...leaker,
  resource: { ...leaker.resource, name: 'ip-10-0-0-7', group: 'shop' },
  naming: 'k8s_node',
};

/** Reads the fleet, then the consumers of its first host. */
async function consumersIn(fleet: readonly Host[], fault?: Fault) {
  const sandbox = await startFleet(...fleet);
  const source = sourceOf(sandbox);
  const { readings } = await readAll(source, SIX_HOURS);
  const host = readings.find((reading) => reading.kind === 'series' && reading.resource.id === fleet[0]?.resource.id);
  if (host?.kind !== 'series' || !source.consumers) throw new Error('the host was not read');
  sandbox.calls.clear();
  if (fault) sandbox.inject(fault);
  const meter = createMeter();
  const consumers = await Array.fromAsync(source.consumers(host.resource, DAY, meter));
  return { consumers, meter, sandbox, host };
}

function seriesIn(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

function byName(readings: readonly Reading[]): Record<string, Series> {
  return Object.fromEntries(seriesIn(readings).map((series) => [series.consumer?.name, series]));
}

/** The mean of what the fleet's consumer used in the minutes of a period. */
function truth(host: Host, name: string, start: number): number {
  const bytes = consumersOf(host).find((one) => one.name === name)?.bytes ?? (() => Number.NaN);
  const minutes = Array.from({ length: 15 }, (_, minute) => bytes(start + minute * MINUTE));
  return minutes.reduce((sum, value) => sum + value, 0) / minutes.length;
}

describe('the processes of a host', () => {
  it('are a series of bytes for each name, which several processes of the name add up to', async () => {
    const { consumers, host } = await consumersIn([leaker]);

    const found = byName(consumers);
    expect(Object.keys(found).sort()).toEqual(
      consumersOf(leaker)
        .map(({ name }) => name)
        .sort(),
    );
    for (const [name, series] of Object.entries(found)) {
      expect(series).toMatchObject({ unit: 'By', limit: HOST_BYTES, statistic: 'average', resource: host.resource });
      expect(series.times).toHaveLength(96);
      expect(series.values[0]).toBeCloseTo(truth(leaker, name, DAY.window.start), -1);
    }
  });

  it('take three listings of the host and one request for all', async () => {
    const { meter, sandbox } = await consumersIn([leaker, ...hosts(3)]);

    expect(meter.calls).toEqual({ ListMetrics: 3, GetMetricData: 1 });
    expect(meter.metricsBilled).toBe(consumersOf(leaker).length + 2);
    expect(sandbox.calls.metricsQueried()).toBe(meter.metricsBilled);
  });

  it('are added up by the agent’s own looks where their number is not collected', async () => {
    const { consumers } = await consumersIn([{ ...leaker, collects: 'uncounted' }]);

    const { node: topConsumer } = byName(consumers);
    expect(topConsumer?.limit).toBeUndefined();
    expect(topConsumer?.values[0]).toBeCloseTo(truth(leaker, 'node', DAY.window.start), -1);
  });

  it('are complete where the agent began to find them in another way', async () => {
    // Within a period, whose looks are then counted under both ways.
    const pidFinderChangedAt = NOON - 100 * MINUTE;

    const { consumers, meter } = await consumersIn([{ ...leaker, pidFinderChangedAt }]);

    const { node: topConsumer } = byName(consumers);
    expect(topConsumer?.times).toHaveLength(96);
    for (const [index, time] of topConsumer?.times.entries() ?? []) {
      expect(topConsumer?.values[index]).toBeCloseTo(truth(leaker, 'node', time), -1);
    }
    expect(meter.metricsBilled).toBe(consumersOf(leaker).length + 3);
  });

  it('are not paid for where they ended hours ago', async () => {
    const ended = aHost({
      id: 'i-leaks',
      reports: [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }],
      expected: { state: 'leaking', pattern: 'linear', topConsumer: 'batch' },
      collects: 'all',
    });

    const { consumers, meter } = await consumersIn([ended, leaker]);

    expect(Object.keys(byName(consumers))).not.toContain('batch');
    expect(meter.metricsBilled).toBe(consumersOf(leaker).length + 2);
  });

  it('go by name and selector where two selectors find the same name', async () => {
    const { consumers } = await consumersIn([{ ...leaker, collects: 'named' }]);

    expect(Object.keys(byName(consumers))).toEqual(['node (exe=node)', 'node (pattern=node .*main)']);
  });

  it('are read of Windows under Windows’s names', async () => {
    const { consumers } = await consumersIn([{ ...leaker, naming: 'windows' }]);

    expect(byName(consumers)['node']?.values[0]).toBeCloseTo(truth(leaker, 'node', DAY.window.start), -1);
  });

  it('are read of a machine that is known by its host name', async () => {
    const resource = { ...leaker.resource, id: 'db-7.rack2' };

    const { consumers } = await consumersIn([{ ...leaker, resource, naming: 'host_name' }]);

    expect(Object.keys(byName(consumers))).toContain('node');
  });

  it('are one reading with the snippet that turns them on where nobody collects them', async () => {
    const { consumers, meter } = await consumersIn([{ ...leaker, collects: 'nothing' }]);

    expect(consumers).toMatchObject([
      { kind: 'not_monitored', reason: 'not_reported', hint: expect.stringContaining('"procstat": [{ "exe": ".*"') },
    ]);
    expect(meter.calls).toEqual({ ListMetrics: 1 });
    expect(meter.metricsBilled).toBe(0);
  });
});

describe('the pods of a node', () => {
  it('are read where they are published with their node', async () => {
    const { consumers, meter } = await consumersIn([node]);

    const found = seriesIn(consumers);
    expect(found.map(({ consumer }) => consumer)).toContainEqual({ kind: 'pod', name: 'node', namespace: 'default' });
    expect(found.map(({ limit }) => limit)).toEqual(found.map(() => HOST_BYTES));
    expect(byName(consumers)['node']?.values[0]).toBeCloseTo(truth(node, 'node', DAY.window.start), -1);
    expect(meter.calls).toEqual({ ListMetrics: 2, GetMetricData: 1 });
  });

  it('are shares of nobody knows which node as Container Insights publishes them, and the hint names the node', async () => {
    const { consumers, meter } = await consumersIn([{ ...node, collects: 'nothing' }]);

    const shares = byName(consumers);
    expect(Object.keys(shares).sort()).toEqual(
      consumersOf(node)
        .map(({ name }) => name)
        .sort(),
    );
    expect(shares['node']).toMatchObject({ unit: '1', metric: 'k8s.pod.memory.node.utilization' });
    expect(shares['node']?.values[0]).toBeCloseTo(truth(node, 'node', DAY.window.start) / HOST_BYTES, 9);
    expect(consumers.at(-1)).toMatchObject({
      kind: 'not_monitored',
      reason: 'incommensurable',
      hint: expect.stringMatching(/containerinsights\/shop\/performance.*NodeName = "ip-10-0-0-7"/),
    });
    expect(consumers).toHaveLength(Object.keys(shares).length + 1);
    expect(meter.metricsBilled).toBe(Object.keys(shares).length);
  });

  const unread = { kind: 'unreadable', reason: 'denied' };
  const notMonitored = { kind: 'not_monitored', reason: 'incommensurable' };
  it.each([
    ['are reported as unreadable where their shares are denied', 'GetMetricData', 'denied', 0, [unread, notMonitored]],
    // Listings of the node's pods, of its capacity and of its processes come before.
    [
      'are reported as unreadable where their shares cannot be listed',
      'ListMetrics',
      'denied',
      3,
      [unread, notMonitored],
    ],
    ['are not requested where they are more than a page', 'ListMetrics', 'truncated', 3, [notMonitored]],
  ] as const)('%s', async (_, action, kind, after, reported) => {
    const fault = { service: 'cloudwatch', action, kind, after } as const;

    const { consumers } = await consumersIn([{ ...node, collects: 'nothing' }], fault);

    expect(consumers).toMatchObject(reported);
  });

  it('are a trace of who grew, where all that there is are shares', async () => {
    const { consumers, host } = await consumersIn([{ ...node, collects: 'nothing' }]);

    const result = attribute(host, anEvidence({ evaluated: DAY.window, horizonHours: 24 }), consumers);

    expect(result).toMatchObject({ kind: 'unattributed', reason: 'incommensurable' });
    expect(result.kind === 'unattributed' && unattributedText(result)).toMatch(
      /on another: default\/node \(\+\d+\.\d points\)/,
    );
  });
});

describe('consumers that cannot be read', () => {
  it.each([
    ['ListMetrics', 'denied', 'denied'],
    ['ListMetrics', 'throttled', 'throttled'],
    ['ListMetrics', 'garbage', 'malformed'],
    ['ListMetrics', 'truncated', 'truncated'],
    ['GetMetricData', 'denied', 'denied'],
    ['GetMetricData', 'down', 'unavailable'],
  ] as const)('are one unreadable of the host when %s is %s', async (action, kind, reason) => {
    const { consumers } = await consumersIn([leaker], { service: 'cloudwatch', action, kind });

    expect(consumers).toMatchObject([{ kind: 'unreadable', reason, scope: { id: 'i-leaks' } }]);
  });

  it.each(['instance', 'windows'] as const)(
    'are reported where the looks at them cannot be read, without which their sums mean nothing: %s',
    async (naming) => {
      const fault = { service: 'cloudwatch', action: 'GetMetricData', kind: 'forbidden', only: ['native'] } as const;

      const { consumers } = await consumersIn([{ ...leaker, naming }], fault);

      expect(consumers).toMatchObject([{ kind: 'unreadable', reason: 'denied', scope: { id: 'i-leaks' } }]);
    },
  );

  it('leave those that can', async () => {
    const fault = { service: 'cloudwatch', action: 'GetMetricData', kind: 'internal_error', only: ['sshd'] } as const;

    const { consumers } = await consumersIn([leaker], fault);

    expect(seriesIn(consumers)).toHaveLength(consumersOf(leaker).length - 1);
    expect(consumers).toContainEqual(
      expect.objectContaining({
        kind: 'unreadable',
        reason: 'unavailable',
        detail: expect.stringContaining('process sshd'),
      }),
    );
  });

  it('end with timeout when the signal is aborted', async () => {
    const sandbox = await startFleet(leaker);
    const source = sourceOf(sandbox);
    const { readings } = await readAll(source);
    const [host] = seriesIn(readings);
    if (!host || !source.consumers) throw new Error('the host was not read');

    const consumers = await Array.fromAsync(source.consumers(host.resource, DAY, createMeter(), AbortSignal.abort()));

    expect(consumers).toMatchObject([{ kind: 'unreadable', reason: 'timeout' }]);
  });
});

describe('hosts that are no Linux instances', () => {
  it('are read as what their agent or cluster publishes', async () => {
    const sandbox = await startFleet(
      aHost({ id: 'i-windows', naming: 'windows' }),
      aHost({ id: 'i-node', naming: 'k8s_node', resource: { ...node.resource, id: 'i-node' } }),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    const found = seriesIn(readings).map(({ resource, values }) => [resource.id, values[0]]);
    expect(Object.fromEntries(found)).toEqual({ 'i-windows': 0.5, 'i-node': 0.5 });
    expect(readings).toHaveLength(2);
  });

  it('are not monitored when their collector died', async () => {
    const reports = [{ start: NOON - 100 * HOUR, end: NOON - 5 * HOUR }];
    const sandbox = await startFleet({ ...node, reports });

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'stopped_reporting', hint: expect.stringContaining('Container Insights') },
    ]);
  });
});
