/** Lists a region, and plans its run: one shard of hosts is inspected at once, more of them from a plan that is stored before. */
import { isResource, type NotMonitored, type Unreadable } from '../model/series.ts';
import { SourceError, type StoreError } from '../ports/errors.ts';
import type { HostListing, HostPlan } from '../ports/memory-source.ts';
import { reserveMs, whenOnlyLeft } from './deadline.ts';
import { inspectOneShard } from './inspect-now.ts';
import { continueListing, isListed, loadListing, newListing, type RegionListing, saveListing } from './list-region.ts';
import { claimRun, continueLater } from './open-run.ts';
import { lanesOf, type RegionPlan, savePlan, shardsOf } from './plan-run.ts';
import { CLAIMED, type RegionOutcome } from './region-run.ts';
import { renewedGroups } from './renewed-groups.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { workOnLanes } from './run-lanes.ts';
import { changeOpenRun, isHeld, withLane } from './run-progress.ts';
import { createShardRunner, readableShard, type ShardRunner } from './run-shards.ts';
import { type CallCount, type CallsMade, createMeter, sumOfCalls } from './run-summary.ts';
import { storeFailure } from './run-work.ts';

/** @param version Of the record of an earlier run; 0 where there is none. */
export async function beginRegion(context: RunContext, listing: HostListing, version: number): Promise<RegionOutcome> {
  const { run, ports } = context;
  const lists = newListing(listing);
  const meter = createMeter();
  const isComplete = await list(context, listing, lists, meter);
  const plan = isComplete ? await planOf(context, listing, lists, meter) : undefined;
  const now =
    plan && plan.shards.length <= 1 ? await inspectOneShard(context, listing, plan, spentOf(meter)) : undefined;
  if (now !== undefined && now.kind !== 'interrupted') return now;
  const spent = sumOfCalls([spentOf(meter), ...(now ? [now.runner.takeSpent()] : [])]);
  if (!(await claimRun(context, { spent, version }))) return CLAIMED;
  const unsaved = await storeFailure(saveListing(run, lists, ports.work));
  const begun: Begun = { listing, unsaved, runner: now?.runner };
  return plan === undefined || now !== undefined || !hasTimeToPlan(context)
    ? leave(context, begun)
    : workOnPlan(context, plan, begun);
}

/** Goes on where another invocation left the listing. */
export async function continueRegion(context: RunContext, listing: HostListing): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  const taken = await changeOpenRun(run, ports.openRuns, (open) => {
    const isFree = open.state === 'listing' && !open.lanes.some(({ busyUntil }) => isHeld(busyUntil, clock.time()));
    return isFree ? withLane(open, 0, clock.end) : undefined;
  });
  if (taken === undefined) return CLAIMED;
  const lists = await loadListing(run, listing, ports.work);
  const wasListed = isListed(lists);
  const meter = createMeter();
  const isComplete = await list(context, listing, lists, meter);
  const unsaved = wasListed ? undefined : await storeFailure(saveListing(run, lists, ports.work));
  // Where nothing was left to list, no later invocation would have more time for the plan than this one.
  const isPlanned = isComplete && (wasListed || hasTimeToPlan(context));
  const plan = isPlanned ? await planOf(context, listing, lists, meter) : undefined;
  await changeOpenRun(run, ports.openRuns, (open) => ({ ...open, spent: sumOfCalls([open.spent, spentOf(meter)]) }));
  const begun: Begun = { listing, unsaved, runner: undefined };
  return plan === undefined ? leave(context, begun) : workOnPlan(context, plan, begun);
}

/** A plan is written with all the time of an invocation, where the listing took most of this one's. */
function hasTimeToPlan({ clock }: RunContext): boolean {
  return clock.remainingMs() >= reserveMs(clock, 'region');
}

/** A run that this invocation has claimed, and listed as far as it came. */
interface Begun {
  readonly listing: HostListing;
  /** Why the listing could not be stored; undefined where it was. */
  readonly unsaved: StoreError | undefined;
  /** Of an invocation that has tried to inspect the region already. */
  readonly runner: ShardRunner | undefined;
}

/** Whether all lists are complete. */
function list(
  { spans, filters, clock }: RunContext,
  listing: HostListing,
  lists: RegionListing,
  meter: CallCount,
): Promise<boolean> {
  return continueListing(listing, lists, {
    window: spans.evaluated.window,
    filters,
    meter,
    signal: whenOnlyLeft(clock, 'record'),
    timeIsUp: () => clock.remainingMs() <= reserveMs(clock, 'record'),
  });
}

function spentOf({ calls, metricsBilled }: CallCount): CallsMade {
  return { calls, metricsBilled };
}

/** Leaves the plan, or the rest of the listing, to another invocation. */
async function leave(context: RunContext, { unsaved, runner }: Begun): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  if (unsaved) return giveBack(context, unsaved);
  await changeOpenRun(run, ports.openRuns, (open) => ({ ...withLane(open, 0, 0), progressAt: clock.time() }));
  return continueLater(context, { done: 0, shards: null }, runner);
}

/** The message comes again, and whoever has it lists from where the listing is stored. */
async function giveBack({ run, ports }: RunContext, failure: StoreError): Promise<never> {
  await changeOpenRun(run, ports.openRuns, (open) => withLane(open, 0, 0));
  throw failure;
}

async function planOf(
  { run, source, spans, filters, ports, clock }: RunContext,
  listing: HostListing,
  lists: RegionListing,
  meter: CallCount,
): Promise<RegionPlan> {
  const { hosts, readings } = await hostPlan(source.scope, async () => {
    const request = { window: spans.evaluated.window, filters };
    const listed = await listing.complete?.(lists, request, meter, whenOnlyLeft(clock, 'record'));
    return listing.plan(listed ?? lists, filters);
  });
  const { due, notDue } = (await ports.dueHosts?.(run, hosts)) ?? { due: hosts, notDue: 0 };
  const shards = shardsOf({ hosts: due, readings }, listing.hostsPerRequest(spans.evaluated));
  return { shards, notDue, ids: idsOf({ hosts, readings }), hosts };
}

async function hostPlan(scope: Unreadable['scope'], plan: () => Promise<HostPlan>): Promise<HostPlan> {
  try {
    return await plan();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { reason, message: detail } = error;
    return { hosts: [], readings: [{ kind: 'unreadable', scope, reason, detail }] };
  }
}

/** Ids of all hosts; undefined where some are not known, because a list failed. */
function idsOf({ hosts, readings }: HostPlan): ReadonlySet<string> | undefined {
  const others = readings.map(hostOf);
  if (others.includes(undefined)) return undefined;
  return new Set([...hosts.map(({ resource }) => resource.id), ...others.flatMap((host) => host?.id ?? [])]);
}

function hostOf(reading: NotMonitored | Unreadable) {
  if (reading.kind === 'not_monitored') return reading.resource;
  return isResource(reading.scope) ? reading.scope : undefined;
}

/** Stores the plan, lets another invocation take the second lane where there is one, and begins with the first. */
async function workOnPlan(context: RunContext, plan: RegionPlan, begun: Begun): Promise<RegionOutcome> {
  const { run, ports, clock, message } = context;
  const { shards, ids, notDue, hosts } = plan;
  const recorder = await openRecorder(context);
  const runner = createShardRunner(context, recorder);
  if (ids) await recorder?.endGone(ids, () => renewedGroups(run, hosts, ports));
  await runner.flush();
  const unsaved = begun.unsaved ?? (await storeFailure(savePlan(run, shards, ports.work)));
  if (unsaved) {
    await inspectUnsaved(begun.listing, plan, runner);
    await runner.settle();
    return giveBack(context, unsaved);
  }
  const lanes = lanesOf(shards);
  const planned = { state: 'planned', shards: shards.length, notDue, lanes } as const;
  await changeOpenRun(run, ports.openRuns, (open) =>
    open.state === 'listing' ? { ...open, ...planned, progressAt: clock.time() } : undefined,
  );
  for (const _ of lanes.slice(1)) await ports.queue.send(message);
  return workOnLanes(context, begun.listing, runner);
}

/** A store of plans that is down keeps no finding back: as far as time allows hosts are read, recorded and published all the same. */
async function inspectUnsaved(listing: HostListing, { shards }: RegionPlan, runner: ShardRunner): Promise<void> {
  for (const [number, shard] of shards.entries()) {
    if (!runner.hasTime()) return;
    await runner.inspect(readableShard(number, shard, { listing, of: shards.length, share: 1 }));
  }
}
