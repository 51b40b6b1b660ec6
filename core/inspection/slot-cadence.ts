/** Reads what decides which hosts of an account and region are due at a slot: the config, the tenant's cost cap, and the last runs. */
import type { QuietHours } from '../model/cadence.ts';
import type { RunSummary } from '../model/run.ts';
import type { RunHead } from '../model/run-head.ts';
import type { Scope } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { ResultsStore } from '../ports/results-store.ts';
import type { RunLog } from '../ports/run-log.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { isThorough, quietHoursOf, recentRuns, type SlotCadence } from './cadence.ts';

export interface CadencePorts {
  readonly spend: SpendStore;
  readonly runs: RunLog;
  readonly results: ResultsStore;
}

export interface SlotOf {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly scope: Scope;
  /** Epoch milliseconds: the slot's scheduled time. */
  readonly slot: number;
}

/**
 * Runs that are looked at: those of four hours that are due every 15 minutes. Older ones are no base for quiet hosts that are inspected every
 * four hours.
 */
const RUNS_READ = 16;

/**
 * The cadence of a run of the schedule, but for the hosts with an incident and those that are known. What cannot be read back makes every host due: it costs one run at
 * the full price, and so does a bucket that fails. Throws `StoreError` when the table fails.
 */
export async function slotCadence(
  { tenant, account, scope, slot }: SlotOf,
  ports: CadencePorts,
): Promise<Omit<SlotCadence, 'withIncident' | 'known'>> {
  const quietHours = quietHoursOf(tenant.config, account, await cappedHours(tenant, ports.spend));
  if (quietHours === 0) return { slot, quietHours, recent: undefined };
  const heads: RunHead[] = [];
  for (const run of await runsBefore(tenant.config.tenant, scope, slot, ports.runs)) {
    const head = await headOf(run, ports.results);
    if (head === undefined) continue;
    heads.push(head);
    if (isThorough(head)) break;
  }
  return { slot, quietHours, recent: recentRuns(heads, Math.max(tenant.putAt, tenant.defaultsPutAt ?? 0)) };
}

async function cappedHours({ config }: StoredTenant, spend: SpendStore): Promise<QuietHours> {
  if (config.costCap === undefined) return 0;
  const cap = await unlessCorrupt(spend.getCap(config.tenant));
  return cap?.value.quietHours ?? 0;
}

/** Whether the tenant’s cost cap puts deep reads off: the first thing that it saves. Throws `StoreError`. */
export async function isDeepReadPutOff({ config }: StoredTenant, spend: SpendStore): Promise<boolean> {
  if (config.costCap === undefined) return false;
  const cap = await unlessCorrupt(spend.getCap(config.tenant));
  return cap?.value.deepReadsOff ?? false;
}

async function runsBefore(tenant: string, scope: Scope, slot: number, runs: RunLog): Promise<readonly RunSummary[]> {
  return (await unlessCorrupt(runs.newest(tenant, scope, RUNS_READ, slot - 1))) ?? [];
}

/** An inspection does not wait for the bucket: without heads it reads every host. */
async function headOf({ tenant, scope, scheduledTime }: RunSummary, results: ResultsStore) {
  try {
    return await results.head({ tenant, scope, scheduledTime, trigger: 'schedule', request: null });
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

async function unlessCorrupt<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
