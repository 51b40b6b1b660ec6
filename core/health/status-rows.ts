/** How each account and region of a tenant fares, for who looks: a pure calculation from configs, health and the time. */

import type { ScopeHealth, WatchState } from '../model/health.ts';
import type { AccountProvider } from '../model/series.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { nextFirings } from '../tenants/schedule.ts';
import { accountStatuses } from './account-status.ts';
import type { RegionStatus } from './region-status.ts';

/** In the order in which rows are shown: what needs a person comes first. */
export const STATES = [
  'overdue',
  'failing',
  'partial',
  'no hosts',
  'waiting',
  'ok',
  'disabled',
  'being deleted',
] as const;

/**
 * `overdue`: the last two slots were not inspected. `failing`: partial several times in a row. `partial`: the last time. `no hosts`:
 * nothing was there to inspect. `waiting`: not inspected yet, and not overdue. `disabled`: its account or tenant is.
 * `being deleted`: the deletion of its tenant has begun.
 */
export type State = (typeof STATES)[number];

export interface StatusRow {
  readonly tenant: string;
  readonly provider: AccountProvider;
  readonly account: string;
  readonly region: string;
  readonly state: State;
  /** Since when it is overdue, failing or partial, epoch milliseconds. */
  readonly since: number | null;
  /** Why, in words. */
  readonly message: string | null;
  readonly health: ScopeHealth | undefined;
  /** Epoch milliseconds; null where it is disabled or being deleted, or its schedule is never due again. */
  readonly nextRun: number | null;
}

export interface TenantFacts {
  readonly tenant: StoredTenant;
  readonly health: readonly ScopeHealth[];
  readonly watch: WatchState | undefined;
}

/** One row for each region of each account that is configured. @param now Epoch milliseconds. */
export function statusRows({ tenant, health, watch }: TenantFacts, now: number): StatusRow[] {
  const id = tenant.config.tenant;
  const enabled = accountStatuses(tenant, health, watch, now).flatMap(({ account, regions }) => {
    const [nextRun = null] = nextFirings(account.schedule, now, 1);
    const facts = { tenant: id, provider: account.provider, account: account.account, nextRun };
    return regions.map((region): StatusRow => ({ ...facts, ...regionFacts(region) }));
  });
  return [...enabled, ...disabledRows(tenant, health)];
}

function regionFacts(status: RegionStatus) {
  const { region, since, message, health } = status;
  const state = stateOf(status);
  return { region, since, message: state === 'no hosts' ? NO_HOSTS : message, health, state };
}

/** It looks like a region that is well, and may be one that nobody meant. */
const NO_HOSTS = 'no host shows: are the region and the filters of the config the right ones?';

function stateOf({ status, isFailing, health }: RegionStatus): State {
  switch (status) {
    case 'missed':
      return 'overdue';
    case 'partial':
      return isFailing ? 'failing' : 'partial';
    case 'waiting':
      return 'waiting';
    case 'complete':
      return health?.hosts.known === 0 ? 'no hosts' : 'ok';
  }
}

/** With what was seen last: nobody has inspected them since. */
function disabledRows({ config, deletion }: StoredTenant, health: readonly ScopeHealth[]): StatusRow[] {
  const accounts = config.accounts.filter(({ enabled }) => !config.enabled || !enabled);
  return accounts.flatMap(({ provider, account, regions }) =>
    regions.map((region) => ({
      tenant: config.tenant,
      provider,
      account,
      region,
      state: deletion === undefined ? ('disabled' as const) : ('being deleted' as const),
      since: null,
      message: null,
      health: health.find(
        ({ scope }) => scope.provider === provider && scope.account === account && scope.region === region,
      ),
      nextRun: null,
    })),
  );
}

/** Whether a person has to look. */
export function needsAttention({ state }: StatusRow): boolean {
  return state === 'overdue' || state === 'failing';
}

/** Overdue and failing first, of these the longest first; then by name. */
export function compareRows(a: StatusRow, b: StatusRow): number {
  const rank = STATES.indexOf(a.state) - STATES.indexOf(b.state);
  if (rank !== 0) return rank;
  const since = (a.since ?? Number.POSITIVE_INFINITY) - (b.since ?? Number.POSITIVE_INFINITY);
  return (Number.isNaN(since) ? 0 : since) || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function nameOf({ tenant, provider, account, region }: StatusRow): string {
  return [tenant, provider, account, region].join('\0');
}
