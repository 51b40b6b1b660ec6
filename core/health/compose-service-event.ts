/** Writes the events about inspections. Ids are deterministic: what is published twice has one id. */

import { cadenceText, jobCadenceText } from '../messages/cadence.ts';
import { clip } from '../messages/plain-text.ts';
import { formatTime } from '../messages/times.ts';
import { counted, formatUsd } from '../messages/units.ts';
import type { FailingJob } from '../model/health.ts';
import { isoText, roundFigure } from '../model/notation.ts';
import {
  type FailedRegion,
  SERVICE_EVENTS,
  type ServiceEvent,
  type ServiceEventData,
  type ServiceEventKind,
  serviceEvent,
} from '../model/service-event.ts';
import type { Account } from '../model/tenant.ts';
import { nextFirings } from '../tenants/schedule.ts';
import type { AccountStatus } from './account-status.ts';
import { type CapStep, compareSteps, isSameStep } from './cap-steps.ts';
import type { SpendProjection } from './project-spend.ts';
import { type RegionStatus, scheduleText } from './region-status.ts';

/** Hosts that stopped reporting which an event names. */
const HOSTS_NAMED = 5;

/** Jobs that fail which an event names, and characters of the reason of one. */
const JOBS_NAMED = 10;
const MESSAGE_LENGTH = 500;

/** Inspections that are due next which an event lists. */
const NEXT_LISTED = 10;

type AccountName = Pick<Account, 'provider' | 'account'>;

type DataOf<Kind extends ServiceEventKind> = Extract<ServiceEventData, { kind: Kind }>;

/** The day of a time in UTC: `2026-11-29`. */
export function dayOf(epochMs: number): string {
  return isoText(epochMs).slice(0, 10);
}

export function failedEvent(tenant: string, { account, watched, regions }: AccountStatus, now: number): ServiceEvent {
  const failing = regions.filter(({ isFailing }) => isFailing);
  const since = Math.max(watched.expectedSince, Math.min(...failing.map((region) => region.since ?? now)));
  const data: DataOf<'inspection_failed'> = {
    kind: 'inspection_failed',
    ...sharedFacts(tenant, 'inspection_failed'),
    summary: `Inspections of ${nameOf(account)} fail since ${formatTime(since)} in ${failing.length} of ${counted(regions.length, 'region')}`,
    ...locationOf(account),
    since: isoText(since),
    regionsConfigured: regions.length,
    regions: failing.map((region) => failedRegion(region, now)),
  };
  return accountEvent(account, data, data.since, now);
}

function failedRegion({ region, status, since, message }: RegionStatus, now: number): FailedRegion {
  return {
    region,
    status: status === 'missed' ? 'missed' : 'partial',
    since: isoText(since ?? now),
    message: message ?? '',
  };
}

/** Why a failure is over: the account was inspected completely, or it is not inspected any more. */
export type FailureEnd = 'complete' | 'disabled';

const END_TEXT: Readonly<Record<FailureEnd, string>> = {
  complete: 'are complete again',
  disabled: 'no longer fail: it was disabled or removed',
};

export interface EndedFailure {
  readonly account: AccountName;
  /** Of the failure, epoch milliseconds. */
  readonly since: number;
  readonly why: FailureEnd;
}

export function restoredEvent(tenant: string, { account, since, why }: EndedFailure, now: number): ServiceEvent {
  const data: DataOf<'inspection_restored'> = {
    kind: 'inspection_restored',
    ...sharedFacts(tenant, 'inspection_restored'),
    summary: `Inspections of ${nameOf(account)} ${END_TEXT[why]}`,
    ...locationOf(account),
    since: isoText(since),
  };
  return accountEvent(account, data, data.since, now);
}

export function stoppedEvent(tenant: string, { account, regions }: AccountStatus, now: number): ServiceEvent {
  const stopped = regions.flatMap(({ status, health }) => (status === 'missed' || !health ? [] : [health.stopped]));
  const hosts = stopped.reduce((sum, { count }) => sum + count, 0);
  const data: DataOf<'agents_stopped'> = {
    kind: 'agents_stopped',
    ...sharedFacts(tenant, 'agents_stopped'),
    summary: `${counted(hosts, 'host')} of ${nameOf(account)} stopped reporting memory`,
    ...locationOf(account),
    day: dayOf(now),
    hosts,
    first: stopped.flatMap(({ first }) => first).slice(0, HOSTS_NAMED),
  };
  return accountEvent(account, data, data.day, now);
}

export interface CadenceChange extends CapStep {
  readonly tenant: string;
  /** As the tenant was last notified. */
  readonly before: CapStep;
  /** US dollars; null where the cap was removed. */
  readonly capUsd: number | null;
  readonly projection: Pick<SpendProjection, 'month' | 'spent'>;
  /** US dollars at the end of the month. */
  readonly projected: number;
  /** US dollars that the month will be above the cap; 0 where it will not. */
  readonly exceedsBy: number;
  /** The number of the change: what is published twice has one. */
  readonly report: number;
}

/** Of a cadence that a cost cap changed. Where it stays and the cap will be exceeded, the event of that day. */
export function cadenceEvent(change: CadenceChange, now: number): ServiceEvent {
  const { tenant, before, quietHours, jobs, capUsd, projection, exceedsBy, report } = change;
  // Where jobs cost nothing any more, quiet hosts may be slowed down in their stead: that is no room.
  const isFaster = compareSteps(change, before) < 0 && quietHours <= before.quietHours;
  const kind = isFaster ? 'cadence_restored' : 'cadence_reduced';
  const data: DataOf<'cadence_reduced'> | DataOf<'cadence_restored'> = {
    kind,
    ...sharedFacts(tenant, kind),
    summary: cadenceSummary(change),
    day: dayOf(now),
    month: projection.month,
    quietHours,
    quietHoursBefore: before.quietHours,
    jobs,
    jobsBefore: before.jobs,
    capUsd,
    spentUsd: roundFigure(projection.spent),
    projectedUsd: roundFigure(change.projected),
    exceedsUsd: roundFigure(exceedsBy),
  };
  const when = isSameStep(change, before)
    ? `exceeded/${data.day}`
    : `${report}-${quietHours}h${jobs === 0 ? '' : `-jobs-${jobs}`}`;
  return serviceEvent(data, { source: `/plimsoll/${tenant}`, subject: tenant, id: `${tenant}/${kind}/${when}`, now });
}

/** Short: it is the subject of an email. */
function cadenceSummary(change: CadenceChange): string {
  const { tenant, before, capUsd, exceedsBy } = change;
  const projected = formatUsd(change.projected);
  const above = `${formatUsd(exceedsBy)} above the cap`;
  if (isSameStep(change, before)) return `The reads of ${tenant} will cost ${projected} this month, ${above}`;
  const cadence = changeText(change);
  if (capUsd === null) return `${cadence}: its cost cap was removed`;
  if (exceedsBy > 0) return `${cadence}, and the month will be ${above} all the same`;
  return `${cadence}: ${projected} of at most ${formatUsd(capUsd)} this month`;
}

/** What the tenant is not notified of yet. */
function changeText({ tenant, quietHours, jobs, before }: CadenceChange): string {
  const ofJobs = jobCadenceText(jobs);
  if (quietHours === before.quietHours) return `Jobs of ${tenant} are ${ofJobs}`;
  const ofHosts = `Quiet hosts of ${tenant} are inspected ${cadenceText(quietHours)}`;
  return jobs === before.jobs ? ofHosts : `${ofHosts}, and its jobs are ${ofJobs}`;
}

export function jobsFailedEvent(
  tenant: string,
  { since, jobs }: { readonly since: number; readonly jobs: readonly FailingJob[] },
  now: number,
): ServiceEvent {
  const data: DataOf<'jobs_failed'> = {
    kind: 'jobs_failed',
    ...sharedFacts(tenant, 'jobs_failed'),
    summary: `${counted(jobs.length, 'job')} of ${tenant} ${jobs.length === 1 ? 'inspects' : 'inspect'} nothing since ${formatTime(since)}`,
    since: isoText(since),
    failing: jobs.length,
    jobs: jobs.slice(0, JOBS_NAMED).map(({ job, scope, state, message }) => {
      const { provider, account, region } = scope;
      return { job, provider, account, region, state, message: clip(message, MESSAGE_LENGTH) };
    }),
  };
  return jobsEvent(tenant, data, now);
}

export function jobsRestoredEvent(tenant: string, since: number, now: number): ServiceEvent {
  const data: DataOf<'jobs_restored'> = {
    kind: 'jobs_restored',
    ...sharedFacts(tenant, 'jobs_restored'),
    summary: `Jobs of ${tenant} no longer fail`,
    since: isoText(since),
  };
  return jobsEvent(tenant, data, now);
}

function jobsEvent(tenant: string, data: DataOf<'jobs_failed' | 'jobs_restored'>, now: number): ServiceEvent {
  const id = `${tenant}/${data.kind}/${data.since}`;
  return serviceEvent(data, { source: `/plimsoll/${tenant}`, subject: tenant, id, now });
}

export function aliveEvent(tenant: string, accounts: readonly AccountStatus[], now: number): ServiceEvent {
  const all = accounts.flatMap(({ regions }) => regions);
  const regions = { complete: 0, partial: 0, missed: 0, waiting: 0 };
  for (const { status } of all) regions[status]++;
  const { hosts, ...covered } = coverageOf(accounts);
  const data: DataOf<'alive'> = {
    kind: 'alive',
    ...sharedFacts(tenant, 'alive'),
    summary: `Plimsoll is alive: ${regions.complete} of ${counted(all.length, 'region')} inspected completely, ${hosts.inspected} of ${counted(hosts.known, 'host')}`,
    day: dayOf(now),
    accounts: covered.accounts,
    regions,
    hosts,
    leaking: all.reduce((sum, { health }) => sum + (health?.leaking ?? 0), 0),
    costPerMonth: all.reduce((sum, { health }) => sum + (health?.cost.perMonth ?? 0), 0),
    next: nextInspections(accounts, now),
  };
  return serviceEvent(data, { source: `/plimsoll/${tenant}`, subject: tenant, id: `${tenant}/alive/${data.day}`, now });
}

/** What the newest inspections covered. */
export function coverageOf(accounts: readonly AccountStatus[]): Pick<DataOf<'digest'>, 'accounts' | 'hosts'> {
  const hosts = { known: 0, inspected: 0, notMonitored: 0, unreadable: 0 };
  for (const { health } of accounts.flatMap(({ regions }) => regions)) {
    hosts.known += health?.hosts.known ?? 0;
    hosts.inspected += health?.hosts.inspected ?? 0;
    hosts.notMonitored += health?.hosts.notMonitored ?? 0;
    hosts.unreadable += health?.hosts.unreadable ?? 0;
  }
  const failing = accounts.filter((account) => account.regions.some(({ isFailing }) => isFailing)).length;
  return { accounts: { enabled: accounts.length, failing }, hosts };
}

function nextInspections(accounts: readonly AccountStatus[], now: number): DataOf<'alive'>['next'] {
  const known = new Map<string, number | undefined>();
  const next = accounts.flatMap(({ account }) => {
    const key = scheduleText(account.schedule);
    if (!known.has(key)) known.set(key, nextFirings(account.schedule, now, 1)[0]);
    const at = known.get(key);
    return at === undefined ? [] : [{ ...locationOf(account), at }];
  });
  const soonest = next.toSorted((a, b) => a.at - b.at).slice(0, NEXT_LISTED);
  return soonest.map((inspection) => ({ ...inspection, at: isoText(inspection.at) }));
}

function accountEvent(account: AccountName, data: ServiceEventData, when: string, now: number): ServiceEvent {
  const location = [data.tenant, account.provider, encodeURIComponent(account.account)].join('/');
  return serviceEvent(data, {
    source: `/plimsoll/${location}`,
    subject: account.account,
    id: `${location}/${data.kind}/${when}`,
    now,
  });
}

function sharedFacts(tenant: string, kind: ServiceEventKind) {
  return { tenant, severity: SERVICE_EVENTS[kind].severity };
}

function locationOf({ provider, account }: AccountName) {
  return { provider, account };
}

function nameOf({ provider, account }: AccountName): string {
  return `${provider} ${account}`;
}
