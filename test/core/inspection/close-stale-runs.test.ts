import { describe, expect, it } from 'vitest';
import { closeStaleRuns } from '../../../core/inspection/close-stale-runs.ts';
import { savePlan } from '../../../core/inspection/plan-run.ts';
import type { OpenRun } from '../../../core/model/open-run.ts';
import type { NotMonitored } from '../../../core/model/series.ts';
import { aResource, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aResultLine } from '../../fixtures/result-lines.ts';
import { anOpenRun, aRunRef, aShardResult } from '../../fixtures/runs.ts';
import { aWorld, SCOPE, type World } from './world.ts';

const at = (now: number) => ({ now, remainingMs: () => 60_000, totalMs: 60_000 });

async function aStalledRun(overrides: Parameters<typeof anOpenRun>[0] = {}) {
  const world = await aWorld();
  const open = anOpenRun(overrides);
  await world.openRuns.put(open, 0);
  for (const shard of [0, 1, 2])
    await world.shards.put(open.run, { shard, finishedAt: NOON + MINUTE, result: aShardResult() });
  return { world, open };
}

/** A run with a plan: the shard `n` has the host `i-n`, and the last one two. */
async function aPlannedRun(shards: number, finished: readonly number[]) {
  const world = await aWorld();
  const open = anOpenRun({ shards, lanes: [{ from: 0, to: shards, busyUntil: 0 }] });
  await world.openRuns.put(open, 0);
  const planned = Array.from({ length: shards }, (_, shard) => ({
    hosts: (shard === shards - 1 ? [`i-${shard}a`, `i-${shard}b`] : [`i-${shard}`]).map(aPlannedHost),
    readings: shard === 1 ? [DARK] : [],
  }));
  await savePlan(open.run, planned, world.work);
  for (const shard of finished)
    await world.shards.put(open.run, { shard, finishedAt: NOON + MINUTE, result: aShardResult() });
  return { world, open };
}

const aPlannedHost = (id: string) => ({ resource: aResource({ ...SCOPE, id }), entry: id });

const DARK: NotMonitored = {
  kind: 'not_monitored',
  resource: aResource({ ...SCOPE, id: 'i-dark-1' }),
  reason: 'not_reported',
  hint: 'install the agent',
};

async function linesOf({ results }: World, { run, shards }: OpenRun) {
  const lines = [];
  for (let shard = 0; shard < shards; shard++) lines.push(...(await Array.fromAsync(results.shard(run, shard))));
  return lines;
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

  it('counts the hosts that were planned and not inspected as known and unreadable, with a line of each', async () => {
    const { world, open } = await aPlannedRun(3, [0]);

    const { closed } = await closeStaleRuns(world, at(NOON + 3 * HOUR));

    expect(closed).toMatchObject([
      {
        summary: {
          hosts: { known: 14, inspected: 8, notMonitored: 3, unreadable: 3 },
          unreadable: { timeout: 4 },
          failures: [expect.stringMatching(/2 of 3 shards/)],
        },
      },
    ]);
    const lines = await linesOf(world, open);
    expect(lines.map(({ host, verdict, reason }) => [host, verdict, reason])).toEqual([
      ['i-1', 'unreadable', 'timeout'],
      ['i-dark-1', 'not_monitored', 'not_reported'],
      ['i-2a', 'unreadable', 'timeout'],
      ['i-2b', 'unreadable', 'timeout'],
    ]);
    expect((await world.results.head(open.run))?.lines.filter(({ verdict }) => verdict === 'unreadable')).toHaveLength(
      3,
    );
  });

  it('overwrites results of a shard that a killed function left without recording the shard', async () => {
    const { world, open } = await aPlannedRun(3, [0]);
    const left = aResultLine({ host: 'i-1', verdict: 'leaking' }, open.run);
    await world.results.putShard(open.run, 1, [left]);

    const { closed } = await closeStaleRuns(world, at(NOON + 3 * HOUR));

    const lines = await linesOf(world, open);
    expect(lines.filter(({ verdict }) => verdict === 'leaking')).toEqual([]);
    expect((await world.results.head(open.run))?.lines.some(({ verdict }) => verdict === 'leaking')).toBe(false);
    expect(closed[0]?.summary.hosts.unreadable).toBe(3);
  });

  it('closes a run whose plan is not there any more', async () => {
    const { world, open } = await aStalledRun();
    await world.results.putShard(open.run, 5, [aResultLine({}, open.run)]);

    const { failures } = await closeStaleRuns(world, at(NOON + 3 * HOUR));

    expect(failures).toEqual([]);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([{ hosts: { known: 30 } }]);
    expect(await linesOf(world, open)).toEqual([]);
  });

  it.each([
    ['whose record', { progressAt: NOON + 48 * HOUR }],
    ['whose lane', { lanes: [{ from: 0, to: 12, busyUntil: NOON + 48 * HOUR }] }],
    ['whose close', { closingUntil: NOON + 48 * HOUR }],
  ])('closes a run %s was written by a function whose clock was ahead', async (_, overrides) => {
    const { world, open } = await aStalledRun(overrides);

    await closeStaleRuns(world, at(NOON + 3 * HOUR));

    expect((await world.openRuns.get(open.run))?.value.state).toBe('closed');
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
    [
      'on which a function works',
      NOON + 3 * HOUR,
      { lanes: [{ from: 0, to: 12, busyUntil: NOON + 3 * HOUR + MINUTE }] },
    ],
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
