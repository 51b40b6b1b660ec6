/** What reading points takes, as counted by the sandbox: the fewest calls that there can be. */
import { describe, expect, it } from 'vitest';
import { pointMetric } from '../../../core/model/point-metrics.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { hosts } from '../../sandbox/small-fleets.ts';
import { sourceOf, startFleet } from './worlds.ts';

const HOSTS = 300;
const METRICS = ['system.cpu.utilization', 'system.filesystem.utilization', 'system.network.errors'].flatMap(
  (name) => pointMetric(name) ?? [],
);
const REQUEST = {
  metrics: METRICS,
  window: { start: NOON - HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  filters: [],
} as const;

describe('the calls for points of 300 hosts', () => {
  it('are one for 500 metrics, and list each metric once', async () => {
    const activity = activityAt('any', NOON);
    const sandbox = await startFleet(...hosts(HOSTS).map((host) => ({ ...host, activity })));
    const source = sourceOf(sandbox);
    if (source.points === undefined) throw new Error('the source has no points');

    const first = await Array.fromAsync(source.points(REQUEST, { count() {} }));
    const listed = sandbox.calls.count('cloudwatch', 'ListMetrics');
    const second = await Array.fromAsync(source.points(REQUEST, { count() {} }));

    // A processor, two disks and two counters of errors each.
    expect(first).toHaveLength(4 * HOSTS);
    expect(second).toHaveLength(4 * HOSTS);
    expect(sandbox.calls.metricsQueried()).toBe(2 * 5 * HOSTS);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe((2 * 5 * HOSTS) / 500);
    expect(sandbox.calls.count('cloudwatch', 'ListMetrics')).toBe(listed);
  });
});
