/**
 * Whom to notify about inspections that do not happen. Pure: from a config, the health of its regions, what the tenant was notified of
 * and the time follow the events that are due. What was published is remembered afterwards, by `remember`.
 */
import type { ScopeHealth, WatchedAccount, WatchState } from '../model/health.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { type AccountStatus, accountStatuses } from './account-status.ts';
import { aliveEvent, dayOf, failedEvent, restoredEvent, stoppedEvent } from './compose-service-event.ts';
import type { RegionStatus } from './region-status.ts';

export interface Assessment {
  /** What is due to be published, in this order. */
  readonly events: readonly ServiceEvent[];
  /** What is known before any of it was published: accounts that are new are expected from now on. */
  readonly state: WatchState;
  readonly accounts: readonly AccountStatus[];
}

/** @param now Epoch milliseconds. */
export function assess(
  tenant: StoredTenant,
  health: readonly ScopeHealth[],
  before: WatchState | undefined,
  now: number,
): Assessment {
  if (!tenant.config.enabled) {
    return { events: [], state: before ?? { accounts: [], aliveOn: null }, accounts: [] };
  }
  const accounts = accountStatuses(tenant, health, before, now);
  const id = tenant.config.tenant;
  const events = accounts.flatMap((status) => accountEvents(id, status, now));
  const isAliveDue = before?.aliveOn !== dayOf(now);
  return {
    events: isAliveDue ? [...events, aliveEvent(id, accounts, now)] : events,
    state: { accounts: accounts.map(({ watched }) => watched), aliveOn: before?.aliveOn ?? null },
    accounts,
  };
}

/** What is known after these events were published. */
export function remember(state: WatchState, published: readonly ServiceEvent[]): WatchState {
  return published.reduce(rememberEvent, state);
}

function rememberEvent(state: WatchState, { data }: ServiceEvent): WatchState {
  if (data.kind === 'alive') return { ...state, aliveOn: data.day };
  const isSame = (watched: WatchedAccount) => watched.provider === data.provider && watched.account === data.account;
  const accounts = state.accounts.map((watched) => (isSame(watched) ? { ...watched, ...learned(data) } : watched));
  return { ...state, accounts };
}

function learned(data: Exclude<ServiceEvent['data'], { kind: 'alive' }>): Partial<WatchedAccount> {
  switch (data.kind) {
    case 'inspection_failed':
      return { failingSince: Date.parse(data.since) };
    case 'inspection_restored':
      return { failingSince: null };
    case 'agents_stopped':
      return { stoppedReportedOn: data.day };
  }
}

function accountEvents(tenant: string, status: AccountStatus, now: number): ServiceEvent[] {
  const { watched, regions } = status;
  const events: ServiceEvent[] = [];
  if (watched.failingSince === null && regions.some(({ isFailing }) => isFailing)) {
    events.push(failedEvent(tenant, status, now));
  }
  if (watched.failingSince !== null && isOver(regions, watched.failingSince)) {
    events.push(restoredEvent(tenant, status, watched.failingSince, now));
  }
  const stopped = regions.some((region) => (region.status === 'missed' ? 0 : (region.health?.stopped.count ?? 0)) > 0);
  if (stopped && watched.stoppedReportedOn !== dayOf(now)) events.push(stoppedEvent(tenant, status, now));
  return events;
}

/** Whether every region was inspected completely since its account began to fail. */
function isOver(regions: readonly RegionStatus[], failingSince: number): boolean {
  return regions.every(({ status, health }) => status === 'complete' && (health?.slot ?? 0) >= failingSince);
}
