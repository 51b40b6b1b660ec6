/** Lists a region, and plans its run: small ones are inspected at once, large ones in lanes. */
import { isResource, type NotMonitored, type Unreadable } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { HostListing, HostPlan } from '../ports/memory-source.ts';
import { reserveMs, whenOnlyLeft } from './deadline.ts';
import { CLAIMED, hostShards, inspectPlan, type RegionPlan } from './inspect-now.ts';
import { continueListing, loadListing, newListing, type RegionListing, saveListing } from './list-region.ts';
import { claimRun, continueLater } from './open-run.ts';
import { SHARDS_AT_ONCE, savePlan, shardsOf } from './plan-run.ts';
import type { RegionOutcome } from './region-run.ts';
import { openRecorder, type RunContext } from './run-context.ts';
import { workOnLanes } from './run-lanes.ts';
import { changeOpenRun, lanesOf, withLane } from './run-progress.ts';
import { createShardRunner, sumOfCalls } from './run-shards.ts';
import { type CallCount, type CallsMade, createMeter } from './run-summary.ts';

/** @param version Of the record of an earlier run; 0 where there is none. */
export async function beginRegion(context: RunContext, listing: HostListing, version: number): Promise<RegionOutcome> {
  const lists = newListing(listing);
  const meter = createMeter();
  const isComplete = await list(context, listing, lists, meter);
  const plan = isComplete ? await planOf(context, listing, lists, meter) : undefined;
  const claim = { spent: spentOf(meter), version };
  if (plan === undefined) return claimAndLeave(context, lists, claim);
  if (hostShards(plan.shards) <= SHARDS_AT_ONCE) return inspectPlan(context, listing, plan, version);
  // A plan is written with all the time of an invocation, where the listing took most of this one's.
  if (context.clock.remainingMs() < reserveMs(context.clock, 'region')) return claimAndLeave(context, lists, claim);
  if (!(await claimRun(context, claim))) return { kind: 'under_way', ...CLAIMED };
  return workOnPlan(context, listing, plan);
}

/** Goes on where another invocation left the listing. */
export async function continueRegion(context: RunContext, listing: HostListing): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  const taken = await changeOpenRun(run, ports.openRuns, (open) => {
    const isFree = open.state === 'listing' && open.lanes.every(({ busyUntil }) => busyUntil <= clock.time());
    return isFree ? { ...withLane(open, 0, clock.end), progressAt: clock.time() } : undefined;
  });
  if (taken === undefined) return { kind: 'under_way', ...CLAIMED };
  const lists = await loadListing(run, listing, ports.work);
  const meter = createMeter();
  const isComplete = await list(context, listing, lists, meter);
  const plan = isComplete ? await planOf(context, listing, lists, meter) : undefined;
  await changeOpenRun(run, ports.openRuns, (open) => ({ ...open, spent: sumOfCalls([open.spent, spentOf(meter)]) }));
  return plan === undefined ? leave(context, lists) : workOnPlan(context, listing, plan);
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

async function claimAndLeave(
  context: RunContext,
  lists: RegionListing,
  claim: Parameters<typeof claimRun>[1],
): Promise<RegionOutcome> {
  return (await claimRun(context, claim)) ? leave(context, lists) : { kind: 'under_way', ...CLAIMED };
}

async function leave(context: RunContext, lists: RegionListing): Promise<RegionOutcome> {
  const { run, ports, clock } = context;
  await saveListing(run, lists, ports.work);
  await changeOpenRun(run, ports.openRuns, (open) => ({ ...withLane(open, 0, 0), progressAt: clock.time() }));
  return continueLater(context, { done: 0, shards: 0 });
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
  return { shards, notDue, ids: idsOf({ hosts, readings }), listed: spentOf(meter) };
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

/** Stores the plan of a run that this invocation has claimed, lets another one take the second lane, and begins with the first. */
async function workOnPlan(context: RunContext, listing: HostListing, plan: RegionPlan): Promise<RegionOutcome> {
  const { run, ports, clock, message } = context;
  const { shards, notDue, ids } = plan;
  const recorder = await openRecorder(context);
  const runner = createShardRunner(context, recorder);
  if (ids) await recorder?.endGone(context.spans.evaluated.window.end, ids);
  await runner.flush();
  await savePlan(run, shards, [...shards.keys()], ports.work);
  const lanes = lanesOf(shards.length);
  await changeOpenRun(run, ports.openRuns, (open) => ({
    ...open,
    state: 'planned',
    shards: shards.length,
    notDue,
    lanes,
    progressAt: clock.time(),
  }));
  for (const _ of lanes.slice(1)) await ports.queue.send(message);
  return workOnLanes(context, listing, runner);
}
