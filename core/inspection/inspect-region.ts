/**
 * Inspects one region. One shard of hosts is inspected at once; a larger region is planned, and its shards are inspected by as many
 * invocations as they take. What time does not allow is left to a continuation, shard by shard.
 */
import { recordHealth, recordOverrun } from '../health/record-health.ts';
import { formatTime } from '../messages/times.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { RunSummary } from '../model/run.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import type { HostListing } from '../ports/memory-source.ts';
import { closeOpenRun } from './close-open-run.ts';
import type { Deadline } from './deadline.ts';
import { earlierRun } from './earlier-run.ts';
import { inspectSource } from './inspect-now.ts';
import { beginRegion, continueRegion } from './plan-region.ts';
import { INSPECTED_BEFORE, progressText, type RegionOutcome, type RegionRequest, type RunPorts } from './region-run.ts';
import { type RunContext, runContext } from './run-context.ts';
import { workOnLanes } from './run-lanes.ts';
import { finishedShards, isSameRun, lastProgress } from './run-progress.ts';

/** A run without progress for so long gives way to the next one: a message that failed has come again by then. */
const GIVES_WAY_MS = 45 * 60_000;

/**
 * Throws `StoreError` when a store fails, after what was recorded is published, and `DeliveryError` when the queue does not take a
 * continuation; doing it again is harmless. A source that fails makes the run partial.
 */
export async function inspectRegion(
  request: RegionRequest,
  ports: RunPorts,
  deadline: Deadline,
): Promise<RegionOutcome> {
  const { listing, scope } = request.source;
  if (listing === undefined) return inspectSource(runContext(request, ports, deadline), request.source);
  const { tenant } = request.tenant.config;
  const known = await ports.openRuns.get({ tenant, scope, request: request.request });
  const context = runContext(request, ports, deadline, known?.value);
  if (known && isSameRun(known.value.run, context.run)) return continueRun(context, listing, known.value);
  const earlier = await earlierRun(context);
  if (earlier?.outcome === 'complete') return inspectedBefore(context, earlier);
  if (known === undefined) return beginRegion(context, listing, 0);
  const way = await makeWay(context, known);
  if ('kind' in way) return way;
  const outcome = await beginRegion(context, listing, way.version);
  return way.closed ? { ...outcome, gaveWay: way.closed } : outcome;
}

async function continueRun(context: RunContext, listing: HostListing, { state }: OpenRun): Promise<RegionOutcome> {
  switch (state) {
    case 'listing':
      return continueRegion(context, listing);
    case 'planned':
      return workOnLanes(context, listing);
    case 'closed':
      return INSPECTED_BEFORE;
  }
}

/** Whoever has inspected it may have been ended before the health was recorded. */
async function inspectedBefore({ run, ports, clock }: RunContext, summary: RunSummary): Promise<RegionOutcome> {
  await recordHealth({ summary, trigger: run.trigger, finishedAt: clock.time() }, ports.health);
  return INSPECTED_BEFORE;
}

/** A record that the run may replace. */
interface Way {
  readonly version: number;
  /** What came of the run that it is of, where it was closed for this one. */
  readonly closed?: RunSummary;
}

/** Of runs of the schedule: those of a request are one run. An outcome where it is not this run's turn. */
async function makeWay(
  context: RunContext,
  { value: other, version }: Versioned<OpenRun>,
): Promise<Way | RegionOutcome> {
  const { run, ports, clock } = context;
  if (other.run.scheduledTime > run.scheduledTime) return NEWER;
  if (other.state === 'closed') return { version };
  const finished = await finishedShards(other, ports.shards);
  if (clock.time() - lastProgress(other, finished, clock.time()) < GIVES_WAY_MS) {
    return overrun(context, other, finished.length);
  }
  const outcome = await closeOpenRun(other.run, ports, clock);
  const known = await ports.openRuns.get(run);
  if (known?.value.state !== 'closed' || !isSameRun(known.value.run, other.run))
    return overrun(context, other, finished.length);
  return { version: known.version, ...(outcome.kind === 'closed' && { closed: outcome.run.summary }) };
}

const NEWER: RegionOutcome = { kind: 'skipped', reason: 'a newer inspection of the region was begun' };

/** The run before has not ended. It goes on, and the slot counts as one that was inspected in part: two of them are reported. */
async function overrun(
  { run, ports, clock }: RunContext,
  { run: other, state, shards }: OpenRun,
  done: number,
): Promise<RegionOutcome> {
  const { tenant, scope, scheduledTime: slot } = run;
  const { scheduledTime: underWay } = other;
  const progress = { done, shards: state === 'listing' ? null : shards };
  const reason = `the inspection of ${formatTime(underWay)} is still under way: ${progressText(progress)}`;
  await recordOverrun({ tenant, scope, slot, underWay, failure: reason }, clock.time(), ports.health);
  return { kind: 'overrun', reason };
}
