/** Writes what a scheduled run changes in the health of its account and region. */
import type { ScopeHealth } from '../model/health.ts';
import type { Trigger } from '../model/message.ts';
import type { RunSummary } from '../model/run.ts';
import type { Scope } from '../model/series.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import { advanceHealth, type Overrun, overrunHealth } from './advance-health.ts';

/** Writes that are tried when another run of the same scope wins the race. */
const ATTEMPTS = 8;

export interface FinishedRun {
  readonly summary: RunSummary;
  /** What requested it: only a schedule's runs can be missed, and only they count. */
  readonly trigger: Trigger;
  /** Epoch milliseconds. */
  readonly finishedAt: number;
}

/**
 * Harmless when it is repeated. An item that cannot be read back is left as it is, and its run goes on: `watch` reports it.
 * Throws `StoreError` when the store fails, or others win every race.
 */
export async function recordHealth({ summary, trigger, finishedAt }: FinishedRun, store: HealthStore): Promise<void> {
  if (trigger !== 'schedule') return;
  await change(summary, store, (before) => advanceHealth(before, summary, finishedAt));
}

/** Counts a slot that was not inspected because an earlier run was still under way. As `recordHealth`. */
export async function recordOverrun(overrun: Overrun, now: number, store: HealthStore): Promise<void> {
  await change(overrun, store, (before) => overrunHealth(before, overrun, now));
}

async function change(
  { tenant, scope }: Pick<ScopeHealth, 'tenant' | 'scope'>,
  store: HealthStore,
  advance: (before: ScopeHealth | undefined) => ScopeHealth,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await readBack(store, tenant, scope);
    if (before === 'unreadable') return;
    const after = advance(before?.value);
    if (after === before?.value) return;
    if ((await store.put(after, before?.version ?? 0)) === 'stored') return;
  }
  throw new StoreError(
    `The health of ${scope.provider} ${scope.account} ${scope.region ?? ''} of tenant ${tenant} was changed by others ${ATTEMPTS} times in a row; the run is tried again.`,
  );
}

async function readBack(store: HealthStore, tenant: string, scope: Scope) {
  try {
    return await store.get(tenant, scope);
  } catch (error) {
    if (error instanceof ItemError) return 'unreadable';
    throw error;
  }
}
