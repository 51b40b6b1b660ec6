/** Works on a planned run: takes a lane on which nobody works, inspects its shards as far as time allows, and goes on with the next. */
import type { OpenRun } from '../model/open-run.ts';
import type { HostListing } from '../ports/memory-source.ts';
import { closeOpenRun } from './close-open-run.ts';
import { reserveMs } from './deadline.ts';
import { readableShard, requireProgress } from './inspect-now.ts';
import { shardResult } from './merge-shards.ts';
import { continued, continueLater } from './open-run.ts';
import { loadShard } from './plan-run.ts';
import type { RegionOutcome, RunProgress } from './region-run.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { changeOpenRun, finishedShards, freeLane, isSameRun, openShards, withLane } from './run-progress.ts';
import { createShardRunner, type ShardRunner, sumOfCalls } from './run-shards.ts';

/** A lane that this invocation has, with the shards that are left in it. */
interface LaneTurn {
  readonly kind: 'lane';
  readonly index: number;
  readonly shards: readonly number[];
  /** Of the entire run. */
  readonly of: number;
  /** Of the provider's rate: other functions may work on the other lanes. */
  readonly share: number;
}

/** What an invocation finds to do. */
type Turn =
  | LaneTurn
  /** Every shard is inspected. */
  | { readonly kind: 'complete'; readonly progress: RunProgress }
  /** Others inspect what is left. */
  | { readonly kind: 'busy'; readonly progress: RunProgress }
  | { readonly kind: 'over' };

/** @param runner Of an invocation that has planned the run. */
export async function workOnLanes(
  context: RunContext,
  listing: HostListing,
  runner?: ShardRunner,
): Promise<RegionOutcome> {
  const cache = createResultCache(context.run, context.ports.results);
  let working = runner;
  for (;;) {
    const turn = await takeTurn(context);
    if (turn.kind === 'over') return working ? continued(NOTHING_LEFT, working) : INSPECTED_BEFORE;
    if (turn.kind === 'complete') return close(context, turn.progress, cache, working);
    if (turn.kind === 'busy') return working ? continued(turn.progress, working) : underWay(turn.progress);
    working ??= createShardRunner(context, await openRecorder(context));
    const isDone = await inspectLane(context, listing, { runner: working, cache }, turn);
    await release(context, turn.index, working);
    if (isDone) continue;
    requireProgress(context, working);
    return continueLater(context, await progressOf(context), working);
  }
}

const NOTHING_LEFT: RunProgress = { done: 0, shards: 0 };

export const INSPECTED_BEFORE: RegionOutcome = { kind: 'skipped', reason: 'it was inspected before' };

function underWay(progress: RunProgress): RegionOutcome {
  const reason = `other functions inspect what is left of it: ${progressText(progress)}`;
  return { kind: 'under_way', progress, reason };
}

export function progressText({ done, shards }: RunProgress): string {
  return shards === 0 ? 'its hosts are being listed' : `${done} of ${shards} shards are done`;
}

async function takeTurn({ run, ports, clock }: RunContext): Promise<Turn> {
  const stored = await ports.openRuns.get(run);
  if (stored === undefined || !isSameRun(stored.value.run, run) || stored.value.state === 'closed') return OVER;
  const done = await doneShards(stored.value, ports);
  const progress = { done: done.size, shards: stored.value.shards };
  if (done.size === stored.value.shards) return { kind: 'complete', progress };
  let index: number | undefined;
  const taken = await changeOpenRun(run, ports.openRuns, (open) => {
    index = open.state === 'planned' ? freeLane(open, done, clock.time()) : undefined;
    return index === undefined ? undefined : { ...withLane(open, index, clock.end), progressAt: clock.time() };
  });
  const lane = index === undefined ? undefined : taken?.value.lanes[index];
  if (taken === undefined || index === undefined || lane === undefined) return { kind: 'busy', progress };
  // Whoever had the lane may have finished a shard since.
  const shards = openShards(lane, await doneShards(taken.value, ports));
  return { kind: 'lane', index, shards, of: taken.value.shards, share: 1 / taken.value.lanes.length };
}

const OVER: Turn = { kind: 'over' };

async function doneShards(open: OpenRun, { shards }: RunContext['ports']): Promise<ReadonlySet<number>> {
  return new Set((await finishedShards(open, shards)).map(({ shard }) => shard));
}

async function progressOf({ run, ports }: RunContext): Promise<RunProgress> {
  const stored = await ports.openRuns.get(run);
  if (stored === undefined || !isSameRun(stored.value.run, run)) return NOTHING_LEFT;
  return { done: (await doneShards(stored.value, ports)).size, shards: stored.value.shards };
}

/** Whether all shards of the lane are inspected. The item of a shard is written last: with it the rest is there. */
async function inspectLane(
  { run, ports, clock }: RunContext,
  listing: HostListing,
  { runner, cache }: { readonly runner: ShardRunner; readonly cache: ResultCache },
  { shards, of, share }: LaneTurn,
): Promise<boolean> {
  for (const shard of shards) {
    if (!runner.hasTime()) return false;
    const planned = await loadShard(run, shard, ports.work);
    const inspected = await runner.inspect(readableShard(shard, planned, { listing, of, share }));
    if (inspected === undefined) return false;
    await cache.put(shard, inspected.lines);
    const result = shardResult(inspected, runner.superseded);
    await ports.shards.put(run, { shard, finishedAt: clock.time(), result });
  }
  return true;
}

async function release({ run, ports, clock }: RunContext, index: number, runner: ShardRunner): Promise<void> {
  const spent = runner.takeSpent();
  await changeOpenRun(run, ports.openRuns, (open) => ({
    ...withLane(open, index, 0),
    progressAt: clock.time(),
    spent: sumOfCalls([open.spent, spent]),
  }));
}

/** The run is closed by an invocation that has the time for it: it reads all results once. */
async function close(
  context: RunContext,
  progress: RunProgress,
  cache: ResultCache,
  runner: ShardRunner | undefined,
): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  if (runner && clock.remainingMs() < reserveMs(clock, 'region')) return continueLater(context, progress, runner);
  const closed = await closeOpenRun(run, ports, clock, cache);
  if (closed === undefined) return runner ? continued(progress, runner) : underWay(progress);
  const { recorded = 0 } = runner ?? {};
  const delivery = runner?.delivery() ?? { published: 0, failed: [], undeliverable: [] };
  return { kind: 'closed', run: { ...closed, delivery, recorded, unrecorded: 0 } };
}
