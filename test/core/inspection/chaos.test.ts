/** 50,000 hosts in one region, functions with two seconds each, every one of which may be killed at any step. */
import { afterAll, describe, expect, it } from 'vitest';
import { createHealthStore } from '../../../adapters/dynamodb/health-store.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createOpenRunStore } from '../../../adapters/dynamodb/open-run-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createShardStore } from '../../../adapters/dynamodb/shard-store.ts';
import { sweepOutbox } from '../../../core/incidents/outbox.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import { UnderWayError } from '../../../core/ports/errors.ts';
import { uniformAt } from '../../../sandbox/scenario/random.ts';
import { startTable, TABLE } from '../../adapters/dynamodb/table.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { createUnreliableQueue, Killed, mortal, stepsToKill } from './chaos.ts';
import { aLargeRegion, hostId, invocation, type VirtualClock } from './large-region.ts';
import { aMessage, aWorld, FLAT, LEAK, SCOPE } from './world.ts';

const HOSTS = 50_000;
const SHARDS = 50;
const TWO_SECONDS = 2_000;
const LEAKING = new Set(Array.from({ length: 25 }, (_, index) => hostId(index * 1_999)));
const RUN: RunRef = { tenant: 'acme', scope: SCOPE, trigger: 'schedule', scheduledTime: NOON, request: null };

const { client, close } = await startTable();
afterAll(close);

async function aFleet(clock: VirtualClock) {
  const region = aLargeRegion({
    hosts: HOSTS,
    clock,
    pageMs: 30,
    requestMs: 90,
    seriesOf: (id) =>
      LEAKING.has(id) ? LEAK : { times: FLAT.times.subarray(0, 8), values: FLAT.values.subarray(0, 8) },
  });
  const table = { client, table: TABLE, now: () => NOON };
  const openRuns = createOpenRunStore(table);
  const closings: number[] = [];
  const world = await aWorld({
    openSource: region.openSource,
    incidents: createIncidentStore(table),
    runs: createRunLog(table),
    health: createHealthStore(table),
    shards: createShardStore(table),
    openRuns: {
      ...openRuns,
      async put(open, version) {
        const outcome = await openRuns.put(open, version);
        if (open.state === 'closed' && outcome === 'stored') closings.push(clock.now);
        return outcome;
      },
    },
  });
  return { region, world, closings };
}

async function storedShards({ shards, openRuns }: InspectionPorts): Promise<number> {
  return (await openRuns.get(RUN)) === undefined ? 0 : (await Array.fromAsync(shards.list(RUN))).length;
}

async function endOf(inspection: Promise<unknown>): Promise<'ended' | 'killed' | 'underWay'> {
  try {
    await inspection;
    return 'ended';
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    if (error instanceof UnderWayError) return 'underWay';
    throw error;
  }
}

describe('a region of 50,000 hosts', () => {
  it('is inspected once, whoever is killed and however often messages come', async () => {
    const clock: VirtualClock = { now: NOON };
    let drawn = 0;
    const random = () => uniformAt(7, drawn++);
    const { region, world, closings } = await aFleet(clock);
    const queue = createUnreliableQueue(clock, random, 6 * TWO_SECONDS);
    const steps = stepsToKill();
    const total = steps.size;
    const counts = { ended: 0, killed: 0, underWay: 0, lost: 0 };
    /** Evaluated in an invocation that did not store their shard. */
    const readInVain = new Map<string, number>();

    async function work(message: InspectMessage): Promise<void> {
      const evaluated: string[] = [];
      const deadline = invocation(clock, TWO_SECONDS);
      clock.until = clock.now + 0.9 * TWO_SECONDS;
      const own = { ...world, openSource: region.openFor((id) => evaluated.push(id)) };
      const send = async (sent: InspectMessage) => queue.send(sent);
      const ports = mortal({ ...own, queue: { ...world.queue, send } }, steps, () => deadline.remainingMs() < 0);
      const before = await storedShards(world);
      const end = await endOf(runInspection({ message, metric: LEAK_METRIC }, ports, deadline));
      counts[end]++;
      if (end !== 'ended') queue.comesAgain(message);
      // Shards are read in their order: what was read behind the stored ones was read in vain.
      const stored = ((await storedShards(world)) - before) * 1_008;
      for (const id of evaluated.slice(stored)) readInVain.set(id, (readInVain.get(id) ?? 0) + 1);
      if (evaluated.length > stored) counts.lost++;
    }

    queue.send(aMessage({ regions: [SCOPE.region] }));
    for (let message = queue.receive(); message !== undefined; message = queue.receive()) await work(message);

    // What was recorded and not published waits in its outbox.
    await sweepOutbox(world.publisher, world.incidents, clock.now + HOUR);
    const lines = [];
    for (let shard = 0; shard < SHARDS; shard++)
      lines.push(...(await Array.fromAsync(world.results.shard(RUN, shard))));
    const [run] = await world.runs.newest('acme', SCOPE, 10);
    const published = (world.publisher.published.get('acme') ?? []).map(({ id }) => id);
    expect(lines).toHaveLength(HOSTS);
    expect(new Set(lines.map(({ host }) => host)).size).toBe(HOSTS);
    expect(run).toMatchObject({
      outcome: 'complete',
      hosts: { known: HOSTS, inspected: HOSTS },
      results: { shards: SHARDS },
    });
    expect(await world.results.head(RUN)).toMatchObject({ shards: SHARDS, summary: run });
    expect(await world.health.get('acme', SCOPE)).toMatchObject({
      value: { outcome: 'complete', leaking: LEAKING.size },
    });
    expect(new Set(published).size).toBe(LEAKING.size);
    expect(closings).toHaveLength(1);
    expect([...steps]).toEqual([]);
    for (const [id, reads] of region.reads) expect([id, reads]).toEqual([id, 1 + (readInVain.get(id) ?? 0)]);
    // A function that is killed loses one shard at most.
    expect(readInVain.size).toBeLessThanOrEqual(counts.lost * 1_008);
    expect(counts.killed).toBeGreaterThanOrEqual(total);
  });
});
