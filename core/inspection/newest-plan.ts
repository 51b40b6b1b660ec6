/**
 * The hosts of a large region as its newest run has listed them: to list a hundred thousand hosts again for the sake of one takes longer
 * than a person waits.
 */
import pLimit from 'p-limit';
import type { OpenRun } from '../model/open-run.ts';
import type { Scope } from '../model/series.ts';
import { ItemError } from '../ports/errors.ts';
import type { PlannedHost } from '../ports/memory-source.ts';
import type { OpenRunStore } from '../ports/open-run-store.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { findShard } from './plan-run.ts';

export interface PlanPorts {
  readonly openRuns: Pick<OpenRunStore, 'get'>;
  readonly work: Pick<WorkStore, 'get'>;
}

export interface NewestPlan {
  readonly hosts: readonly PlannedHost[];
  /** Whether no host of the region is missing: those whose turn it was not are in no plan. */
  readonly isComplete: boolean;
}

/** An older plan is of another fleet. */
const MOST_AGE_MS = 24 * 3_600_000;

/** Objects that are read at once. */
const AT_ONCE = 8;

/** Undefined of a region without a plan: one shard of hosts is listed in a few requests. Throws `StoreError` when a store fails. */
export async function newestPlan(
  { tenant, scope }: { readonly tenant: string; readonly scope: Scope },
  { openRuns, work }: PlanPorts,
  now: number,
): Promise<NewestPlan | undefined> {
  const open = await plannedRun(openRuns, tenant, scope);
  if (open === undefined || now - open.run.scheduledTime > MOST_AGE_MS) return undefined;
  const limit = pLimit(AT_ONCE);
  const numbers = Array.from({ length: open.shards }, (_, number) => number);
  const shards = await Promise.all(numbers.map((number) => limit(() => findShard(open.run, number, work))));
  return {
    hosts: shards.flatMap((shard) => shard?.hosts ?? []),
    isComplete: open.notDue === 0 && shards.every((shard) => shard !== undefined),
  };
}

/** A run that cannot be read back is no plan: the hosts are then listed. */
async function plannedRun(openRuns: PlanPorts['openRuns'], tenant: string, scope: Scope): Promise<OpenRun | undefined> {
  try {
    const open = (await openRuns.get({ tenant, scope, request: null }))?.value;
    return open === undefined || open.state === 'listing' || open.shards === 0 ? undefined : open;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
