/** Closes runs that make no progress any more: their messages are dead, or their account is not inspected any more. */
import type { OpenRun } from '../model/open-run.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { closeOpenRun } from './close-open-run.ts';
import { type Clock, clockOf, type Deadline, reserveMs } from './deadline.ts';
import type { MergedRun } from './merge-shards.ts';
import type { ClosePorts } from './region-run.ts';
import { changeOpenRun, finishedShards, lastProgress } from './run-progress.ts';

/** Longer than a message takes to come again four times, so that nobody works on the run any more. */
const STALE_MS = 2 * 3_600_000;

export interface StaleRunPorts extends ClosePorts {
  readonly configs: Pick<ConfigStore, 'get'>;
}

export interface StaleRuns {
  /** Runs that are not closed, of all tenants, before any was. */
  readonly open: number;
  readonly closed: readonly MergedRun[];
  /** Runs of tenants and accounts that are gone or disabled: nothing is written of them. */
  readonly dropped: number;
  /** What kept runs from being read or closed. They are tried again. */
  readonly failures: readonly { readonly run: RunRef | null; readonly error: unknown }[];
}

/** Nothing is thrown: one run that cannot be closed keeps no other open. */
export async function closeStaleRuns(ports: StaleRunPorts, deadline: Deadline): Promise<StaleRuns> {
  const clock = clockOf(deadline);
  const failures: { run: RunRef | null; error: unknown }[] = [];
  const closed: MergedRun[] = [];
  let [open, dropped] = [0, 0];
  try {
    for await (const { value } of ports.openRuns.list()) {
      open++;
      if (clock.remainingMs() < reserveMs(clock, 'record')) continue;
      try {
        const outcome = await closeIfStale(value, ports, clock);
        if (outcome === 'dropped') dropped++;
        else if (outcome !== undefined) closed.push(outcome);
      } catch (error) {
        failures.push({ run: value.run, error });
      }
    }
  } catch (error) {
    failures.push({ run: null, error });
  }
  return { open, closed, dropped, failures };
}

async function closeIfStale(
  open: OpenRun,
  ports: StaleRunPorts,
  clock: Clock,
): Promise<MergedRun | 'dropped' | undefined> {
  const { run } = open;
  const now = clock.time();
  // Its shards are read only where the record itself is old.
  if (now - lastProgress(open, [], now) < STALE_MS) return undefined;
  const finished = await finishedShards(open, ports.shards);
  if (now - lastProgress(open, finished, now) < STALE_MS) return undefined;
  if (await isInspected(run, ports)) {
    const outcome = await closeOpenRun(run, ports, clock);
    return outcome.kind === 'closed' ? outcome.run : undefined;
  }
  await changeOpenRun(run, ports.openRuns, (current) => ({ ...current, state: 'closed' }));
  return 'dropped';
}

/** Whether the tenant and the account are there and enabled. Else nobody expects the run, and it is no failure. */
async function isInspected({ tenant, scope }: RunRef, { configs }: StaleRunPorts): Promise<boolean> {
  const stored = await configs.get(tenant);
  if (!stored?.config.enabled) return false;
  return stored.config.accounts.some(
    ({ provider, account, enabled }) => enabled && provider === scope.provider && account === scope.account,
  );
}
