/** Closes a run that took several invocations: once, whoever notices that nothing is left to do. */
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { Unreadable } from '../model/series.ts';
import type { FinishedShard } from '../ports/shard-store.ts';
import { closeRun } from './close-run.ts';
import type { Clock } from './deadline.ts';
import type { MergedRun } from './merge-shards.ts';
import type { ClosePorts } from './region-run.ts';
import { createResultCache, type ResultCache } from './result-cache.ts';
import { changeOpenRun, finishedShards } from './run-progress.ts';

/**
 * Closes the run with what there is of it: what is missing makes it partial. Undefined where another function is closing it, or has.
 * Throws `StoreError`.
 *
 * @param cache What this invocation has inspected.
 */
export async function closeOpenRun(
  run: RunRef,
  ports: ClosePorts,
  clock: Pick<Clock, 'time' | 'end'>,
  cache: ResultCache = createResultCache(run, ports.results),
): Promise<MergedRun | undefined> {
  const taken = await changeOpenRun(run, ports.openRuns, (open) =>
    open.state === 'closed' || open.closingUntil > clock.time() ? undefined : { ...open, closingUntil: clock.end },
  );
  if (taken === undefined) return undefined;
  const open = taken.value;
  const finished = await finishedShards(open, ports.shards);
  const closing = { ...toMerge(open, finished), run, facts: factsOf(open), shards: open.shards, unrecorded: 0 };
  const closed = await closeRun({ ...closing, lines: () => cache.lines(open.shards) }, ports, clock.time());
  const record = { ...open, state: 'closed', progressAt: clock.time(), closingUntil: 0 } as const;
  const isFirst = (await ports.openRuns.put(record, taken.version)) === 'stored';
  return isFirst ? closed : undefined;
}

function toMerge(open: OpenRun, finished: readonly FinishedShard[]) {
  const { spent, notDue, shards, run } = open;
  const missing = shards - finished.length;
  return { spent, notDue, results: finished.map(({ result }) => result), failure: failureOf(run, missing, shards) };
}

/** Why a run is partial whose shards are not all there; undefined where they are. */
function failureOf({ scope }: RunRef, missing: number, shards: number): Unreadable | undefined {
  if (shards > 0 && missing === 0) return undefined;
  const what =
    shards === 0
      ? 'its hosts were not listed to the end'
      : `${missing} of ${shards} shards of about 1,000 hosts were not inspected`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail: `${what}: nothing came forward any more` };
}

function factsOf({ run, window, runsPerMonth, price }: OpenRun) {
  const { tenant, scope, scheduledTime } = run;
  return { tenant, scope, scheduledTime, window, runsPerMonth, ...(price && { price }) };
}
