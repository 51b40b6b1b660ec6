import { describe, expect, it } from 'vitest';
import { closeStaleRuns } from '../../../core/inspection/close-stale-runs.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { anOpenRun, aRunRef, aShardResult } from '../../fixtures/runs.ts';
import { aWorld, SCOPE } from './world.ts';

const at = (now: number) => ({ now, remainingMs: () => 60_000, totalMs: 60_000 });

async function aStalledRun(overrides: Parameters<typeof anOpenRun>[0] = {}) {
  const world = await aWorld();
  const open = anOpenRun(overrides);
  await world.openRuns.put(open, 0);
  for (const shard of [0, 1, 2])
    await world.shards.put(open.run, { shard, finishedAt: NOON + MINUTE, result: aShardResult() });
  return { world, open };
}

describe('closeStaleRuns', () => {
  it('closes a run without progress for two hours as partial, with what there is of it', async () => {
    const { world, open } = await aStalledRun();

    const { closed } = await closeStaleRuns(world, at(NOON + 2 * HOUR + MINUTE));

    expect(closed).toHaveLength(1);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([
      {
        outcome: 'partial',
        hosts: { known: 30 },
        calls: { GetMetricData: 3, ListMetrics: 3 },
        failures: [expect.stringMatching(/9 of 12 shards of about 1,000 hosts were not inspected/)],
      },
    ]);
    expect((await world.openRuns.get(open.run))?.value.state).toBe('closed');
    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON, outcome: 'partial' } });
  });

  it('answers the request of one that was inspected on demand', async () => {
    const { world } = await aStalledRun({ run: aRunRef({ trigger: 'on_demand', request: 'request-1' }) });

    await closeStaleRuns(world, at(NOON + 3 * HOUR));

    expect(await world.requests.read({ tenant: 'acme', id: 'request-1' })).toMatchObject({
      results: [{ outcome: 'partial' }],
    });
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('states that the hosts were not listed where that is how far it came', async () => {
    const { world } = await aStalledRun({ state: 'listing', shards: 0, lanes: [{ from: 0, to: 0, busyUntil: 0 }] });

    await closeStaleRuns(world, at(NOON + 3 * HOUR));

    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([
      { outcome: 'partial', failures: [expect.stringMatching(/hosts were not listed to the end/)] },
    ]);
  });

  it.each([
    ['whose newest shard is younger', NOON + 2 * HOUR, {}],
    ['on which a function works', NOON + 3 * HOUR, { lanes: [{ from: 0, to: 12, busyUntil: NOON + 4 * HOUR }] }],
  ])('leaves a run alone %s', async (_, now, overrides) => {
    const { world, open } = await aStalledRun(overrides);

    expect(await closeStaleRuns(world, at(now))).toMatchObject({ open: 1, closed: [] });

    expect((await world.openRuns.get(open.run))?.value.state).toBe('planned');
  });

  it('writes nothing of a tenant that is gone', async () => {
    const run = aRunRef({ tenant: 'left' });
    const { world } = await aStalledRun({ run });

    expect(await closeStaleRuns(world, at(NOON + 3 * HOUR))).toMatchObject({ closed: [], dropped: 1 });

    expect(await world.runs.newest('left', SCOPE, 1)).toEqual([]);
    expect((await world.openRuns.get(run))?.value.state).toBe('closed');
  });
});
