/** Closes a run that took several invocations: once, whoever notices that nothing is left to do. */
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Unreadable } from '../model/series.ts';
import type { FinishedShard } from '../ports/shard-store.ts';
import { closeRun } from './close-run.ts';
import type { Clock } from './deadline.ts';
import type { MergedRun } from './merge-shards.ts';
import { keepMissingShards } from './missing-shards.ts';
import type { ClosePorts } from './region-run.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { changeOpenRun, finishedShards, isHeld, isSameRun } from './run-progress.ts';

/** `closing`: another function is at it, and may be killed. `over`: another one has closed it. */
export type CloseOutcome =
  | { readonly kind: 'closed'; readonly run: MergedRun }
  | { readonly kind: 'closing' }
  | { readonly kind: 'over' };

/**
 * Closes the run with what there is of it: what is missing makes it partial. Of several functions one records the close. Throws
 * `StoreError`.
 *
 * @param cache What this invocation has inspected.
 */
export async function closeOpenRun(
  run: RunRef,
  ports: ClosePorts,
  clock: Pick<Clock, 'time' | 'end'>,
  cache: ResultCache = createResultCache(run, ports.results),
): Promise<CloseOutcome> {
  const taken = await changeOpenRun(run, ports.openRuns, (open) =>
    open.state === 'closed' || isHeld(open.closingUntil, clock.time())
      ? undefined
      : { ...open, closingUntil: clock.end },
  );
  if (taken === undefined) return { kind: (await isOver(run, ports)) ? 'over' : 'closing' };
  const open = taken.value;
  const finished = await finishedShards(open, ports.shards);
  const facts = factsOf(open);
  const failure = failureOf(open, finished.length);
  const missing = failure && (await keepMissingShards({ open, finished, facts, failure }, ports));
  const closing = { ...toMerge(open, finished), missing, run, facts, shards: open.shards, unrecorded: 0 };
  const closed = await closeRun({ ...closing, lines: () => cache.lines(open.shards) }, ports, clock.time());
  // A lane may be released while the run is being closed: the record is changed as it is by now.
  const recorded = await changeOpenRun(run, ports.openRuns, (now) =>
    now.state === 'closed' ? undefined : { ...now, state: 'closed', closingUntil: 0 },
  );
  return recorded === undefined ? { kind: 'over' } : { kind: 'closed', run: closed };
}

async function isOver(run: RunRef, { openRuns }: Pick<ClosePorts, 'openRuns'>): Promise<boolean> {
  const stored = await openRuns.get(run);
  return stored === undefined || !isSameRun(stored.value.run, run) || stored.value.state === 'closed';
}

function toMerge({ spent, notDue }: OpenRun, finished: readonly FinishedShard[]) {
  return { spent, notDue, results: finished.map(({ result }) => result) };
}

/** Why a run is partial that was not inspected to the end; undefined where it was. */
function failureOf({ run: { scope }, state, shards }: OpenRun, finished: number): Unreadable | undefined {
  const missing = shards - finished;
  if (state !== 'listing' && missing === 0) return undefined;
  const what =
    state === 'listing'
      ? 'its hosts were not listed to the end'
      : `${missing} of ${shards} shards of about 1,000 hosts were not inspected`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail: `${what}: the inspection made no progress any more` };
}

function factsOf({ run, window, runsPerMonth, price }: OpenRun) {
  const { tenant, scope, scheduledTime } = run;
  return { tenant, scope, scheduledTime, window, runsPerMonth, ...(price && { price }) };
}
