/** Works on a planned run: takes a lane on which nobody works, inspects its shards as far as time allows, and goes on with the next. */
import type { OpenRun } from '../model/open-run.ts';
import { StoreError } from '../ports/errors.ts';
import type { HostListing } from '../ports/memory-source.ts';
import { closeOpenRun } from './close-open-run.ts';
import { reserveMs } from './deadline.ts';
import { shardResult } from './merge-shards.ts';
import { continued, continueLater } from './open-run.ts';
import { loadShard } from './plan-run.ts';
import {
  type CloseHook,
  INSPECTED_BEFORE,
  NO_DELIVERY,
  progressText,
  type RegionOutcome,
  type RunProgress,
  requireProgress,
} from './region-run.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { changeOpenRun, finishedShards, freeLane, isSameRun, openShards, withLane } from './run-progress.ts';
import { createShardRunner, readableShard, type ShardRunner } from './run-shards.ts';
import { sumOfCalls } from './run-summary.ts';
import { orStoreError, storeFailure } from './run-work.ts';
import { createRunSettler } from './settle-run.ts';

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
    if (turn.kind === 'over') return over(working);
    if (turn.kind === 'complete') return close(context, turn.progress, cache, working);
    if (turn.kind === 'busy') return underWay(turn.progress, working);
    working ??= createShardRunner(context, await openRecorder(context));
    const { isDone, failure } = await inspectLane(context, listing, { runner: working, cache }, turn);
    await release(context, turn.index, working);
    if (failure) {
      await working.settle();
      throw failure;
    }
    if (isDone) continue;
    requireProgress(context.run.scope, working);
    return continueLater(context, await progressOf(context), working);
  }
}

const NOTHING_LEFT: RunProgress = { done: 0, shards: 0 };

function over(runner: ShardRunner | undefined): RegionOutcome {
  return runner ? continued(NOTHING_LEFT, runner) : INSPECTED_BEFORE;
}

/** Whoever has inspected a part of it has done what the message requested. */
function underWay(progress: RunProgress, runner: ShardRunner | undefined): RegionOutcome {
  if (runner) return continued(progress, runner);
  const reason = `other functions inspect what is left of it: ${progressText(progress)}`;
  return { kind: 'under_way', progress, reason };
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
    return index === undefined ? undefined : withLane(open, index, clock.end);
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

/** What one invocation works on a lane with. */
interface Work {
  readonly runner: ShardRunner;
  readonly cache: ResultCache;
}

/** Whether all shards of the lane are inspected, and why the first could not be loaded or stored of those that could not. */
interface LaneEnd {
  readonly isDone: boolean;
  readonly failure: StoreError | undefined;
}

/**
 * A shard that cannot be loaded or stored keeps no finding of the others back. Its item is written last: with it the rest is there.
 */
async function inspectLane(
  { run, ports, clock }: RunContext,
  listing: HostListing,
  { runner, cache }: Work,
  { shards, of, share }: LaneTurn,
): Promise<LaneEnd> {
  let failure: StoreError | undefined;
  for (const shard of shards) {
    if (!runner.hasTime()) return { isDone: false, failure };
    const planned = await orStoreError(loadShard(run, shard, ports.work));
    if (planned instanceof StoreError) {
      failure ??= planned;
      continue;
    }
    const inspected = await runner.inspect(readableShard(shard, planned, { listing, of, share }));
    if (inspected === undefined) return { isDone: false, failure };
    const unstored = await storeFailure(cache.put(shard, inspected.lines));
    failure ??= unstored;
    if (unstored) continue;
    const result = shardResult(inspected, runner.superseded);
    await ports.shards.put(run, { shard, finishedAt: clock.time(), result });
  }
  return { isDone: true, failure };
}

async function release({ run, ports }: RunContext, index: number, runner: ShardRunner): Promise<void> {
  const spent = runner.takeSpent();
  await changeOpenRun(run, ports.openRuns, (open) =>
    open.state === 'planned' ? { ...withLane(open, index, 0), spent: sumOfCalls([open.spent, spent]) } : undefined,
  );
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
  const { settle } = runner ?? createRunSettler(run, ports, clock);
  let delivery = NO_DELIVERY;
  const settleRun: CloseHook = async ({ lines }) => {
    delivery = await settle(lines);
  };
  const closeHooks = [settleRun, ...ports.closeHooks];
  const outcome = await closeOpenRun(run, { ...ports, closeHooks }, clock, cache);
  if (outcome.kind === 'over') return over(runner);
  if (outcome.kind === 'closing') return underWay(progress, runner);
  const { recorded = 0 } = runner ?? {};
  return { kind: 'closed', run: { ...outcome.run, delivery, recorded, unrecorded: 0 } };
}
