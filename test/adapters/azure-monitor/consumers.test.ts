/** Who uses a machine's memory, by Log Analytics: processes, pods, and why there are none. */
import { describe, expect, it } from 'vitest';
import type { Reading, Series } from '../../../core/model/series.ts';
import { consumersOf } from '../../../sandbox/scenario/consumers.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, aNode, readConsumers, SIX_HOURS, sourceOf, startFleet, WORKSPACE } from './worlds.ts';

const LOGS = { service: 'azure', action: 'logs:query' } as const;
const GIBIBYTE = 2 ** 30;

const LEAKING = { state: 'leaking', pattern: 'linear', topConsumer: 'node' } as const;

/** Grows from 40 % to 60 % within the six hours; the machine has 8 GiB. */
const leaky = aMachine({
  used: (time) => 0.6 - ((NOON - time) / (6 * HOUR)) * 0.2,
  expected: LEAKING,
  of: { labels: { 'host.type': 'Standard_D2s_v5' } },
});

function seriesIn(readings: readonly Reading[]): Series[] {
  return readings.filter((reading) => reading.kind === 'series');
}

describe('the consumers of a machine', () => {
  it('are its processes by name, in bytes of the host’s memory', async () => {
    const sandbox = await startFleet(leaky, aMachine({ name: 'other' }));

    const { readings, calls } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), leaky.resource);

    const series = seriesIn(readings);
    const node = series.find(({ consumer }) => consumer?.name === 'node');
    expect(series.map(({ consumer }) => consumer?.name).sort()).toEqual(
      ['containerd', 'dockerd', 'node', 'redis-server', 'sshd', 'systemd-journald'].sort(),
    );
    expect(node).toMatchObject({
      resource: leaky.resource,
      consumer: { kind: 'process', name: 'node' },
      metric: 'process.memory.usage',
      unit: 'By',
      limit: 8 * GIBIBYTE,
      statistic: 'average',
      window: SIX_HOURS.window,
      periodMs: 5 * MINUTE,
    });
    expect(node?.times).toHaveLength(72);
    // Nine tenths of what the machine grows by; another process follows it by the last tenth.
    expect((node?.values.at(-1) ?? 0) - (node?.values[0] ?? 0)).toBeCloseTo(0.9 * 0.2 * 8 * GIBIBYTE * (71 / 72), -8);
    expect(calls).toEqual({ 'logs:query': 1, vmSizes: 1 });
  });

  it('fold a period to its mean', async () => {
    const sandbox = await startFleet(leaky);

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), leaky.resource);

    const node = seriesIn(readings).find(({ consumer }) => consumer?.name === 'node');
    const bytes = consumersOf(leaky).find(({ name }) => name === 'node')?.bytes ?? (() => 0);
    const minutes = [0, 1, 2, 3, 4].map((minute) => bytes(SIX_HOURS.window.start + minute * MINUTE));
    expect(node?.values[0]).toBeCloseTo(minutes.reduce((sum, value) => sum + value, 0) / 5, -1);
  });

  it('are the pods of a node of AKS, with their namespaces', async () => {
    const node = aNode(3, { expected: { ...LEAKING, topConsumer: 'checkout-7d9f' } });
    const sandbox = await startFleet(node, aNode(4));
    const host = { ...node.resource, labels: { 'aks-managed-poolName': 'pool' } };

    const { readings, calls } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), host);

    const series = seriesIn(readings);
    expect(series).toHaveLength(4);
    expect(calls).toEqual({ 'logs:query': 1, vmSizes: 1 });
    expect(series[0]).toMatchObject({
      consumer: { kind: 'pod', name: 'checkout-7d9f', namespace: 'default' },
      metric: 'k8s.pod.memory.usage',
      unit: 'By',
    });
  });

  it('are processes where a machine is tagged as a node of AKS and is none', async () => {
    const sandbox = await startFleet(leaky, aNode(4));
    const host = { ...leaky.resource, labels: { 'aks-managed-by-hand': 'yes' } };

    const { readings, calls } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), host);

    expect(new Set(seriesIn(readings).map(({ consumer, metric }) => `${consumer?.kind} ${metric}`))).toEqual(
      new Set(['process process.memory.usage']),
    );
    expect(calls['logs:query']).toBe(2);
  });

  it('come without the host’s capacity where its size is not known', async () => {
    const sandbox = await startFleet(leaky);
    sandbox.inject({ service: 'azure', action: 'vmSizes', kind: 'denied' });

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), leaky.resource);

    expect(seriesIn(readings)).not.toEqual([]);
    expect(seriesIn(readings).every((series) => !('limit' in series))).toBe(true);
  });
});

describe('where there are no consumers', () => {
  it('a config without a workspace is reported, with what to turn on', async () => {
    const sandbox = await startFleet(leaky);

    const { readings, calls } = await readConsumers(sourceOf(sandbox), leaky.resource);

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'unsupported', resource: leaky.resource }]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('az monitor data-collection rule create') }]);
    expect(calls).toEqual({});
  });

  it('a machine that records no processes is reported, with what to turn on', async () => {
    const stoppedReporting = aMachine({ reports: [] });
    const sandbox = await startFleet(stoppedReporting);

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), stoppedReporting.resource);

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'not_reported', hint: expect.stringContaining('no "Process" counters') },
    ]);
  });

  it('a machine that records the total of its processes alone is reported, with what there is and which rule to change', async () => {
    const basic = aMachine({ naming: 'windows', collects: 'totals' });
    const sandbox = await startFleet(basic);

    const { readings, calls } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), basic.resource);

    expect(readings).toEqual([
      {
        kind: 'not_monitored',
        resource: basic.resource,
        reason: 'not_reported',
        hint:
          'The agent reports counters of this machine, and no memory by process is among those that the workspace has in the ' +
          'window: \\Process(_Total)\\Working Set, \\Process(_Total)\\Working Set - Private. Change the data collection rule so ' +
          'that its performance counters hold "\\\\Process(*)\\\\Working Set" (Windows) or "Process(*)\\\\Used Memory kBytes" (Linux).',
      },
    ]);
    expect(calls).toEqual({ 'logs:query': 2 });
  });

  it('is not known where the counters cannot be listed', async () => {
    const basic = aMachine({ naming: 'windows', collects: 'totals' });
    const sandbox = await startFleet(basic);
    sandbox.inject({ ...LOGS, kind: 'denied', after: 1 });

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), basic.resource);

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'denied' }]);
  });

  it('a node without Container insights is reported, with what to turn on', async () => {
    const stoppedReporting = aNode(3, { reports: [] });
    const sandbox = await startFleet(stoppedReporting);
    const host = { ...stoppedReporting.resource, labels: { 'aks-managed-poolName': 'pool' } };

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), host);

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'not_reported', hint: expect.stringContaining('--addons monitoring') },
    ]);
  });
});

describe('consumers that cannot be read', () => {
  it.each([
    ['denied', 'denied'],
    ['throttled', 'throttled'],
    ['server_error', 'unavailable'],
    ['garbage', 'malformed'],
    ['malformed', 'malformed'],
    ['down', 'unavailable'],
    ['truncated', 'truncated'],
  ] as const)('because the answer is %s are one unreadable host', async (kind, reason) => {
    const sandbox = await startFleet(leaky);
    sandbox.inject({ ...LOGS, kind });

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), leaky.resource);

    expect(readings).toMatchObject([{ kind: 'unreadable', reason, scope: leaky.resource }]);
  });
});

describe('a machine with a hostile name', () => {
  const HOSTILE = [
    'a" or 1 == 1 or Computer == "b',
    'a"\n| union (SecurityEvent)\n| where Computer == "b',
    'a\\" or true //',
    "a' or 'b' == 'b",
    'a"; Heartbeat | project x = "',
    'a\u2028| take 1',
    '{0} @"x" ```',
  ];

  it.each(HOSTILE)('asks about that machine and no other: %j', async (name) => {
    const mine = aMachine({ name, of: { name } });
    const sandbox = await startFleet(mine, aMachine({ name: 'b' }), aMachine({ name: 'a' }));

    const { readings } = await readConsumers(sourceOf(sandbox, { workspace: WORKSPACE }), mine.resource);

    expect(seriesIn(readings)).toHaveLength(6);
    expect(new Set(seriesIn(readings).map(({ resource }) => resource.name))).toEqual(new Set([name]));
  });
});
