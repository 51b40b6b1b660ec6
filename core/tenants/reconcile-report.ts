/** What a reconcile did, small enough for a log line. */
import { SchedulerError } from '../ports/errors.ts';

/** Names and messages that a report holds of each kind: the rest is a number. */
const NAMED = 5;

export interface Named {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly string[];
}

export interface ReconcileReport {
  /** Tenants that were compared with their schedules. */
  readonly tenants: number;
  /** Schedules that their configs stand for. */
  readonly schedules: number;
  /** `tenant/provider/account` of schedules that were missing and were put. */
  readonly put: Named;
  /** Names of schedules that had no config and were removed. */
  readonly removed: Named;
  /** Messages about what failed. The rest was done nevertheless. */
  readonly failed: Named;
  /** What was left because the time was nearly over: schedules, and tenants that were not compared. */
  readonly left: Named;
}

/** A report in the making. */
export interface Tally {
  tenants: number;
  schedules: number;
  readonly put: string[];
  readonly removed: string[];
  readonly failed: string[];
  readonly left: string[];
}

export function createTally(): Tally {
  return { tenants: 0, schedules: 0, put: [], removed: [], failed: [], left: [] };
}

export function reportOf({ tenants, schedules, put, removed, failed, left }: Tally): ReconcileReport {
  return { tenants, schedules, put: named(put), removed: named(removed), failed: named(failed), left: named(left) };
}

function named(names: readonly string[]): Named {
  return { count: names.length, first: names.slice(0, NAMED) };
}

/**
 * Throws `SchedulerError` where something failed or was left, so that whoever runs the function runs it again: what was done is not
 * done twice.
 */
export function requireComplete({ failed, left }: ReconcileReport): void {
  if (failed.count === 0 && left.count === 0) return;
  const problems = [
    failed.count > 0 ? `${failed.count} failed: ${failed.first.join('; ')}` : '',
    left.count > 0 ? `${left.count} were left because the time was nearly over: ${left.first.join(', ')}` : '',
  ];
  throw new SchedulerError(
    `Not all schedules are as the configs have them. ${problems.filter(Boolean).join('. ')}. The next run goes on with these.`,
  );
}
