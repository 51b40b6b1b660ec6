/** What reading 1,200 instances takes, as counted by the sandbox: the fewest calls and series that there can be. */
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { CPU, instances, MEMORY, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const INSTANCES = 1_200;
const POINTS_A_PAGE = 100_000;

const HUNDRED_HOURS: Span = {
  window: { start: NOON - 100 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

describe('the calls for 1,200 instances', () => {
  it.each([
    ['6 h every 5 min', SIX_HOURS, 72],
    ['100 h every 15 min', HUNDRED_HOURS, 400],
  ])('are one page per 100,000 points for %s, and one for the listing', async (_, span, samples) => {
    const sandbox = await startFleet(...instances(INSTANCES));
    const pages = Math.ceil((INSTANCES * samples) / POINTS_A_PAGE);

    const { readings, calls, billed } = await readAll(sourceOf(sandbox), { span });

    const asked = sandbox.calls.calls.map(({ metric }) => metric);
    expect(asked).toEqual([CPU, ...Array.from({ length: pages }, () => MEMORY)]);
    expect(calls).toBe(1 + pages);
    expect(readings).toHaveLength(INSTANCES);
    expect(new Set(readings.map((reading) => reading.kind === 'series' && reading.times.length))).toEqual(
      new Set([samples]),
    );
    // A series that a page cuts is in both pages, and counted in both.
    expect(billed).toBeGreaterThanOrEqual(2 * INSTANCES);
    expect(billed).toBeLessThan(2 * INSTANCES + pages);
  });

  it('are one per hundred where a filter leaves some out, so that the others are not paid for', async () => {
    const sandbox = await startFleet(...instances(INSTANCES));
    const filters = [{ exclude: [{ id: '10*' }] }];

    const { readings, billed } = await readAll(sourceOf(sandbox), { filters });

    expect(readings).toHaveLength(INSTANCES - 99);
    expect(sandbox.calls.calls.filter(({ metric }) => metric === MEMORY)).toHaveLength(
      Math.ceil((INSTANCES - 99) / 100),
    );
    expect(billed).toBe(INSTANCES + INSTANCES - 99);
  });
});
