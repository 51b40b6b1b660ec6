/** What reading many machines takes, as counted by the sandbox: the fewest calls that there can be. */
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../core/model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, aNode, machines, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const HUNDRED_HOURS: Span = {
  window: { start: NOON - 100 * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
};

describe('the calls for many machines', () => {
  it.each([
    ['1,234 and 6 h every 5 min', 1_234, SIX_HOURS, 72],
    ['234 and 100 h every 15 min', 234, HUNDRED_HOURS, 400],
  ])('are at the floor for %s', async (_, count, span, samples) => {
    const listings = Math.ceil(count / 1_000) + 1;
    const batches = Math.ceil(count / 50);
    const sandbox = await startFleet(...machines(count));

    const { readings, calls, billed } = await readAll(sourceOf(sandbox), span);

    expect(sandbox.calls.count('azure', 'resources')).toBe(listings);
    expect(sandbox.calls.count('azure', 'metrics:getBatch')).toBe(batches);
    expect({ calls, billed }).toEqual({ calls: { resources: listings, 'metrics:getBatch': batches }, billed: batches });
    expect(readings).toHaveLength(count);
    expect(new Set(readings.map((reading) => reading.kind === 'series' && reading.times.length))).toEqual(
      new Set([samples]),
    );
  });
});

describe('the calls for hosts of two kinds', () => {
  it('are one batch of each, because a batch holds one kind', async () => {
    const sandbox = await startFleet(...machines(3), aNode(1), aNode(2));

    const { readings, calls } = await readAll(sourceOf(sandbox));

    expect(readings).toHaveLength(5);
    expect(calls['metrics:getBatch']).toBe(2);
  });

  it('are one more, and one for the sizes, where some have no percentage', async () => {
    const sandbox = await startFleet(...machines(3), aMachine({ name: 'bytes', naming: 'bytes_only' }));

    const { calls } = await readAll(sourceOf(sandbox));

    expect(calls).toEqual({ resources: 2, 'metrics:getBatch': 2, vmSizes: 1 });
  });
});
