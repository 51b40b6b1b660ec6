/**
 * Whom to notify about inspections that do not happen. Pure: from a config, the health of its regions, what the tenant was notified of
 * and the time follow the events that are due. What was published is remembered afterwards, by `remember`.
 */
import type { ScopeHealth, WatchedAccount, WatchState } from '../model/health.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { type AccountStatus, accountKey, accountStatuses } from './account-status.ts';
import {
  aliveEvent,
  dayOf,
  type FailureEnd,
  failedEvent,
  restoredEvent,
  stoppedEvent,
} from './compose-service-event.ts';
import type { RegionStatus } from './region-status.ts';
import { shadowOf, withSummary } from './shadow.ts';

export interface Assessment {
  /** What is due to be published, in this order. */
  readonly events: readonly ServiceEvent[];
  /**
   * What is known before any of it was published: accounts that are new are expected from now on, and those that are disabled or
   * removed are forgotten, so that they are new when they come back.
   */
  readonly state: WatchState;
  readonly accounts: readonly AccountStatus[];
}

/** The expectation of an account that is not inspected any more, while its tenant is still to be notified that a failure is over. */
const NOTHING_EXPECTED = 'none';

/** @param now Epoch milliseconds. */
export function assess(
  tenant: StoredTenant,
  health: readonly ScopeHealth[],
  before: WatchState | undefined,
  now: number,
): Assessment {
  const { tenant: id, enabled } = tenant.config;
  const accounts = accountStatuses(tenant, health, before, now);
  const ended = endedFailures(accounts, before);
  const shadow = shadowOf(tenant, before?.shadow);
  const isAliveDue = enabled && before?.aliveOn !== dayOf(now);
  return {
    events: [
      ...accounts.flatMap((status) => accountEvents(id, status, now)),
      ...ended.flatMap((watched) => endEvents(id, watched, 'disabled', now)),
      ...(isAliveDue ? [aliveEvent(id, accounts, now)] : []),
    ],
    state: {
      accounts: [...accounts.map(({ watched }) => watched), ...ended],
      aliveOn: before?.aliveOn ?? null,
      ...(shadow && { shadow }),
      ...(before?.digestTo !== undefined && { digestTo: before.digestTo }),
    },
    accounts,
  };
}

/** Accounts that were disabled or removed, of whose failure their tenant was notified: they are known until it is notified of the end. */
function endedFailures(accounts: readonly AccountStatus[], before: WatchState | undefined): WatchedAccount[] {
  const inspected = new Set(accounts.map(({ account }) => accountKey(account)));
  const ended = (before?.accounts ?? []).filter(
    (watched) => watched.failingSince !== null && !inspected.has(accountKey(watched)),
  );
  return ended.map((watched) => ({ ...watched, expectation: NOTHING_EXPECTED }));
}

function endEvents(tenant: string, watched: WatchedAccount, why: FailureEnd, now: number): ServiceEvent[] {
  if (watched.failingSince === null) return [];
  return [restoredEvent(tenant, { account: watched, since: watched.failingSince, why }, now)];
}

/** What is known after these events were published. */
export function remember(state: WatchState, published: readonly ServiceEvent[]): WatchState {
  return published.reduce(rememberEvent, state);
}

function rememberEvent(state: WatchState, { data }: ServiceEvent): WatchState {
  if (data.kind === 'alive') return { ...state, aliveOn: data.day };
  if (data.kind === 'digest') return { ...state, digestTo: Date.parse(data.to) };
  if (data.kind === 'shadow_summary') return withSummary(state, Date.parse(data.to));
  // What a cost cap leads to and what the relay reports are kept apart.
  if (!('account' in data)) return state;
  const isSame = (watched: WatchedAccount) => watched.provider === data.provider && watched.account === data.account;
  const accounts = state.accounts.map((watched) => (isSame(watched) ? { ...watched, ...learned(data) } : watched));
  return { ...state, accounts: accounts.filter((watched) => !isForgotten(watched)) };
}

function isForgotten({ expectation, failingSince }: WatchedAccount): boolean {
  return expectation === NOTHING_EXPECTED && failingSince === null;
}

function learned(data: Extract<ServiceEvent['data'], { account: string }>): Partial<WatchedAccount> {
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
  if (watched.failingSince === null && regions.some((region) => isFailingAnew(region, watched))) {
    events.push(failedEvent(tenant, status, now));
  }
  if (watched.failingSince !== null && isOver(regions, watched.failingSince)) {
    events.push(...endEvents(tenant, watched, 'complete', now));
  }
  const stopped = regions.some((region) => (region.status === 'missed' ? 0 : (region.health?.stopped.count ?? 0)) > 0);
  if (stopped && watched.stoppedReportedOn !== dayOf(now)) events.push(stoppedEvent(tenant, status, now));
  return events;
}

/** What was partial before its account was disabled is not failing when it is enabled again: it is about to be inspected. */
function isFailingAnew({ isFailing, status, health }: RegionStatus, { expectedSince }: WatchedAccount): boolean {
  return isFailing && (status === 'missed' || (health?.slot ?? 0) >= expectedSince);
}

/** Whether every region was inspected completely since its account began to fail. */
function isOver(regions: readonly RegionStatus[], failingSince: number): boolean {
  return regions.every(({ status, health }) => status === 'complete' && (health?.slot ?? 0) >= failingSince);
}
