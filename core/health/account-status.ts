/** Whether the inspections of a tenant's accounts happen: for who is notified of it, and for who looks. Pure. */
import type { ScopeHealth, WatchedAccount, WatchState } from '../model/health.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { type DueSlots, dueSlotsAt, type RegionStatus, regionStatus, scheduleText } from './region-status.ts';

/** An account that is inspected, with its regions. */
export interface AccountStatus {
  readonly account: Account;
  readonly watched: WatchedAccount;
  readonly regions: readonly RegionStatus[];
}

/** The enabled accounts of an enabled tenant. What is enabled again is expected anew, from when its config was put. */
export function accountStatuses(
  { config, putAt }: StoredTenant,
  health: readonly ScopeHealth[],
  before: WatchState | undefined,
  now: number,
): AccountStatus[] {
  if (!config.enabled) return [];
  const known = new Map(before?.accounts.map((watched) => [accountKey(watched), watched]));
  const healthOf = Map.groupBy(health, ({ scope }) => accountKey(scope));
  const dueSlots = dueSlotsAt(now);
  // A tenant that is watched for the first time may have been configured by a version that kept no health.
  const since = before === undefined ? now : putAt;
  return config.accounts
    .filter(({ enabled }) => enabled)
    .map((account) => {
      const watched = watchedAccount(account, known.get(accountKey(account)), since);
      const regions = regionStatuses(account, healthOf.get(accountKey(account)) ?? [], {
        since: watched.expectedSince,
        due: dueSlots(account.schedule),
      });
      return { account, watched, regions };
    });
}

/** A config that is put again leaves what is expected as it is, unless the schedule or the regions are others. */
function watchedAccount(
  { provider, account, schedule, regions }: Account,
  before: WatchedAccount | undefined,
  since: number,
): WatchedAccount {
  const expectation = `${scheduleText(schedule)} ${checksum(regions.toSorted().join())}`;
  if (before?.expectation === expectation) return before;
  const { failingSince = null, stoppedReportedOn = null } = before ?? {};
  return { provider, account, expectation, expectedSince: since, failingSince, stoppedReportedOn };
}

function regionStatuses(
  account: Account,
  health: readonly ScopeHealth[],
  expected: { readonly since: number; readonly due: DueSlots | undefined },
): RegionStatus[] {
  const byRegion = new Map(health.map((scope) => [scope.scope.region, scope]));
  return account.regions.map((region) => regionStatus(region, byRegion.get(region), { account, ...expected }));
}

/** FNV-1a in 32 bits: the names of a thousand accounts' regions would be too much to remember. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Of an account among those of its tenant. */
export function accountKey({ provider, account }: { readonly provider: string; readonly account: string }): string {
  return `${provider} ${account}`;
}
