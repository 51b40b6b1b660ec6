/** Hosts of one name: machines in several zones, nodes of several clusters, and a machine that replaced another. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/model/series.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { point, scriptedSource } from './scripted-server.ts';
import { anInstance, CPU, NODE_MEMORY, PROJECT, REGION, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const NAME = 'gke-shop-pool-1-a1b2';
const ZONES = { b: `${REGION}-b`, c: `${REGION}-c` } as const;

/** The reading of each host: how much of its memory is used, or what else. */
function reported(readings: readonly Reading[]): Record<string, unknown> {
  return Object.fromEntries(
    readings.map((reading) => {
      if (reading.kind === 'series') return [reading.resource.id, reading.values[0]];
      const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
      return ['id' in scope ? scope.id : '(scope)', reading.reason];
    }),
  );
}

describe('machines of one name', () => {
  it('in several zones are a reading each, though it is a node’s name', async () => {
    const sandbox = await startFleet(
      ...Object.values(ZONES).map((zone, index) =>
        anInstance({ id: String(index + 1), reports: [], resource: placed(String(index + 1), 'gke-proxy', zone) }),
      ),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 'not_reported', '2': 'not_reported' });
  });

  it('in several zones have not replaced each other, though one was seen later', async () => {
    const stopped = { start: NOON - 90 * HOUR, end: NOON - 10 * MINUTE };
    const sandbox = await startFleet(
      anInstance({ id: '1', resource: placed('1', 'web', ZONES.b) }),
      anInstance({ id: '2', resource: placed('2', 'web', ZONES.c), runs: stopped }),
    );

    const { readings, calls } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 0.5, '2': 0.5 });
    expect(calls).toBe(2);
  });

  it('explain how an agent is installed where only their name suggests that they are nodes', async () => {
    const sandbox = await startFleet(anInstance({ reports: [], resource: placed('1', 'gke-proxy', ZONES.b) }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { hint: expect.stringMatching(/add-google-cloud-ops-agent-repo.*--monitoring=SYSTEM/) },
    ]);
  });
});

describe('nodes of one name', () => {
  const node = (id: string, used: number, labels: Record<string, string>, others: Partial<Host> = {}) =>
    anInstance({
      id,
      naming: 'k8s_node',
      used: () => used,
      resource: {
        ...placed(id, NAME, labels['zone'] ?? ZONES.b),
        labels: { 'cloud.availability_zone': labels['zone'] ?? ZONES.b, ...clusterIn(labels) },
      },
      ...others,
    });

  it('of several clusters keep their own memory, and name their cluster', async () => {
    const sandbox = await startFleet(
      node('1', 0.4, { zone: ZONES.b, cluster: 'shop' }),
      node('2', 0.8, { zone: ZONES.c, cluster: 'bank' }),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 0.4, '2': 0.8 });
    expect(readings).toMatchObject([
      { resource: { labels: { 'k8s.cluster.name': 'shop', 'k8s.cluster.location': REGION } } },
      { resource: { labels: { 'k8s.cluster.name': 'bank' } } },
    ]);
  });

  it('of clusters of one name in several zones keep their own memory', async () => {
    const sandbox = await startFleet(
      node('1', 0.4, { zone: ZONES.b, cluster: 'shop', location: ZONES.b }),
      node('2', 0.8, { zone: ZONES.c, cluster: 'shop', location: ZONES.c }),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 0.4, '2': 0.8 });
  });

  it('are not requested in other regions', async () => {
    const elsewhere = { ...placed('9', NAME, 'europe-west10-a'), region: 'europe-west10' } as const;
    const sandbox = await startFleet(
      node('1', 0.4, {}, { reports: [] }),
      ...['9', '10'].map((id) =>
        anInstance({ naming: 'k8s_node', resource: { ...elsewhere, id, name: `${NAME}${id}` }, used: () => 0.9 }),
      ),
      anInstance({ naming: 'k8s_node', resource: elsewhere, used: () => 0.9 }),
    );

    const { readings, billed } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 'not_reported' });
    // The listing, and an answer without series.
    expect(billed).toBe(1 + 1);
  });

  it('that a filter leaves out do not lend theirs to those that it admits', async () => {
    const sandbox = await startFleet(
      node('1', 0.4, { zone: ZONES.b, cluster: 'shop' }, { reports: [] }),
      node('2', 0.8, { zone: ZONES.c, cluster: 'bank' }),
    );

    const { readings } = await readAll(sourceOf(sandbox), { filters: [{ include: [{ id: '1' }] }] });

    expect(reported(readings)).toEqual({ '1': 'not_reported' });
  });

  it('whose machine is gone do not lend theirs to a node of another cluster', async () => {
    const sandbox = await startFleet(
      node('1', 0.4, { cluster: 'shop' }, { reports: [] }),
      node('2', 0.8, { cluster: 'bank' }, { runs: { start: NOON - 90 * HOUR, end: NOON - 2 * HOUR } }),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '1': 'not_reported' });
  });

  it('one of which was repaired are the one that runs now', async () => {
    const repaired = NOON - 10 * MINUTE;
    const sandbox = await startFleet(
      node('1', 0.9, {}, { runs: { start: NOON - 90 * HOUR, end: repaired }, reports: [] }),
      node('2', 0.4, {}, { runs: { start: repaired + 2 * MINUTE, end: FOREVER } }),
    );

    const { readings, calls } = await readAll(sourceOf(sandbox));

    expect(reported(readings)).toEqual({ '2': 0.4 });
    // The listing, which of the two was seen last, the agent's memory, and the cluster's.
    expect(calls).toBe(4);
    expect(sandbox.calls.calls.filter(({ metric }) => metric === CPU)).toHaveLength(2);
    expect(sandbox.calls.calls.filter(({ metric }) => metric === NODE_MEMORY)).toHaveLength(1);
  });
});

describe('nodes of one name that do not name their cluster', () => {
  const ENDS = Array.from({ length: 72 }, (_, period) => SIX_HOURS.window.end / 1000 - period * 300);

  const vm = (instance_id: string, zone: string, userLabels: object = {}) => ({
    metric: { labels: { instance_name: NAME } },
    resource: { type: 'gce_instance', labels: { instance_id, zone } },
    metadata: { userLabels },
    metricKind: 'GAUGE',
    points: [point(ENDS[0] ?? 0, 0.2)],
  });
  const seriesOf = (cluster_name: string, location: string, value: number, ends = ENDS) => ({
    metric: { labels: {} },
    resource: { type: 'k8s_node', labels: { cluster_name, location, node_name: NAME } },
    metricKind: 'GAUGE',
    points: ends.map((end) => point(end, value)),
  });

  it.each<[string, object[], object[], object]>([
    [
      'are of the cluster in their zone',
      [vm('1', ZONES.b), vm('2', ZONES.c)],
      [seriesOf('shop', ZONES.b, 0.4), seriesOf('shop', ZONES.c, 0.8)],
      { '1': 0.4, '2': 0.8 },
    ],
    ['are of the only cluster in the region', [vm('1', ZONES.b)], [seriesOf('shop', REGION, 0.4)], { '1': 0.4 }],
    [
      'are of none in another region',
      [vm('1', ZONES.b)],
      [seriesOf('shop', 'us-central1-a', 0.9)],
      { '1': 'not_reported' },
    ],
    [
      'are unreadable where it can be several clusters',
      [vm('1', ZONES.b)],
      // One after the other, so that no period has two values.
      [seriesOf('shop', REGION, 0.4, ENDS.slice(0, 36)), seriesOf('bank', REGION, 0.9, ENDS.slice(36))],
      { '1': 'malformed' },
    ],
    [
      'are unreadable where it can be several machines',
      [vm('1', ZONES.b), vm('2', ZONES.c)],
      [seriesOf('shop', REGION, 0.4)],
      { '1': 'malformed', '2': 'malformed' },
    ],
    [
      'are unreadable where it is not known which of two has replaced the other',
      [vm('1', ZONES.b), vm('2', ZONES.b)],
      [seriesOf('shop', ZONES.b, 0.4)],
      { '1': 'malformed', '2': 'malformed' },
    ],
    [
      'are unreadable also where both name their cluster',
      ['1', '2'].map((id) => vm(id, ZONES.b, { 'goog-k8s-cluster-name': 'shop' })),
      [seriesOf('shop', ZONES.b, 0.4)],
      { '1': 'malformed', '2': 'malformed' },
    ],
  ])('%s', async (_, machines, nodes, expected) => {
    const { source } = await scriptedSource({
      instances: [{ timeSeries: machines }],
      pages: [{ timeSeries: [] }, { timeSeries: nodes }],
    });

    const { readings } = await readAll(source);

    expect(reported(readings)).toEqual(expected);
  });
});

function placed(id: string, name: string, zone: string) {
  const labels = { 'cloud.availability_zone': zone };
  return { provider: 'gcp', account: PROJECT, region: REGION, id, name, labels } as const;
}

function clusterIn({ cluster, location }: Record<string, string>): Record<string, string> {
  return {
    ...(cluster !== undefined && { 'k8s.cluster.name': cluster }),
    ...(location !== undefined && { 'k8s.cluster.location': location }),
  };
}
