/** What reading 1,200 hosts takes, as counted by the sandbox: the fewest calls that there can be. */
import { describe, expect, it } from 'vitest';
import { pointMetric } from '../../../core/model/point-metrics.ts';
import type { Span } from '../../../core/model/series.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { hosts } from '../../sandbox/small-fleets.ts';
import { readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const HOSTS = 1_200;
/** One per 500 metrics, of EC2 and of the agent on Linux; and one each for Windows and nodes of clusters, of which there are none. */
const LISTINGS = 2 * Math.ceil(HOSTS / 500) + 2;
/** One per 100 instances with tags. */
const TAGS = Math.ceil(HOSTS / 100);

const HUNDRED_HOURS: Span = {
  window: { start: NOON - 100 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

describe('the calls for 1,200 hosts', () => {
  it.each([
    ['6 h every 5 min', SIX_HOURS, 72, Math.ceil(HOSTS / 500)],
    ['100 h every 15 min', HUNDRED_HOURS, 400, Math.ceil((HOSTS * 400) / 100_800)],
  ])('are at the floor for %s', async (_, span, samples, floor) => {
    const sandbox = await startFleet(...hosts(HOSTS).map((host) => ({ ...host, tags: { Name: host.resource.id } })));

    const { readings, calls, billed } = await readAll(sourceOf(sandbox), span);

    expect(sandbox.calls.count('cloudwatch', 'ListMetrics')).toBe(LISTINGS);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(floor);
    expect(sandbox.calls.metricsQueried()).toBe(HOSTS);
    expect({ calls, billed }).toEqual({
      calls: { ListMetrics: LISTINGS, GetResources: TAGS, GetMetricData: floor },
      billed: HOSTS,
    });
    expect(readings).toHaveLength(HOSTS);
    expect(new Set(readings.map((reading) => reading.kind === 'series' && reading.times.length))).toEqual(
      new Set([samples]),
    );
  });

  it('come complete over many weeks, with as many hosts in a call as fit its page', async () => {
    const sandbox = await startFleet(...hosts(20));
    const weeks: Span = { ...HUNDRED_HOURS, window: { start: NOON - 29 * 24 * HOUR, end: NOON } };

    const { readings, calls } = await readAll(sourceOf(sandbox), weeks);

    const samples = 29 * 24 * 4;
    expect(calls['GetMetricData']).toBe(Math.ceil(20 / Math.floor(100_800 / samples)));
    expect(sandbox.calls.metricsQueried()).toBe(20);
    expect(new Set(readings.map((reading) => reading.kind === 'series' && reading.times.length))).toEqual(
      new Set([samples]),
    );
  });
});

const SOME = 100;
const METRICS = ['system.cpu.utilization', 'system.filesystem.utilization', 'system.network.errors'].flatMap(
  (name) => pointMetric(name) ?? [],
);
const REQUEST = {
  metrics: METRICS,
  window: { start: NOON - HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  filters: [],
} as const;

describe('the calls for points of 100 hosts', () => {
  it('are one for 500 metrics, and list each metric once', async () => {
    const activity = activityAt('any', NOON);
    const sandbox = await startFleet(...hosts(SOME).map((host) => ({ ...host, activity })));
    const source = sourceOf(sandbox);
    if (source.points === undefined) throw new Error('the source has no points');

    const first = await Array.fromAsync(source.points(REQUEST, { count() {} }));
    const listed = sandbox.calls.count('cloudwatch', 'ListMetrics');
    const second = await Array.fromAsync(source.points(REQUEST, { count() {} }));

    // A processor, two disks and two counters of errors each.
    expect(first).toHaveLength(4 * SOME);
    expect(second).toHaveLength(4 * SOME);
    expect(sandbox.calls.metricsQueried()).toBe(2 * 5 * SOME);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe((2 * 5 * SOME) / 500);
    expect(sandbox.calls.count('cloudwatch', 'ListMetrics')).toBe(listed);
  });
});
