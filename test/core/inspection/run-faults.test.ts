/** Runs of several shards whose stores are down, whose functions are killed at the worst moment, or that close while others work. */
import { describe, expect, it } from 'vitest';
import { closeStaleRuns } from '../../../core/inspection/close-stale-runs.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aLargeRegion, hostId, invocation, type VirtualClock } from './large-region.ts';
import { aMessage, aWorld, eventsOf, LEAK, SCOPE, type World } from './world.ts';

const RUN: RunRef = { tenant: 'acme', scope: SCOPE, trigger: 'schedule', scheduledTime: NOON, request: null };
const SHARD = 1_008;

const STEADY = { times: LEAK.times.subarray(0, 8), values: LEAK.values.subarray(0, 8) };
const leaking = (...hosts: number[]) => {
  const ids = new Set(hosts.map(hostId));
  return (id: string) => (ids.has(id) ? LEAK : STEADY);
};

const inspect = (ports: InspectionPorts, clock: VirtualClock, scheduledTime = NOON) =>
  runInspection(
    { message: aMessage({ scheduledTime: new Date(scheduledTime).toISOString() }), metric: LEAK_METRIC },
    ports,
    invocation(clock, 300_000),
  );

const down = async () => {
  throw new StoreError('the bucket is down');
};

async function linesOf({ results }: World): Promise<string[]> {
  const lines = [];
  for (let shard = 0; shard < 20; shard++)
    for await (const { host } of results.shard(RUN, shard)) lines.push(host ?? '');
  return lines;
}

describe('a run that is closed', () => {
  it('is marked so where another lane is released meanwhile, and the next slot begins', async () => {
    const clock = { now: NOON };
    const region = aLargeRegion({ hosts: 12 * SHARD, clock, requestMs: 100 });
    const world = await aWorld({ openSource: region.openSource });
    const { putHead } = world.results;
    world.results.putHead = async (run, head) => {
      world.results.putHead = putHead;
      const open = await world.openRuns.get(RUN);
      if (open === undefined) throw new Error('the run is open');
      await world.openRuns.put(open.value, open.version);
      return putHead(run, head);
    };

    const outcome = await inspect(world, clock);
    clock.now = NOON + 15 * MINUTE;
    const next = await inspect(world, clock, NOON + 15 * MINUTE);

    expect(outcome).toMatchObject({ regions: [{ summary: { outcome: 'complete' } }] });
    expect(next).toMatchObject({ regions: [{ summary: { outcome: 'complete' } }], open: [] });
  });

  it('keeps its message where the record of the close cannot be written', async () => {
    const clock = { now: NOON };
    const world = await aWorld({ openSource: aLargeRegion({ hosts: 2 * SHARD, clock }).openSource });
    const { put } = world.openRuns;
    world.openRuns.put = async (open, version) => (open.state === 'closed' ? 'conflict' : put(open, version));

    await expect(inspect(world, clock)).rejects.toThrow('the message is tried again');

    world.openRuns.put = put;
    clock.now += 30 * MINUTE;
    expect(await inspect(world, clock)).toMatchObject({ regions: [{ summary: { outcome: 'complete' } }] });
  });

  it('gives its hooks the same id and summary whenever it is closed', async () => {
    const clock = { now: NOON };
    const closed: string[] = [];
    const world = await aWorld({
      openSource: aLargeRegion({ hosts: 2 * SHARD, clock }).openSource,
      closeHooks: [async ({ id, summary }) => void closed.push(`${id} ${JSON.stringify(summary)}`)],
    });
    const { put } = world.runs;
    world.runs.put = down;
    await expect(inspect(world, clock)).rejects.toThrow('the bucket is down');
    world.runs.put = put;
    clock.now += 30 * MINUTE;

    await inspect(world, clock);

    expect(closed).toHaveLength(2);
    expect(new Set(closed).size).toBe(1);
    expect(closed[0]).toMatch(/^acme\/aws\/111122223333\/eu-west-1\/20261120T120000Z /);
  });

  it('is complete where the hosts were listed in several invocations and none of them is due', async () => {
    const clock = { now: NOON };
    const world = await aWorld({
      openSource: aLargeRegion({ hosts: 12 * SHARD, clock, pageMs: 20_000 }).openSource,
      dueHosts: async (_run, hosts) => ({ due: [], notDue: hosts.length }),
    });

    for (const _ of [1, 2, 3]) await inspect(world, clock);

    const [run] = await world.runs.newest('acme', SCOPE, 1);
    expect(run).toMatchObject({ outcome: 'complete', failures: [], hosts: { known: 12 * SHARD, notDue: 12 * SHARD } });
  });
});

describe('a bucket that is down', () => {
  it.each([
    ['with results', 5, 'results'],
    ['with plans', 12, 'work'],
  ] as const)('keeps no finding of a region back, and gets its results later: %s', async (_, shards, store) => {
    const clock = { now: NOON };
    const hosts = [0, 1_300, 2_500, 3_700, 5_000];
    const openSource = aLargeRegion({ hosts: shards * SHARD, clock, seriesOf: leaking(...hosts) }).openSource;
    const world = await aWorld({ openSource });
    const { work, results } = world;
    const [put, putShard] = [work.put, results.putShard];
    if (store === 'work') work.put = down;
    else results.putShard = down;

    await expect(inspect(world, clock)).rejects.toThrow('the bucket is down');
    const published = eventsOf(world);
    const stored = await Array.fromAsync(world.shards.list(RUN));
    Object.assign(work, { put });
    Object.assign(results, { putShard });
    await inspect(world, clock);

    expect(published).toEqual(hosts.map(() => 'opened'));
    expect(stored).toEqual([]);
    expect(eventsOf(world)).toEqual(published);
    expect(new Set(await linesOf(world)).size).toBe(shards * SHARD);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([{ outcome: 'complete' }]);
  });

  it('keeps no finding of other shards back where one plan cannot be read', async () => {
    const clock = { now: NOON };
    const seriesOf = leaking(0, 5_000);
    const world = await aWorld({ openSource: aLargeRegion({ hosts: 5 * SHARD, clock, seriesOf }).openSource });
    const { get } = world.work;
    world.work.get = async (run, name) => (name === 'plan/00000' ? undefined : get(run, name));

    await expect(inspect(world, clock)).rejects.toThrow(/not there any more: plan\/00000/);

    expect((await Array.fromAsync(world.shards.list(RUN))).map(({ shard }) => shard)).toEqual([1, 2, 3, 4]);
  });
});

describe('a function that is killed', () => {
  it('while it stores the plan leaves no result of another plan behind', async () => {
    const clock = { now: NOON };
    const world = await aWorld({ openSource: aLargeRegion({ hosts: 6_000, clock, requestMs: 15_000 }).openSource });
    const { put } = world.work;
    world.work.put = async (run, name, values) => {
      if (name === 'plan/00003') throw new Error('killed');
      return put(run, name, values);
    };
    await expect(inspect(world, clock)).rejects.toThrow('killed');
    const stored = await Array.fromAsync(world.shards.list(RUN));
    world.work.put = put;
    clock.now += 30 * MINUTE;

    const again = aLargeRegion({ hosts: 6_700, clock, requestMs: 1_000 });
    await inspect({ ...world, openSource: again.openSource }, clock);

    expect(stored).toEqual([]);
    // The hosts that were listed first: nothing is listed twice.
    expect(again.pages()).toBe(0);
    expect(new Set(await linesOf(world)).size).toBe(6_000);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([
      { outcome: 'complete', hosts: { known: 6_000, inspected: 6_000 } },
    ]);
  });

  it('has one shard read again', async () => {
    const clock = { now: NOON };
    const region = aLargeRegion({ hosts: 10 * SHARD, clock, requestMs: 100 });
    const world = await aWorld({ openSource: region.openSource });
    const { putShard } = world.results;
    world.results.putShard = async (run, shard, lines) => {
      if (shard === 9) throw new Error('killed');
      return putShard(run, shard, lines);
    };
    await expect(inspect(world, clock)).rejects.toThrow('killed');
    world.results.putShard = putShard;
    clock.now += 30 * MINUTE;

    await inspect(world, clock);

    expect([...region.reads.values()].filter((reads) => reads > 1)).toHaveLength(SHARD);
    expect(await world.runs.newest('acme', SCOPE, 1)).toMatchObject([{ outcome: 'complete' }]);
  });
});

describe('a run that makes no progress', () => {
  it('gives way after 45 minutes, though its message was tried meanwhile', async () => {
    const clock = { now: NOON };
    const world = await aWorld({ openSource: aLargeRegion({ hosts: 12 * SHARD, clock }).openSource });
    const { get } = world.work;
    world.work.get = async (run, name) => (name.startsWith('plan/') ? undefined : get(run, name));
    for (const minutes of [0, 20, 40]) {
      clock.now = NOON + minutes * MINUTE;
      await expect(inspect(world, clock)).rejects.toThrow(/not there any more/);
    }
    world.work.get = get;
    clock.now = NOON + 46 * MINUTE;

    const next = await inspect(world, clock, NOON + 45 * MINUTE);

    expect(next).toMatchObject({
      gaveWay: [{ scheduledTime: NOON, outcome: 'partial', failures: [expect.stringContaining('12 of 12 shards')] }],
      regions: [{ summary: { outcome: 'complete' } }],
    });
  });

  it.each([
    ['tenant', aTenantConfig({ enabled: false })],
    ['account', aTenantConfig({ accounts: aTenantConfig().accounts.map((one) => ({ ...one, enabled: false })) })],
  ])('is dropped where its %s was disabled meanwhile', async (_, config) => {
    const clock = { now: NOON };
    const world = await aWorld({
      openSource: aLargeRegion({ hosts: 12 * SHARD, clock, requestMs: 10_000 }).openSource,
    });
    await inspect(world, clock);
    const stored = await world.configs.get('acme');
    const configs = { get: async () => stored && { ...stored, config } };
    clock.now += 3 * HOUR;

    const report = await closeStaleRuns({ ...world, configs }, invocation(clock, 300_000));

    expect(report).toMatchObject({ closed: [], dropped: 1, failures: [] });
    expect((await world.openRuns.get(RUN))?.value.state).toBe('closed');
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
    expect(await world.health.get('acme', SCOPE)).toBeUndefined();
  });
});
