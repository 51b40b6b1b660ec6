/** Which hosts CloudWatch's listings are read as, over the real client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { MOST_GONE } from '../../../adapters/cloudwatch/source.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { OWN_ACCOUNT } from '../../../sandbox/aws/accounts.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost, FOREVER, hosts, REGION } from '../../sandbox/small-fleets.ts';
import { readAll, sourceOf, startFleet } from './worlds.ts';

const { resource } = aHost();
const LONG_AGO = NOON - 100 * HOUR;

describe('the inventory of CloudWatch', () => {
  it('describes a host by its dimensions', async () => {
    const labels = { 'host.type': 'r7g.xlarge', 'host.image.id': 'ami-1' };
    const sandbox = await startFleet(aHost({ resource: { ...resource, id: 'i-1', group: 'web', labels } }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      {
        kind: 'series',
        metric: MEMORY_UTILIZATION,
        unit: '1',
        resource: { provider: 'aws', account: OWN_ACCOUNT, region: REGION, id: 'i-1', group: 'web', labels },
      },
    ]);
  });

  it('requests a host once that the agent also publishes under fewer dimensions', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-1', naming: 'aggregated' }));

    const { readings, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'i-1', labels: { 'host.type': 'm7g.large' } } }]);
    expect(billed).toBe(1);
  });

  it('reports an instance without an agent, and how to monitor it', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-bare', reports: [] }));

    const { readings, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'not_reported', resource: { id: 'i-bare' } }]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('append_dimensions') }]);
    expect(billed).toBe(0);
  });

  it('reports an agent that died, and when', async () => {
    const died = NOON - 5 * HOUR;
    const sandbox = await startFleet(aHost({ id: 'i-dead', reports: [{ start: LONG_AGO, end: died }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'not_monitored', reason: 'stopped_reporting', resource: { id: 'i-dead' } },
    ]);
    expect(readings).toMatchObject([{ hint: expect.stringContaining('2026-11-20 06:55 UTC') }]);
  });

  it('reports an agent that died before the window began', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-dead', reports: [{ start: LONG_AGO, end: NOON - 50 * HOUR }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { reason: 'stopped_reporting', hint: expect.stringContaining('between 2026-11-20 06:00 UTC and') },
    ]);
  });

  it('reports an agent without a sample for longer than EC2 takes to notice an end', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-1', reports: [{ start: LONG_AGO, end: NOON - 4.5 * HOUR }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'not_monitored', reason: 'stopped_reporting' }]);
  });

  it('asks no other set of dimensions where one sample is late', async () => {
    const lifetime = { start: LONG_AGO, end: NOON - 5 * MINUTE };
    const sandbox = await startFleet(aHost({ id: 'i-1', naming: 'aggregated', reports: [lifetime] }));

    const { billed } = await readAll(sourceOf(sandbox));

    expect(billed).toBe(1);
  });

  it('keeps the samples of an agent that has been quiet for less than EC2 takes to notice an end', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-1', reports: [{ start: LONG_AGO, end: NOON - 3.5 * HOUR }] }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series' }]);
  });

  it('leaves out an instance that is terminated', async () => {
    const lifetime = { start: LONG_AGO, end: NOON - 10 * HOUR };
    const sandbox = await startFleet(aHost({ id: 'i-gone', runs: lifetime, reports: [lifetime] }));

    const { readings, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toEqual([]);
    expect(billed).toBe(0);
  });

  it('reads what is terminated where that is requested, until its last sample, and nothing of what ended before the window', async () => {
    const ended = (id: string, hours: number) => {
      const lifetime = { start: LONG_AGO, end: NOON - hours * HOUR };
      return aHost({ resource: { ...resource, id, group: 'web' }, runs: lifetime, reports: [lifetime] });
    };
    const sandbox = await startFleet(aHost({ id: 'i-1' }), ended('i-gone', 10), ended('i-long-gone', 50));
    const span = {
      window: { start: NOON - 20 * HOUR, end: NOON },
      periodMs: 5 * MINUTE,
      statistic: 'average',
    } as const;
    const request = { metric: MEMORY_UTILIZATION, span, filters: [], includeGone: true };

    const readings = await Array.fromAsync(sourceOf(sandbox).read(request, { count() {} }));

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: 'i-1' } },
      { kind: 'series', resource: { id: 'i-gone', group: 'web' } },
    ]);
    const [, gone] = readings;
    expect(gone?.kind === 'series' && gone.times.at(-1)).toBe(NOON - 10 * HOUR - 5 * MINUTE);
  });

  it('reads a bounded sample of terminated instances, the same each time', async () => {
    const lifetime = { start: LONG_AGO, end: NOON - 10 * HOUR };
    const ids = Array.from({ length: MOST_GONE + 20 }, (_, index) => `i-${(index * 7919) % 1000}`);
    const sandbox = await startFleet(
      ...ids.map((id) => aHost({ resource: { ...resource, id, group: 'web' }, runs: lifetime, reports: [lifetime] })),
    );
    const window = { start: NOON - 20 * HOUR, end: NOON };
    const span = { window, periodMs: 5 * MINUTE, statistic: 'average' } as const;
    const request = { metric: MEMORY_UTILIZATION, span, filters: [], includeGone: true };
    const billed: number[] = [];
    const meter = { count: (_: string, metrics = 0) => void billed.push(metrics) };

    const readings = await Array.fromAsync(sourceOf(sandbox).read(request, meter));

    expect(billed.reduce((sum, metrics) => sum + metrics, 0)).toBe(MOST_GONE);
    const read = readings.flatMap((reading) => (reading.kind === 'series' ? [reading.resource.id] : []));
    expect(read.toSorted()).toEqual(ids.toSorted().slice(0, MOST_GONE));
  });

  it('follows an instance whose dimensions changed within two weeks', async () => {
    const before = aHost({
      resource: { ...resource, id: 'i-1', group: 'web', labels: { 'host.type': 'm7g.large' } },
      reports: [{ start: LONG_AGO, end: NOON - HOUR }],
    });
    const now = aHost({
      resource: { ...resource, id: 'i-1', labels: { 'host.type': 'm7g.xlarge' } },
      reports: [{ start: NOON - HOUR, end: FOREVER }],
    });
    const sandbox = await startFleet(before, now);

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: 'i-1', labels: { 'host.type': 'm7g.xlarge' } } },
    ]);
  });

  it('keeps to the newer samples where no set of dimensions is in use any more', async () => {
    const [newer, older] = (['m7g.xlarge', 'm7g.large'] as const).map((type, index) =>
      aHost({
        resource: { ...resource, id: 'i-1', ...(index === 0 && { group: 'web' }), labels: { 'host.type': type } },
        reports: [{ start: LONG_AGO, end: NOON - (index + 1) * HOUR }],
      }),
    );
    const sandbox = await startFleet(...[newer, older].filter((host) => host !== undefined));

    const { readings, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series', resource: { labels: { 'host.type': 'm7g.xlarge' } } }]);
    expect(billed).toBe(2);
  });

  it('reads a machine outside EC2 by its host name', async () => {
    const sandbox = await startFleet(aHost({ resource: { ...resource, id: 'db-7' }, naming: 'host_name' }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'db-7', name: 'db-7' } }]);
  });

  it('takes a group’s aggregate for no host', async () => {
    const sandbox = await startFleet(aHost({ resource: { ...resource, group: 'web' }, naming: 'group_only' }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toEqual([]);
  });

  it('reads what a truncated listing names, and reports that there is more', async () => {
    const sandbox = await startFleet(...hosts(4));
    sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'truncated' });

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings.map((reading) => [reading.kind, reading.kind === 'series' && reading.resource.id])).toEqual([
      ['unreadable', false],
      ['unreadable', false],
      ['series', 'i-0'],
      ['series', 'i-1'],
    ]);
    expect(readings[0]).toMatchObject({
      reason: 'truncated',
      detail: expect.stringContaining('some hosts are not known'),
    });
  });

  it('asks again after a listing that failed', async () => {
    const sandbox = await startFleet(...hosts(1));
    const source = sourceOf(sandbox);
    const lift = sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'denied' });
    await expect(readAll(source)).rejects.toMatchObject({ reason: 'denied' });
    lift();

    const { readings } = await readAll(source);

    expect(readings).toMatchObject([{ kind: 'series' }]);
  });
});
