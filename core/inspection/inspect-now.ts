/** Inspects a region in one invocation, without a stored plan; what time does not allow becomes a planned run. */
import { StoreError } from '../ports/errors.ts';
import type { HostListing, MemorySource } from '../ports/memory-source.ts';
import { closeRun } from './close-run.ts';
import { shardResult } from './merge-shards.ts';
import { claimRun, continueLater } from './open-run.ts';
import { type Shard, savePlan } from './plan-run.ts';
import type { RegionOutcome } from './region-run.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { changeOpenRun } from './run-progress.ts';
import {
  createShardRunner,
  type InspectedShard,
  type ReadableShard,
  type ShardRunner,
  sumOfCalls,
} from './run-shards.ts';
import type { CallsMade } from './run-summary.ts';

/** The hosts of a region in shards. */
export interface RegionPlan {
  readonly shards: readonly Shard[];
  readonly notDue: number;
  /** Of all hosts of the region, also of those that are not due. Undefined where not all of them are known. */
  readonly ids: ReadonlySet<string> | undefined;
  /** What the listing took. */
  readonly listed: CallsMade;
}

/** Hosts whose samples are read take a request; the others are shards behind them. */
export function hostShards(shards: readonly Shard[]): number {
  return shards.filter(({ hosts }) => hosts.length > 0).length;
}

export function readableShard(
  number: number,
  { hosts, readings }: Shard,
  { listing, of, share }: { readonly listing: HostListing; readonly of: number; readonly share: number },
): ReadableShard {
  const source = hosts.length === 0 ? undefined : () => listing.sourceOf(hosts, share);
  return { number, of, source, readings, listsHosts: false };
}

/** Inspects a source that lists its hosts itself. */
export async function inspectSource(context: RunContext, source: MemorySource): Promise<RegionOutcome> {
  const runner = createShardRunner(context, await openRecorder(context));
  const cache = createResultCache(context.run, context.ports.results);
  const inspected = await runner.inspect({ number: 0, of: 1, source: () => source, readings: [], listsHosts: true });
  if (inspected === undefined) throw new Error('A source that lists its hosts itself is one shard, whatever it read');
  await cache.put(0, inspected.lines);
  return close(context, { runner, cache, done: new Map([[0, inspected]]) }, { shards: 1, notDue: 0, spent: NOTHING });
}

const NOTHING: CallsMade = { calls: {}, metricsBilled: 0 };

/** What this invocation has inspected. */
interface Progress {
  readonly runner: ShardRunner;
  readonly cache: ResultCache;
  readonly done: Map<number, InspectedShard>;
}

/** @param version Of the record of an earlier run; 0 where there is none. */
export async function inspectPlan(
  context: RunContext,
  listing: HostListing,
  plan: RegionPlan,
  version: number,
): Promise<RegionOutcome> {
  const { shards, ids, notDue, listed } = plan;
  const recorder = await openRecorder(context);
  const progress: Progress = {
    runner: createShardRunner(context, recorder),
    cache: createResultCache(context.run, context.ports.results),
    done: new Map(),
  };
  if (ids) await recorder?.endGone(context.spans.evaluated.window.end, ids);
  const isComplete = await inspectShards(listing, shards, progress);
  if (progress.runner.inspected === 0) await progress.runner.flush();
  return isComplete
    ? close(context, progress, { shards: shards.length, notDue, spent: listed })
    : leaveRest(context, progress, plan, version);
}

/** Whether all of them were inspected. */
async function inspectShards(
  listing: HostListing,
  shards: readonly Shard[],
  { runner, cache, done }: Progress,
): Promise<boolean> {
  const of = hostShards(shards);
  for (const [number, shard] of shards.entries()) {
    const inspected = runner.hasTime()
      ? await runner.inspect(readableShard(number, shard, { listing, of, share: 1 }))
      : undefined;
    if (inspected === undefined) return false;
    await cache.put(number, inspected.lines);
    done.set(number, { ...inspected, lines: [] });
  }
  return true;
}

async function close(
  { run, facts, ports, clock }: RunContext,
  { runner, cache, done }: Progress,
  { shards, notDue, spent }: { readonly shards: number; readonly notDue: number; readonly spent: CallsMade },
): Promise<RegionOutcome> {
  const { superseded, recorded, unrecorded } = runner;
  // In memory there is room for all findings.
  const results = [...done.values()].map((shard) => ({
    ...shardResult(shard, superseded),
    findings: shard.findings,
  }));
  const toClose = { run, facts, shards, unrecorded, results, spent, notDue, failure: undefined };
  const closed = await closeRun({ ...toClose, lines: () => cache.lines(shards) }, ports, clock.time());
  return { kind: 'closed', run: { ...closed, superseded, delivery: runner.delivery(), recorded, unrecorded } };
}

/** Stores a plan of the shards that are left, and what came of the others. */
async function leaveRest(
  context: RunContext,
  { runner, done }: Progress,
  { shards, notDue, listed }: RegionPlan,
  version: number,
): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  requireProgress(context, runner);
  const spent = sumOfCalls([listed, runner.takeSpent()]);
  if (!(await claimRun(context, { spent, version }))) return { kind: 'under_way', ...CLAIMED };
  for (const [shard, inspected] of done) {
    const result = shardResult(inspected, runner.superseded);
    await ports.shards.put(run, { shard, finishedAt: clock.time(), result });
  }
  const left = [...shards.keys()].filter((shard) => !done.has(shard));
  await savePlan(run, shards, left, ports.work);
  await changeOpenRun(run, ports.openRuns, (open) => ({
    ...open,
    state: 'planned',
    shards: shards.length,
    notDue,
    lanes: [{ from: 0, to: shards.length, busyUntil: 0 }],
    progressAt: clock.time(),
  }));
  return continueLater(context, { done: done.size, shards: shards.length }, runner);
}

/** A copy of the message plans the same run. */
export const CLAIMED = {
  progress: { done: 0, shards: 0 },
  reason: 'its hosts are being listed by another function',
} as const;

/** A continuation that makes no progress would be continued for ever: the message goes back, and is delivered a few times. */
export function requireProgress({ run }: RunContext, { recorded, unrecorded, inspected }: ShardRunner): void {
  if (unrecorded === 0 || recorded > 0 || inspected > 0) return;
  throw new StoreError(
    `None of ${unrecorded} hosts of ${run.scope.account} ${run.scope.region} could be recorded in time: the table answers too slowly. The message is tried again later.`,
  );
}
