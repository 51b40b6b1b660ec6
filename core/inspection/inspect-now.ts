/** Inspects a region of one shard in one invocation, without a record of its own: nothing of it is stored before its result. */
import type { ResultLine } from '../model/result-line.ts';
import type { HostListing, MemorySource } from '../ports/memory-source.ts';
import { closeRun } from './close-run.ts';
import { earlierRun, isWorse } from './earlier-run.ts';
import { mergeShards, shardResult } from './merge-shards.ts';
import type { RegionPlan, Shard } from './plan-run.ts';
import { type RegionOutcome, requireProgress } from './region-run.ts';
import { renewedGroups } from './renewed-groups.ts';
import { createResultCache } from './result-cache.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { createShardRunner, type InspectedShard, readableShard, type ShardRunner } from './run-shards.ts';
import { type CallsMade, NOTHING_SPENT } from './run-summary.ts';

/** Inspects a source that lists its hosts itself. */
export async function inspectSource(context: RunContext, source: MemorySource): Promise<RegionOutcome> {
  const runner = createShardRunner(context, await openRecorder(context));
  const inspected = await runner.inspect({
    number: 0,
    of: 1,
    source: () => source,
    hosts: undefined,
    readings: [],
    listsHosts: true,
  });
  if (inspected === undefined) throw new Error('A source that lists its hosts itself is one shard, whatever it read');
  return close(context, { runner, inspected }, { notDue: 0, spent: NOTHING_SPENT });
}

/** Time was up before the hosts were read and recorded. */
export interface Interrupted {
  readonly kind: 'interrupted';
  readonly runner: ShardRunner;
}

/** A region without a host has a shard too: what an earlier run of the slot has stored is overwritten. */
const EMPTY: Shard = { hosts: [], readings: [] };

/** @param listed What the listing took. */
export async function inspectOneShard(
  context: RunContext,
  listing: HostListing,
  { shards: [shard = EMPTY], ids, notDue, hosts }: RegionPlan,
  listed: CallsMade,
): Promise<RegionOutcome | Interrupted> {
  const recorder = await openRecorder(context);
  const runner = createShardRunner(context, recorder);
  if (ids) await recorder?.endGone(ids, () => renewedGroups(context.run, hosts, context.ports));
  const inspected = runner.hasTime()
    ? await runner.inspect(readableShard(0, shard, { listing, of: 1, share: 1 }))
    : undefined;
  if (inspected === undefined) {
    await runner.flush();
    requireProgress(context.run.scope, runner);
    return { kind: 'interrupted', runner };
  }
  return close(context, { runner, inspected }, { notDue, spent: listed });
}

interface Done {
  readonly runner: ShardRunner;
  readonly inspected: InspectedShard;
}

async function close(
  context: RunContext,
  { runner, inspected }: Done,
  { notDue, spent }: { readonly notDue: number; readonly spent: CallsMade },
): Promise<RegionOutcome> {
  const { run, facts, ports, clock } = context;
  const { superseded, recorded, unrecorded } = runner;
  // In memory there is room for all findings.
  const results = [{ ...shardResult(inspected, superseded), findings: inspected.findings }];
  const toClose = { run, facts, shards: 1, unrecorded, results, spent, notDue, missing: undefined };
  // What was found is all that the run will find, and a bucket that is down keeps none of it back.
  const delivery = await runner.settle(() => inMemory(inspected.lines));
  const earlier = await earlierRun(context);
  if (earlier && isWorse(mergeShards(facts, toClose).summary, earlier)) return { ...WORSE, delivery };
  const cache = createResultCache(run, ports.results);
  await cache.put(0, inspected.lines);
  const closed = await closeRun({ ...toClose, lines: () => cache.lines(1) }, ports, clock.time());
  return { kind: 'closed', run: { ...closed, superseded, delivery, recorded, unrecorded } };
}

async function* inMemory(lines: readonly ResultLine[]): AsyncGenerator<ResultLine> {
  yield* lines;
}

const WORSE = { kind: 'skipped', reason: 'it was inspected before, and more of it could be read then' } as const;
