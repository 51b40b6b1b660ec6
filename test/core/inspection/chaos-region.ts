/** Regions whose functions have two seconds each, three at a time, every one of which may be killed at any call. */
import { describe, expect, it } from 'vitest';
import { sweep } from '../../../core/incidents/sweep.ts';
import type { ClosingRun } from '../../../core/inspection/region-run.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { UnderWayError } from '../../../core/ports/errors.ts';
import { uniformAt } from '../../../sandbox/scenario/random.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createScheduler, createUnreliableQueue, Killed, mortal, stepsToKill } from './chaos.ts';
import { aLargeRegion, hostId, invocation, type VirtualClock } from './large-region.ts';
import { aMessage, aWorld, LEAK, SCOPE } from './world.ts';

const TWO_SECONDS = 2_000;
const AT_ONCE = 3;
const KILLED_ANYWHERE = 40;
const RUN: RunRef = { tenant: 'acme', scope: SCOPE, trigger: 'schedule', scheduledTime: NOON, request: null };
const LEAKING = new Set(Array.from({ length: 25 }, (_, index) => hostId(index * 239)));
const FEW = { times: LEAK.times.subarray(0, 2), values: LEAK.values.subarray(0, 2) };

/** What one function did. */
interface Invocation {
  readonly evaluated: string[];
  readonly stored: Set<number>;
  end: 'ended' | 'killed' | 'underWay';
}

async function endOf(inspection: Promise<unknown>): Promise<Invocation['end']> {
  try {
    await inspection;
    return 'ended';
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    if (error instanceof UnderWayError) return 'underWay';
    throw error;
  }
}

/** Two seconds that pass as the clock of the test does, and not as the machine's. */
function twoSeconds(clock: VirtualClock) {
  return { ...invocation(clock, TWO_SECONDS), abortedAt: () => new AbortController().signal };
}

interface World {
  /** Hosts of the region, in turn: each function finds another number of them. */
  readonly sizes: readonly number[];
  readonly seed: number;
  readonly pageMs: number;
  readonly requestMs: number;
}

async function workThrough({ sizes, seed, pageMs, requestMs }: World) {
  const clock: VirtualClock = { now: NOON };
  let drawn = 0;
  const random = () => uniformAt(seed, drawn++);
  const scheduler = createScheduler(random);
  const seriesOf = (id: string) => (LEAKING.has(id) ? LEAK : FEW);
  const regions = sizes.map((hosts) => aLargeRegion({ hosts, clock, pageMs, requestMs, seriesOf }));
  const hooks: string[] = [];
  const closeHooks = [async ({ id, summary }: ClosingRun) => void hooks.push(`${id} ${JSON.stringify(summary)}`)];
  // A schedule that is seldom due takes less time to count than the region takes to inspect.
  const world = await aWorld(
    { closeHooks },
    aTenantConfig({ accounts: [anAccount({ schedule: { cron: '0 12 20 * *' } })] }),
  );
  let closings = 0;
  const { put } = world.openRuns;
  world.openRuns.put = async (open, version) => {
    const outcome = await put(open, version);
    if (open.state === 'closed' && outcome === 'stored') closings++;
    return outcome;
  };
  const queue = createUnreliableQueue(clock, random, 6 * TWO_SECONDS);
  const steps = stepsToKill();
  const invocations: Invocation[] = [];
  let [active, mostActive, killedAnywhere] = [0, 0, 0];

  async function work(message: InspectMessage): Promise<void> {
    const region = regions[invocations.length % regions.length];
    const done: Invocation = { evaluated: [], stored: new Set(), end: 'ended' };
    invocations.push(done);
    const deadline = twoSeconds(clock);
    const isKilled = () => killedAnywhere < KILLED_ANYWHERE && random() < 0.02 && ++killedAnywhere > 0;
    const isTimeUp = () => deadline.remainingMs() < 0;
    const shards: typeof world.shards = {
      ...world.shards,
      async put(run, finished) {
        await world.shards.put(run, finished);
        done.stored.add(finished.shard);
      },
    };
    const send = async (sent: InspectMessage) => queue.send(sent);
    const own = { ...world, shards, queue: { ...world.queue, send } };
    const { ports, turn } = mortal(own, { scheduler, steps, isKilled, isTimeUp });
    const until = clock.now + 0.9 * TWO_SECONDS;
    const evaluated = (id: string) => void done.evaluated.push(id);
    const openSource = region?.openFor({ evaluated, until, turn }) ?? world.openSource;
    done.end = await endOf(runInspection({ message, metric: LEAK_METRIC }, { ...ports, openSource }, deadline));
    if (done.end !== 'ended') queue.comesAgain(message);
  }

  async function receive(): Promise<void> {
    for (;;) {
      const message = queue.receive();
      if (message !== undefined) {
        mostActive = Math.max(mostActive, ++active);
        await work(message).finally(() => active--);
      } else if (active > 0) await scheduler.turn();
      else if (!queue.wait()) return;
    }
  }

  // The dispatcher sends it again where it was killed.
  for (const _ of [1, 2]) queue.send(aMessage({ regions: [SCOPE.region] }));
  await scheduler.drive(Array.from({ length: AT_ONCE }, receive));
  // What was recorded and not settled is left to the sweep, which may be killed too.
  const sweepUntilDone = async () => {
    const deadline = twoSeconds(clock);
    const { ports } = mortal(world, {
      scheduler,
      steps,
      isKilled: () => false,
      isTimeUp: () => deadline.remainingMs() < 0,
    });
    const end = await endOf(sweep(ports, { now: clock.now + HOUR }));
    if (end !== 'ended') await sweepUntilDone();
  };
  await scheduler.drive([sweepUntilDone()]);
  const [run] = await world.runs.newest('acme', SCOPE, 10);
  /** Hosts by shard, as they are stored. */
  const shards = await Promise.all(
    Array.from({ length: (run?.results?.shards ?? 0) + 1 }, async (_, shard) => {
      const lines = await Array.fromAsync(world.results.shard(RUN, shard));
      return lines.map(({ host }) => host ?? '');
    }),
  );
  const killed = invocations.filter(({ end }) => end === 'killed').length;
  return { world, run, shards, hooks, closings, steps, invocations, killed, mostActive, killedAnywhere };
}

/** How often each host was read by a function that then stored its shard; the others had it read in vain. */
function readsOf(shards: readonly (readonly string[])[], invocations: readonly Invocation[]) {
  const shardOf = new Map(shards.flatMap((hosts, shard) => hosts.map((host) => [host, shard])));
  const reads = new Map<string, number>();
  const inVain = invocations.map(({ evaluated, stored }) => {
    const lost = new Set<number | undefined>();
    for (const host of evaluated) {
      const shard = shardOf.get(host);
      if (shard !== undefined && stored.has(shard)) reads.set(host, (reads.get(host) ?? 0) + 1);
      else lost.add(shard);
    }
    return lost.size;
  });
  return { reads, inVain };
}

export interface ChaoticRegion extends World {
  readonly region: string;
  /** Hosts that it has at least, and shards of its plan. */
  readonly least: number;
  readonly shards: number;
  /** Steps at which no function is killed. */
  readonly never: readonly string[];
}

export function describeChaos(regions: readonly ChaoticRegion[]): void {
  describe.each(regions)('a region $region', ({ least, shards: count, never, ...options }) => {
    it('is inspected once, whoever is killed and however often messages come', async () => {
      const { world, run, shards, hooks, closings, invocations, ...chaos } = await workThrough(options);

      const hosts = shards.flat();
      const { reads, inVain } = readsOf(shards, invocations);
      const published = (world.publisher.published.get('acme') ?? []).map(({ id }) => id);
      // Nothing is lost: one line for each host of the plan.
      expect(new Set(hosts).size).toBe(hosts.length);
      expect(hosts.length).toBeGreaterThanOrEqual(least);
      expect(run).toMatchObject({
        outcome: 'complete',
        hosts: { known: hosts.length, inspected: hosts.length },
        results: { shards: count },
      });
      expect(await world.results.head(RUN)).toMatchObject({ shards: count, summary: run });
      expect(await world.health.get('acme', SCOPE)).toMatchObject({
        value: { outcome: 'complete', leaking: LEAKING.size },
      });
      expect(new Set(published).size).toBe(LEAKING.size);
      // Nothing is read twice, apart from one shard of each function that did not store it.
      expect(hosts.filter((host) => reads.get(host) !== 1)).toEqual([]);
      expect(Math.max(...inVain)).toBeLessThanOrEqual(1);
      // One close is recorded, and whoever else tried it did the same.
      expect(closings).toBe(1);
      expect(hooks.length).toBeGreaterThan(1);
      expect(new Set(hooks).size).toBe(1);
      // It was chaos.
      expect([...chaos.steps]).toEqual(never);
      expect(chaos.killed).toBeGreaterThanOrEqual(stepsToKill().size - never.length);
      expect(chaos.mostActive).toBe(AT_ONCE);
      expect(chaos.killedAnywhere).toBeGreaterThan(10);
    });
  });
}
