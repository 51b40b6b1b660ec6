/** Until when an alert fires that nobody sends again. */
import type { Scope } from '../model/series.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { nextFirings } from '../tenants/schedule.ts';

/** Inspections that may fail before an alert ends by itself. */
const RUNS_AHEAD = 2;

/** How long after its slot an inspection has recorded what it found, at the latest. */
const MARGIN_MS = 15 * 60_000;

/** It is renewed every quarter of an hour: one that fails must not end it. */
const LEAST_MS = 3_600_000;

/** Of accounts that are inspected once a month: the renewal does not depend on their inspections. */
const MOST_MS = 48 * 3_600_000;

/** @param scope Null where no host is concerned. @returns Epoch milliseconds. */
export function alertEnd({ accounts }: TenantConfig, scope: Scope | null, now: number): number {
  const account = accounts.find((one) => one.provider === scope?.provider && one.account === scope.account);
  const next = account && nextFirings(account.schedule, now, RUNS_AHEAD).at(-1);
  const end = next === undefined ? now : next + MARGIN_MS;
  return Math.min(Math.max(end, now + LEAST_MS), now + MOST_MS);
}
