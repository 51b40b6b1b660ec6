/** Which hosts Cloud Monitoring's series are read as, over the real client and the sandbox. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { anInstance, CPU, instances, PROJECT, REGION, readAll, sourceOf, startFleet } from './worlds.ts';

const LONG_AGO = NOON - 100 * HOUR;

function described(labels: Record<string, string>) {
  return { provider: 'gcp', account: PROJECT, region: REGION, id: '1', name: 'web-1', group: 'web', labels } as const;
}

describe('the inventory of Cloud Monitoring', () => {
  it('describes an instance by the metadata that it requests', async () => {
    const labels = { 'host.type': 'n2-highmem-8', 'cloud.availability_zone': `${REGION}-d` };
    const sandbox = await startFleet(anInstance({ resource: described(labels) }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'series', metric: MEMORY_UTILIZATION, unit: '1', resource: { ...described(labels) } },
    ]);
  });

  it('knows the owners’ labels that a filter names, and no others', async () => {
    const shop = anInstance({ resource: { ...described({ team: 'shop', cost: '7' }), id: '1' } });
    const bank = anInstance({ resource: { ...described({ team: 'bank', cost: '7' }), id: '2' } });
    const sandbox = await startFleet(shop, bank);
    const filters = [{ include: [{ labels: { team: 'sh*' } }] }];

    const { readings } = await readAll(sourceOf(sandbox), { filters });

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: '1' } }]);
    expect(readings[0]?.kind === 'series' && readings[0].resource.labels).toEqual({
      team: 'shop',
      'cloud.availability_zone': `${REGION}-b`,
      'host.type': 'e2-standard-2',
    });
  });

  it.each([
    ['name', { name: 'vm-100?' }],
    ['group', { group: 'web' }],
    ['machine type', { labels: { 'host.type': 'e2-*' } }],
    ['zone', { labels: { 'cloud.availability_zone': '*-b' } }],
  ])('filters by %s', async (_, rule) => {
    const host = { provider: 'gcp', account: PROJECT, region: REGION, group: 'web' } as const;
    const sandbox = await startFleet(
      anInstance({ resource: { ...host, id: '1001', name: 'vm-1001' } }),
      anInstance({
        resource: {
          provider: 'gcp',
          account: PROJECT,
          region: REGION,
          id: '2',
          name: 'other',
          labels: { 'host.type': 'n2-standard-2', 'cloud.availability_zone': `${REGION}-c` },
        },
      }),
    );

    const { readings } = await readAll(sourceOf(sandbox), { filters: [{ include: [rule] }] });

    expect(readings).toMatchObject([{ resource: { id: '1001' } }]);
  });

  it('is listed once for two reads, and again where a filter needs labels that it does not have', async () => {
    const sandbox = await startFleet(...instances(2));
    const source = sourceOf(sandbox);
    const listings = () => sandbox.calls.calls.filter(({ metric }) => metric === CPU).length;

    await readAll(source);
    await readAll(source, { filters: [{ include: [{ id: '1001' }] }] });
    const before = listings();
    await readAll(source, { filters: [{ exclude: [{ labels: { team: 'bank' } }] }] });

    expect([before, listings()]).toEqual([1, 2]);
  });

  it('keeps what a project’s metrics scope shows of other projects apart', async () => {
    const other = { provider: 'gcp', account: 'other-project', region: REGION, id: '9' } as const;
    const sandbox = await startFleet(...instances(1), anInstance({ resource: other }));

    const { readings } = await readAll(sourceOf(sandbox, { project: 'other-project' }));

    expect(readings).toMatchObject([{ resource: { id: '9', account: 'other-project' } }]);
  });

  it('reports an instance without an agent, and how to monitor it', async () => {
    const sandbox = await startFleet(anInstance({ reports: [] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'not_reported', resource: { id: '1' } }]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('add-google-cloud-ops-agent-repo.sh') }]);
  });

  it('explains of E2 machines why the hypervisor’s report of them is not read', async () => {
    const e2 = anInstance({ reports: [] });
    const n2 = anInstance({ reports: [], resource: { ...described({ 'host.type': 'n2-standard-2' }), id: '2' } });
    const sandbox = await startFleet(e2, n2);

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { hint: expect.stringContaining('page cache') },
      { hint: expect.not.stringContaining('page cache') },
    ]);
  });

  it('reads what no longer runs where that is requested, until its last sample', async () => {
    const lifetime = { start: LONG_AGO, end: NOON - 4 * HOUR };
    const gone = anInstance({ resource: { ...described({}), id: '2' }, runs: lifetime, reports: [lifetime] });
    const sandbox = await startFleet(anInstance({}), gone);
    const span = { window: { start: NOON - 6 * HOUR, end: NOON }, periodMs: 5 * MINUTE, statistic: 'average' } as const;
    const request = { metric: MEMORY_UTILIZATION, span, filters: [] };
    const read = (includeGone: boolean) =>
      Array.fromAsync(sourceOf(sandbox).read({ ...request, includeGone }, { count() {} }));

    expect((await read(false)).map(idOf)).toEqual(['1']);
    const readings = await read(true);

    expect(readings.map(idOf).sort()).toEqual(['1', '2']);
    const series = readings.find((reading) => idOf(reading) === '2');
    expect(series?.kind === 'series' && series.times.at(-1)).toBe(NOON - 4 * HOUR - 5 * MINUTE);
  });

  it('reports an agent that died, and when', async () => {
    const died = NOON - 5 * HOUR;
    const sandbox = await startFleet(anInstance({ reports: [{ start: LONG_AGO, end: died }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'stopped_reporting', resource: { id: '1' } }]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('after 2026-11-20 06:55 UTC') }]);
  });

  it('takes one without a sample for longer than three hours for dead', async () => {
    const sandbox = await startFleet(anInstance({ reports: [{ start: LONG_AGO, end: NOON - 3.5 * HOUR }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'stopped_reporting' }]);
  });

  it('takes an agent without a sample for an hour for one that is late', async () => {
    const sandbox = await startFleet(anInstance({ reports: [{ start: LONG_AGO, end: NOON - HOUR }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series' }]);
  });

  it('holds an instance that has just been started', async () => {
    const runs = { start: NOON - 10 * MINUTE, end: FOREVER };
    const sandbox = await startFleet(anInstance({ runs, reports: [runs] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: '1' } }]);
  });

  it('holds nothing where nothing runs', async () => {
    const runs = { start: LONG_AGO, end: NOON - HOUR };
    const sandbox = await startFleet(anInstance({ runs, reports: [runs] }));

    expect(await readAll(sourceOf(sandbox))).toEqual({ readings: [], calls: 1, billed: 1 });
  });

  it('takes a project in which no agent has ever run for one whose hosts are not covered', async () => {
    const node = anInstance({ naming: 'k8s_node', reports: [], resource: { ...described({}), name: 'gke-a-b-1' } });
    const sandbox = await startFleet(node);

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', hint: expect.stringContaining('--monitoring=SYSTEM') }]);
  });
});

describe('a node of a cluster', () => {
  const node = anInstance({
    naming: 'k8s_node',
    resource: { ...described({}), name: 'gke-shop-pool-1-a1b2' },
    used: () => 0.4,
  });

  it('is read from what its cluster reports, without what can be taken back', async () => {
    const sandbox = await startFleet(node, ...instances(1));

    const { readings } = await readAll(sourceOf(sandbox));

    const read = readings.find((reading) => reading.kind === 'series' && reading.resource.id === '1');
    expect(read).toMatchObject({ kind: 'series', metric: MEMORY_UTILIZATION, unit: '1' });
    expect(read?.kind === 'series' && new Set(read.values)).toEqual(new Set([0.4]));
  });

  it('costs one call more, and that only where there is one', async () => {
    const withNode = await startFleet(node, ...instances(1));
    const without = await startFleet(...instances(2));

    const [calls, callsWithout] = [await readAll(sourceOf(withNode)), await readAll(sourceOf(without))];

    expect([calls.calls, callsWithout.calls]).toEqual([3, 2]);
  });
});

describe('the statistics of used memory', () => {
  /** Peaks for two minutes in every quarter of an hour, and 40 % otherwise. */
  const spiky = anInstance({ used: (time) => ((time / MINUTE) % 15 < 2 ? 0.9 : 0.4) });

  it.each([
    ['minimum', 0.4],
    ['average', (2 * 0.9 + 13 * 0.4) / 15],
    ['maximum', 0.9],
  ] as const)('hold the %s of the used memory, of a host that peaks', async (statistic, expected) => {
    const sandbox = await startFleet(spiky);
    const window = { start: NOON - 6 * HOUR, end: NOON };

    const { readings } = await readAll(sourceOf(sandbox), { span: { window, periodMs: 15 * MINUTE, statistic } });

    const [reading] = readings;
    expect(reading).toMatchObject({ kind: 'series', statistic });
    for (const value of reading?.kind === 'series' ? reading.values : []) expect(value).toBeCloseTo(expected, 9);
  });

  it('read 40 % as 0.40', async () => {
    const sandbox = await startFleet(anInstance({ used: () => 0.4 }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings[0]?.kind === 'series' && new Set(readings[0].values)).toEqual(new Set([0.4]));
  });
});

function idOf(reading: Reading): string | undefined {
  return reading.kind === 'series' ? reading.resource.id : undefined;
}
