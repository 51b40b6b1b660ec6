/**
 * Inspects one region. Up to ten shards of hosts are inspected at once, in one invocation; a larger region is planned, and its shards
 * are inspected by as many invocations as they take. What time does not allow is left to a continuation, shard by shard.
 */
import { recordOverrun } from '../health/record-health.ts';
import { formatTime } from '../messages/times.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { closeOpenRun } from './close-open-run.ts';
import type { Deadline } from './deadline.ts';
import { inspectSource } from './inspect-now.ts';
import { beginRegion, continueRegion } from './plan-region.ts';
import type { RegionOutcome, RegionRequest, RunPorts } from './region-run.ts';
import { type RunContext, runContext } from './run-context.ts';
import { INSPECTED_BEFORE, progressText, workOnLanes } from './run-lanes.ts';
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
  const context = runContext(request, ports, deadline);
  const { listing } = request.source;
  if (listing === undefined) return inspectSource(context, request.source);
  const known = await ports.openRuns.get(context.run);
  if (known === undefined) return beginRegion(context, listing, 0);
  if (!isSameRun(known.value.run, context.run)) {
    const way = await makeWay(context, known);
    return typeof way === 'number' ? beginRegion(context, listing, way) : way;
  }
  switch (known.value.state) {
    case 'listing':
      return continueRegion(context, listing);
    case 'planned':
      return workOnLanes(context, listing);
    case 'closed':
      return INSPECTED_BEFORE;
  }
}

/** The version of the record that the run replaces; an outcome where it is not this run's turn. */
async function makeWay(context: RunContext, { value: other, version }: Versioned<OpenRun>) {
  const { run, ports, clock } = context;
  if (other.run.scheduledTime > run.scheduledTime) return NEWER;
  if (other.state === 'closed') return version;
  const finished = await finishedShards(other, ports.shards);
  if (clock.time() - lastProgress(other, finished, clock.time()) < GIVES_WAY_MS) {
    return overrun(context, other, finished.length);
  }
  await closeOpenRun(other.run, ports, clock);
  const closed = await ports.openRuns.get(run);
  return closed?.value.state === 'closed' && isSameRun(closed.value.run, other.run)
    ? closed.version
    : overrun(context, other, finished.length);
}

const NEWER: RegionOutcome = { kind: 'skipped', reason: 'a newer inspection of the region was begun' };

/** The run before has not ended. It goes on, and the slot counts as one that was inspected in part: two of them are reported. */
async function overrun(
  { run, ports, clock }: RunContext,
  { run: other, shards }: OpenRun,
  done: number,
): Promise<RegionOutcome> {
  const { tenant, scope, scheduledTime: slot } = run;
  const { scheduledTime: underWay } = other;
  const reason = `the inspection of ${formatTime(underWay)} is still under way: ${progressText({ done, shards })}`;
  await recordOverrun({ tenant, scope, slot, underWay, failure: reason }, clock.time(), ports.health);
  return { kind: 'overrun', reason };
}
