/** What reading many instances takes, as counted by the sandbox: the fewest calls and series that there can be. */
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../core/model/series.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { CPU, instances, MEMORY, NODE_MEMORY, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const INSTANCES = 1_200;
const POINTS_A_PAGE = 100_000;

const HUNDRED_HOURS: Span = {
  window: { start: NOON - 100 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

/** Where the calls count and not the samples. */
const ONE_HOUR: Span = { ...SIX_HOURS, window: { start: NOON - HOUR, end: NOON } };

describe('the calls for many instances', () => {
  it.each([
    ['1,400 instances and 6 h every 5 min', 1_400, SIX_HOURS, 72],
    ['260 instances and 100 h every 15 min', 260, HUNDRED_HOURS, 400],
  ])('are one page per 100,000 points for %s, and one for the listing', async (_, count, span, samples) => {
    const sandbox = await startFleet(...instances(count));
    const pages = Math.ceil((count * samples) / POINTS_A_PAGE);

    const { readings, calls, billed } = await readAll(sourceOf(sandbox), { span });

    const requested = sandbox.calls.calls.map(({ metric }) => metric);
    expect(requested).toEqual([CPU, ...Array.from({ length: pages }, () => MEMORY)]);
    expect(calls).toBe(1 + pages);
    expect(readings).toHaveLength(count);
    expect(new Set(readings.map((reading) => reading.kind === 'series' && reading.times.length))).toEqual(
      new Set([samples]),
    );
    // A series that is split over two pages is counted in both.
    expect(billed).toBeGreaterThanOrEqual(2 * count);
    expect(billed).toBeLessThan(2 * count + pages);
  });

  it('are as few where a filter leaves a few out, and those are not paid for', async () => {
    const sandbox = await startFleet(...instances(INSTANCES));
    const filters = [{ exclude: [{ id: '10*' }] }];

    const { readings, billed } = await readAll(sourceOf(sandbox), { span: ONE_HOUR, filters });

    expect(readings).toHaveLength(INSTANCES - 99);
    expect(countOf(sandbox, MEMORY)).toBe(1);
    expect(billed).toBe(INSTANCES + INSTANCES - 99);
  });

  it('are one per hundred where a filter leaves many out, so that those are not paid for', async () => {
    const sandbox = await startFleet(...instances(INSTANCES));
    const filters = [{ include: [{ id: '1*' }] }];

    const { readings, billed } = await readAll(sourceOf(sandbox), { span: ONE_HOUR, filters });

    expect(readings).toHaveLength(999);
    expect(countOf(sandbox, MEMORY)).toBe(10);
    expect(billed).toBe(INSTANCES + 999);
  });

  it('are not made for the others once one of them is refused', async () => {
    const sandbox = await startFleet(...instances(INSTANCES));
    sandbox.inject({ service: 'gcp', metric: MEMORY, kind: 'denied' });

    const { readings } = await readAll(sourceOf(sandbox), { span: ONE_HOUR, filters: [{ include: [{ id: '1*' }] }] });

    expect(readings).toHaveLength(999);
    for (const reading of readings) expect(reading).toMatchObject({ kind: 'unreadable', reason: 'denied' });
    // Those that were under way already.
    expect(countOf(sandbox, MEMORY)).toBeLessThan(10);
  });
});

describe('the calls for 300 nodes of a cluster', () => {
  const nodes = instances(300).map((host) => ({
    ...host,
    naming: 'k8s_node' as const,
    resource: { ...host.resource, name: `gke-shop-pool-1-${host.resource.id}` },
  }));

  it('are one page per 100,000 points', async () => {
    const sandbox = await startFleet(...nodes);

    const { readings, billed } = await readAll(sourceOf(sandbox), { span: HUNDRED_HOURS });

    expect(readings.map(({ kind }) => kind)).toEqual(nodes.map(() => 'series'));
    expect(countOf(sandbox, NODE_MEMORY)).toBe(Math.ceil((300 * 400) / POINTS_A_PAGE));
    // No series is split: each page holds those of 250.
    expect(billed).toBe(300 + 300);
  });

  it('pay for no node that a filter leaves out', async () => {
    const sandbox = await startFleet(...nodes);

    const { billed } = await readAll(sourceOf(sandbox), { span: ONE_HOUR, filters: [{ exclude: [{ id: '12*' }] }] });

    expect(countOf(sandbox, NODE_MEMORY)).toBe(1);
    expect(billed).toBe(300 + 200);
  });
});

function countOf({ calls }: Sandbox, requested: string): number {
  return calls.calls.filter(({ metric }) => metric === requested).length;
}
