/** Begins the record of a run that one invocation cannot hold, and leaves it to the next invocation. */
import type { OpenRun } from '../model/open-run.ts';
import type { RegionOutcome, RunProgress } from './region-run.ts';
import type { RunContext } from './run-context.ts';
import type { ShardRunner } from './run-shards.ts';
import type { CallsMade } from './run-summary.ts';

/**
 * Claims the run for this invocation before anything of it is stored: a copy of the message may have listed other hosts, and only one
 * plan can hold.
 *
 * @returns Whether it is claimed; else another function has.
 */
export async function claimRun(
  { run, facts, ports, clock }: RunContext,
  { spent, version }: { readonly spent: CallsMade; readonly version: number },
): Promise<boolean> {
  const { window, runsPerMonth, price } = facts;
  const open: OpenRun = {
    run,
    state: 'listing',
    window,
    runsPerMonth,
    price: price ? { usdPerMetric: price.usdPerMetric, stated: price.stated } : null,
    begunAt: clock.time(),
    progressAt: clock.time(),
    shards: 0,
    notDue: 0,
    lanes: [{ from: 0, to: 0, busyUntil: clock.end }],
    spent,
    closingUntil: 0,
  };
  return (await ports.openRuns.put(open, version)) === 'stored';
}

/** Sends the continuation. What it needs must be stored, and released, before. */
export async function continueLater(
  { message, ports }: Pick<RunContext, 'message' | 'ports'>,
  progress: RunProgress,
  runner?: ShardRunner,
): Promise<RegionOutcome> {
  await ports.queue.send(message);
  return continued(progress, runner);
}

export function continued(progress: RunProgress, runner: ShardRunner | undefined): RegionOutcome {
  const { inspected = 0, recorded = 0 } = runner ?? {};
  return { kind: 'continued', progress, inspected, recorded };
}
