/** What was logged of a slot before: messages come twice, or late. */
import type { RunSummary } from '../model/run.ts';
import type { Window } from '../model/series.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { RunContext } from './run-context.ts';

/** The entry of the same slot; undefined where there is none that can be read back, and of a run on demand, which is not logged. */
export async function earlierRun({ run, ports }: Pick<RunContext, 'run' | 'ports'>): Promise<RunSummary | undefined> {
  const { tenant, scope, trigger, scheduledTime } = run;
  if (trigger !== 'schedule') return undefined;
  try {
    const [newest] = await ports.runs.newest(tenant, scope, 1, scheduledTime);
    return newest?.scheduledTime === scheduledTime ? newest : undefined;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}

/**
 * The end of what the last run of the schedule before this one evaluated, epoch milliseconds. Undefined where there was none, and where it is not
 * known: the table may fail, which costs reads of consumers and no verdict.
 */
export async function lastInspection(
  { tenant, scope, scheduledTime }: RunContext['run'],
  window: Window,
  { runs }: Pick<RunContext['ports'], 'runs'>,
): Promise<number | undefined> {
  try {
    const [last] = await runs.newest(tenant, scope, 1, scheduledTime - 1);
    return last && window.end - (scheduledTime - last.scheduledTime);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

/** Whether a run leaves more out than an earlier one of its slot: then it does not replace it. */
export function isWorse(run: RunSummary, earlier: RunSummary): boolean {
  if (run.outcome === 'complete') return false;
  return earlier.outcome === 'complete' || run.hosts.inspected < earlier.hosts.inspected;
}
