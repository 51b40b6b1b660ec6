/** Regions of every size: what one invocation holds, and what goes on in others. */
import { describe, expect, it } from 'vitest';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { SourceError, StoreError, UnderWayError } from '../../../core/ports/errors.ts';
import { anIncident, anIncidentKey, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aLargeRegion, hostId, invocation, type LargeRegion, type VirtualClock } from './large-region.ts';
import { aMessage, aWorld, eventsOf, LEAK, ON_DEMAND, REQUEST, SCOPE, type World } from './world.ts';

const FIVE_MINUTES = 300_000;
const RUN: RunRef = { tenant: 'acme', scope: SCOPE, trigger: 'schedule', scheduledTime: NOON, request: null };

interface Scene {
  readonly world: World;
  readonly region: LargeRegion;
  readonly clock: VirtualClock;
  /** Lets a function work on a message. */
  inspect(message?: InspectMessage, totalMs?: number): ReturnType<typeof runInspection>;
  /** Lets functions work, one after the other, on what is on the queue. */
  workThrough(totalMs?: number): Promise<void>;
}

async function aScene(
  options: Omit<Parameters<typeof aLargeRegion>[0], 'clock'>,
  overrides: Partial<InspectionPorts> = {},
): Promise<Scene> {
  const clock = { now: NOON };
  const region = aLargeRegion({ clock, ...options });
  const world = await aWorld({ openSource: region.openSource, ...overrides });
  const inspect = (message = aMessage(), totalMs = FIVE_MINUTES) =>
    runInspection({ message, metric: LEAK_METRIC }, world, invocation(clock, totalMs));
  let taken = 0;
  return {
    world,
    region,
    clock,
    inspect,
    async workThrough(totalMs = FIVE_MINUTES) {
      for (let sent = world.queue.sent[taken]; sent !== undefined; sent = world.queue.sent[taken]) {
        taken++;
        // What is under way for others comes again later, when they have finished.
        await inspect(sent, totalMs).catch((error) => {
          if (!(error instanceof UnderWayError)) throw error;
        });
      }
    },
  };
}

const inspectWith = (world: InspectionPorts, clock: VirtualClock) =>
  runInspection({ message: aMessage(), metric: LEAK_METRIC }, world, invocation(clock, FIVE_MINUTES));

const newestRun = async ({ runs }: World) => (await runs.newest('acme', SCOPE, 1))[0];
const linesOf = async ({ results }: World, shards: number) => {
  const lines = [];
  for (let shard = 0; shard < shards; shard++) lines.push(...(await Array.fromAsync(results.shard(RUN, shard))));
  return lines;
};

describe('a region of one shard', () => {
  it('is inspected at once, without a record of its own', async () => {
    const { world, region, inspect } = await aScene({ hosts: 1_008 });

    const outcome = await inspect();

    expect(outcome).toMatchObject({ regions: [{ summary: { outcome: 'complete', hosts: { inspected: 1_008 } } }] });
    expect([region.pages(), region.requests()]).toEqual([3, 4]);
    expect(await world.openRuns.get(RUN)).toBeUndefined();
  });

  it('becomes a planned run where its time is up, and loses no host', async () => {
    const { world, region, inspect, workThrough } = await aScene({ hosts: 1_008, pageMs: 95_000 });

    const outcome = await inspect();
    await workThrough();

    expect(outcome).toMatchObject({ regions: [], open: [{ kind: 'continued', progress: { shards: null } }] });
    expect(region.pages()).toBe(3);
    expect(await linesOf(world, 1)).toHaveLength(1_008);
    expect(await newestRun(world)).toMatchObject({ outcome: 'complete', hosts: { inspected: 1_008 } });
  });

  it('is not inspected again by a late copy of its message, whatever that would find', async () => {
    const { world, clock, region, inspect } = await aScene({ hosts: 1_000 });
    await inspect();
    const before = await newestRun(world);
    const down = aLargeRegion({
      hosts: 900,
      clock,
      onRequest: () => {
        throw new SourceError('throttled', { reason: 'throttled', retryable: true });
      },
    });

    const outcome = await inspectWith({ ...world, openSource: down.openSource }, clock);

    expect(outcome).toMatchObject({ regions: [], open: [{ kind: 'skipped', reason: 'it was inspected before' }] });
    expect([region.requests(), down.pages()]).toEqual([4, 0]);
    expect(await newestRun(world)).toEqual(before);
    expect(await linesOf(world, 2)).toHaveLength(1_000);
  });

  it('records the health that its function was ended before', async () => {
    const { world, inspect } = await aScene({ hosts: 10 });
    const { put } = world.health;
    world.health.put = async () => {
      throw new StoreError('the table is down');
    };
    await expect(inspect()).rejects.toThrow('the table is down');
    world.health.put = put;

    await inspect();

    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON, outcome: 'complete' } });
  });

  it('keeps a partial run where a copy of the message reads less, and replaces it where that reads more', async () => {
    let failing = 2;
    const onRequest = (ids: readonly string[]) => {
      if (Number(ids[0]?.slice(2)) >= failing * 252)
        throw new SourceError('throttled', { reason: 'throttled', retryable: true });
    };
    const { world, inspect } = await aScene({ hosts: 1_008, ordered: true, onRequest });
    const seen = [];
    for (failing of [2, 1, 3]) {
      await inspect();
      const run = await newestRun(world);
      seen.push([run?.outcome, run?.hosts.inspected, (await linesOf(world, 2)).length]);
    }

    expect(seen).toEqual([
      ['partial', 504, 505],
      ['partial', 504, 505],
      ['partial', 756, 757],
    ]);
  });
});

describe('a region of up to ten shards', () => {
  it('is inspected in one invocation, in one lane', async () => {
    const { world, region, inspect } = await aScene({ hosts: 10_080 });

    const outcome = await inspect();

    expect(outcome).toMatchObject({
      kind: 'inspected',
      regions: [{ summary: { outcome: 'complete', hosts: { known: 10_080, inspected: 10_080 } } }],
      open: [],
    });
    expect([region.pages(), region.requests()]).toEqual([21, 40]);
    expect(world.queue.sent).toEqual([]);
    expect(await world.openRuns.get(RUN)).toMatchObject({
      value: { state: 'closed', lanes: [{ from: 0, to: 10, busyUntil: 0 }] },
    });
  });

  it('has a line of every host and a head, which its run names', async () => {
    const { world, inspect } = await aScene({ hosts: 1_500, notMonitored: 700 });

    await inspect();

    const run = await newestRun(world);
    expect(run).toMatchObject({ results: { run: '20261120T120000Z', shards: 3 }, hosts: { known: 2_200 } });
    const lines = await linesOf(world, 3);
    expect(new Set(lines.map(({ host }) => host)).size).toBe(2_200);
    expect(lines).toHaveLength(2_200);
    const head = await world.results.head(RUN);
    expect(head).toMatchObject({ run: '20261120T120000Z', shards: 3, summary: run });
    expect(head?.lines.filter(({ verdict }) => verdict === 'not_monitored')).toHaveLength(700);
  });

  it('goes on in another invocation where its time is up, and reads no host twice', async () => {
    const { world, region, inspect, workThrough } = await aScene({ hosts: 6_000, requestMs: 15_000 });

    const outcome = await inspect();
    const before = region.requests();
    await workThrough();

    expect(outcome).toMatchObject({
      kind: 'inspected',
      regions: [],
      open: [{ kind: 'continued', progress: { shards: 6 } }],
    });
    expect(before).toBeLessThan(24);
    expect(region.requests()).toBe(24);
    expect([...region.reads.values()].every((count) => count === 1)).toBe(true);
    expect(await newestRun(world)).toMatchObject({ outcome: 'complete', hosts: { inspected: 6_000 } });
    expect((await newestRun(world))?.calls).toEqual({ GetMetricData: 24, ListMetrics: 12 });
  });

  it('is closed with a result for whoever requested it, in any number of invocations', async () => {
    const { world, inspect, workThrough } = await aScene({ hosts: 6_000, requestMs: 15_000 });

    await inspect(aMessage(ON_DEMAND));
    const meanwhile = await world.requests.read(REQUEST);
    await workThrough();

    expect(meanwhile).toBeUndefined();
    expect(await world.requests.read(REQUEST)).toMatchObject({
      results: [{ outcome: 'complete', run: { hosts: { inspected: 6_000 } } }],
    });
    expect(await newestRun(world)).toBeUndefined();
  });

  it('writes its results when the message comes again, where the bucket was down; what leaks was published', async () => {
    let isDown = true;
    const leaking = (id: string) =>
      id === hostId(7) ? LEAK : { times: LEAK.times, values: LEAK.values.map(() => 0.4) };
    const { world, inspect } = await aScene({ hosts: 20, seriesOf: leaking });
    const { putShard } = world.results;
    world.results.putShard = async (...shard) => {
      if (isDown) throw new StoreError('the bucket is down');
      return putShard(...shard);
    };

    await expect(inspect()).rejects.toThrow('the bucket is down');
    const published = eventsOf(world);
    isDown = false;
    await inspect();

    expect(published).toEqual(['opened']);
    expect(eventsOf(world)).toEqual(['opened']);
    expect(await linesOf(world, 1)).toHaveLength(20);
  });

  it('ends a list whose pages repeat, and keeps what came of it', async () => {
    const { world, inspect } = await aScene({ hosts: 2_000, nextToken: () => '1' });

    await inspect();

    expect(await newestRun(world)).toMatchObject({
      outcome: 'partial',
      unreadable: { truncated: 1 },
      calls: { ListMetrics: 2 },
      failures: [expect.stringMatching(/further pages without end/)],
    });
  });

  it('names a list that fails, and keeps what came of it', async () => {
    const denied = (page: number) => {
      if (page === 1) throw new SourceError('ListMetrics was denied', { reason: 'denied', retryable: false });
    };
    const { world, inspect } = await aScene({ hosts: 900, onPage: denied });

    await inspect();

    expect(await newestRun(world)).toMatchObject({
      outcome: 'partial',
      hosts: { inspected: 500 },
      unreadable: { denied: 1 },
      failures: [expect.stringMatching(/ListMetrics was denied/)],
    });
  });

  it('leaves hosts to a later run that are not due, and does not count them as gone', async () => {
    const key = anIncidentKey({ host: hostId(3), finding: 'early' });
    const early = anIncident({ key, asOf: NOON - 20 * HOUR, since: NOON - 20 * HOUR });
    const { world, inspect } = await aScene(
      { hosts: 10 },
      { dueHosts: async (_run, hosts) => ({ due: hosts.slice(0, 2), notDue: hosts.length - 2 }) },
    );
    await world.incidents.put(early, 0);

    await inspect();

    expect(await newestRun(world)).toMatchObject({
      outcome: 'complete',
      hosts: { known: 10, inspected: 2, notDue: 8 },
    });
    expect((await world.incidents.get(key))?.value.status).toBe('open');
  });

  it('ends the early incident of a host that is not listed any more', async () => {
    const key = anIncidentKey({ host: 'i-gone', finding: 'early' });
    const { world, inspect } = await aScene({ hosts: 10 });
    await world.incidents.put(anIncident({ key, asOf: NOON - 20 * HOUR, since: NOON - 20 * HOUR }), 0);

    await inspect();

    expect((await world.incidents.get(key))?.value.status).toBe('closed');
    expect(eventsOf(world)).toEqual(['recovered']);
  });
});

describe('a region of more than ten shards', () => {
  const HOSTS = 12_096;
  const SHARDS = 12;

  it('is inspected in two lanes, and closed once', async () => {
    const closed: string[] = [];
    const { world, region, inspect, workThrough } = await aScene(
      { hosts: HOSTS, requestMs: 10_000 },
      {
        closeHooks: [
          async ({ run, summary, lines }) => {
            closed.push(`${run.scheduledTime} ${summary.hosts.inspected} ${(await Array.fromAsync(lines())).length}`);
          },
        ],
      },
    );

    const outcome = await inspect();
    await workThrough();

    expect(outcome).toMatchObject({ kind: 'inspected', regions: [], open: [{ kind: 'continued' }] });
    expect([region.pages(), region.requests()]).toEqual([25, Math.ceil(HOSTS / 252)]);
    expect([...region.reads.values()].every((count) => count === 1)).toBe(true);
    expect(closed).toEqual([`${NOON} ${HOSTS} ${HOSTS}`]);
    expect(await newestRun(world)).toMatchObject({
      outcome: 'complete',
      hosts: { known: HOSTS, inspected: HOSTS },
      results: { shards: SHARDS },
      metricsBilled: HOSTS,
    });
    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON, outcome: 'complete' } });
  });

  it('lists from where the invocation before left off', async () => {
    const { world, region, inspect, workThrough } = await aScene({ hosts: HOSTS, pageMs: 20_000 });

    await inspect();
    const before = region.pages();
    await workThrough();

    expect(before).toBeLessThan(25);
    expect(region.pages()).toBe(25);
    expect(await newestRun(world)).toMatchObject({
      outcome: 'complete',
      calls: { ListMetrics: 25, GetMetricData: 48 },
    });
  });

  it('is not begun again by a copy of its message', async () => {
    const { region, inspect, workThrough } = await aScene({ hosts: HOSTS, requestMs: 10_000 });
    await inspect();
    await inspect().catch(() => undefined);
    await workThrough();

    const late = await inspect();

    expect(late).toMatchObject({ kind: 'inspected', regions: [], open: [{ kind: 'skipped' }] });
    expect([region.pages(), region.requests()]).toEqual([25, 48]);
  });

  it('gives a message back while other functions have all that is left', async () => {
    const { world, clock, inspect } = await aScene({ hosts: HOSTS, requestMs: 10_000 });
    await inspect();
    const known = await world.openRuns.get(RUN);
    if (known === undefined) throw new Error('the run is open');
    const busy = known.value.lanes.map((lane) => ({ ...lane, busyUntil: clock.now + MINUTE }));
    await world.openRuns.put({ ...known.value, lanes: busy }, known.version);

    await expect(inspect()).rejects.toThrow(/eu-west-1: other functions inspect what is left of it: \d+ of 12 shards/);
  });

  it('lets the next slot pass while it is under way, and reports that', async () => {
    const { world, clock, region, inspect, workThrough } = await aScene({ hosts: HOSTS, requestMs: 10_000 });
    await inspect();
    const before = region.requests();
    clock.now = NOON + 30 * MINUTE;
    const next = aMessage({ scheduledTime: new Date(NOON + 15 * MINUTE).toISOString() });

    const outcome = await inspect(next);

    expect(region.requests()).toBe(before);
    expect(outcome).toMatchObject({
      open: [{ kind: 'overrun', reason: expect.stringMatching(/still under way: \d+ of 12/) }],
    });
    expect((await world.health.get('acme', SCOPE))?.value).toMatchObject({
      slot: NOON + 15 * MINUTE,
      outcome: 'partial',
      partial: { runs: 1 },
      failure: expect.stringMatching(/still under way/),
    });
    await workThrough();
    expect((await world.health.get('acme', SCOPE))?.value).toMatchObject({
      slot: NOON + 15 * MINUTE,
      outcome: 'partial',
      completeSlot: NOON,
      hosts: { inspected: HOSTS },
    });
  });

  it('is closed as partial where the next slot finds it without progress, and that one begins', async () => {
    const { world, clock, inspect, workThrough } = await aScene({ hosts: HOSTS, requestMs: 10_000 });
    await inspect();
    clock.now += 46 * MINUTE;

    await inspect(aMessage({ scheduledTime: new Date(NOON + HOUR).toISOString() }));

    expect(await newestRun(world)).toMatchObject({
      scheduledTime: NOON,
      outcome: 'partial',
      failures: [expect.stringMatching(/\d+ of 12 shards of about 1,000 hosts were not inspected/)],
    });
    expect((await world.openRuns.get(RUN))?.value.run.scheduledTime).toBe(NOON + HOUR);
    await workThrough();
    expect(await newestRun(world)).toMatchObject({ scheduledTime: NOON + HOUR, outcome: 'complete' });
  });
});

describe('an invocation of two seconds', () => {
  it('inspects what it can hold, and leaves the rest to others', async () => {
    const { world, region, inspect, workThrough } = await aScene({ hosts: 3_000, requestMs: 100 });

    await inspect(aMessage(), 2_000);
    await workThrough(2_000);

    expect(region.requests()).toBe(12);
    expect(await newestRun(world)).toMatchObject({ outcome: 'complete', hosts: { inspected: 3_000 } });
  });
});
