/** What a request stands for under a tenant's config: accounts, regions, and when the inspection was due. Pure. */
import { MOST_REGIONS } from '../model/inspection-result.ts';
import {
  CLOCK_SKEW_MS,
  type InspectionRequest,
  type InspectMessage,
  type Trigger,
  triggerOf,
} from '../model/message.ts';
import { isoText } from '../model/notation.ts';
import { PROVIDER_NAMES } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { slotOfMessage } from '../tenants/schedule.ts';

/** One account of a request. */
export interface RequestedAccount {
  readonly account: Account;
  /** In the order of the config. */
  readonly regions: readonly string[];
  /** Epoch milliseconds: when the inspection was due. */
  readonly scheduledTime: number;
}

export interface SetAside {
  readonly regions: readonly string[];
  readonly reason: string;
}

/** Nothing is inspected, and nothing is wrong. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly reason: string;
}

/** A person has to look at the request: nothing was read for it. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

export type NotInspected = Skipped | Refused;

export interface Resolved {
  readonly kind: 'resolved';
  readonly tenant: StoredTenant;
  readonly trigger: Trigger;
  readonly accounts: readonly RequestedAccount[];
  /** Requested regions that no account has. */
  readonly setAside: SetAside | undefined;
}

export interface RequestTimes {
  /** Epoch milliseconds: when the request was sent, the same on every delivery. */
  readonly sentAt: number;
  readonly now: number;
}

/** Unknown regions that a reason names. */
const NAMES_LISTED = 10;

/** @param tenant As it is configured; undefined where it is not. */
export function resolveRequest(
  request: InspectionRequest,
  tenant: StoredTenant | undefined,
  times: RequestTimes,
): Resolved | NotInspected {
  const early = aheadOfClock(request, times);
  if (early !== undefined) return refused(early);
  if (tenant === undefined)
    return notThere(request, `tenant: there is no tenant ${request.tenant}. Put its config, or correct the id.`);
  const accounts = findAccounts(request, tenant);
  if ('kind' in accounts) return accounts;
  return resolveRegions(request, tenant, accounts, times);
}

/**
 * Why a request is not inspected that is dated in the future; undefined for any other. The samples of its window do not exist
 * yet, and what it recorded would be newer than every true run until then.
 */
function aheadOfClock({ scheduledTime, to }: InspectionRequest, { sentAt, now }: RequestTimes): string | undefined {
  const allowed = CLOCK_SKEW_MS / 60_000;
  const ahead = (time: number) => Math.floor((time - now) / 60_000);
  if (sentAt - now > CLOCK_SKEW_MS) {
    return `it was sent ${ahead(sentAt)} minutes ahead of the clock; ${allowed} are allowed. Send it again.`;
  }
  if (to !== undefined && Date.parse(to) - now > CLOCK_SKEW_MS) {
    return `to: ${to} lies in the future. A replay ends now at the latest.`;
  }
  if (scheduledTime === undefined || Date.parse(scheduledTime) - now <= CLOCK_SKEW_MS) return undefined;
  return `scheduledTime: ${scheduledTime} is ${ahead(Date.parse(scheduledTime))} minutes ahead of the clock; ${allowed} are allowed. Send it with the time at which the inspection was due.`;
}

function findAccounts(request: InspectionRequest, { config }: StoredTenant): readonly Account[] | NotInspected {
  const { tenant, provider, account } = request;
  if (!config.enabled) return notThere(request, `tenant ${tenant} is disabled`);
  const named = config.accounts.filter(
    (one) => one.provider === (provider ?? one.provider) && one.account === (account ?? one.account),
  );
  if (named.length === 0)
    return notThere(request, `account: tenant ${tenant} has no account ${whichText(request)}. Its config lists them.`);
  if (account !== undefined && named.length > 1) {
    const clouds = named.map((one) => one.provider).join(' and ');
    return refused(`account: tenant ${tenant} has ${account} in ${clouds}. Name the provider too.`);
  }
  const enabled = named.filter((one) => one.enabled);
  const { job } = request;
  if (job !== undefined && enabled.length > 0) return withJob(enabled, job) ?? notThere(request, noJob(request, job));
  if (enabled.length > 0) return enabled;
  return notThere(
    request,
    account === undefined ? `no account of tenant ${tenant} is enabled` : `account ${account} is disabled`,
  );
}

/** The account that has the job, and has it enabled. */
function withJob(accounts: readonly Account[], job: string): readonly Account[] | undefined {
  const own = accounts.filter(({ anomalies }) => anomalies?.some(({ name, enabled }) => name === job && enabled));
  return own.length === 0 ? undefined : own;
}

function noJob({ account }: InspectionRequest, job: string): string {
  return `job: account ${account} has no job ${job}, or it is disabled`;
}

function whichText({ provider, account }: InspectionRequest): string {
  const cloud = provider === undefined ? undefined : `of ${PROVIDER_NAMES[provider]}`;
  return [account, cloud].filter((part) => part !== undefined).join(' ');
}

function resolveRegions(
  request: InspectionRequest,
  tenant: StoredTenant,
  accounts: readonly Account[],
  { sentAt }: RequestTimes,
): Resolved | NotInspected {
  const trigger = triggerOf(request);
  const requested = accounts.flatMap((account): RequestedAccount[] => {
    const regions = account.regions.filter((region) => request.regions?.includes(region) ?? true);
    return regions.length === 0
      ? []
      : [{ account, regions, scheduledTime: dueTime(request, trigger, account, sentAt) }];
  });
  const regions = requested.reduce((sum, account) => sum + account.regions.length, 0);
  if (regions > MOST_REGIONS) {
    return refused(
      `it stands for ${regions} regions of ${requested.length} accounts; ${MOST_REGIONS} are inspected at once. Name a provider, an account or regions.`,
    );
  }
  const setAside = unknownRegions(request, accounts);
  if (requested.length === 0 && setAside) return refused(setAside.reason);
  return { kind: 'resolved', tenant, trigger, accounts: requested, setAside };
}

function unknownRegions({ tenant, regions = [], account }: InspectionRequest, accounts: readonly Account[]) {
  const unknown = [...new Set(regions)].filter((region) => !accounts.some((one) => one.regions.includes(region)));
  if (unknown.length === 0) return undefined;
  const whose = account === undefined ? `no account of tenant ${tenant}` : `account ${account} of tenant ${tenant}`;
  const has = account === undefined ? 'has' : 'does not have';
  return { regions: unknown, reason: `regions: ${whose} ${has} ${listed(unknown)}. Its config lists them.` };
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_LISTED;
  return [...names.slice(0, NAMES_LISTED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A replay is due at its end, and a job when it is sent. Epoch milliseconds. */
function dueTime(
  { scheduledTime, to, job }: InspectionRequest,
  trigger: Trigger,
  { schedule }: Account,
  sentAt: number,
): number {
  const stated = to ?? scheduledTime;
  if (stated !== undefined) return Date.parse(stated);
  return (trigger === 'schedule' && job === undefined ? slotOfMessage(schedule, sentAt) : undefined) ?? sentAt;
}

/**
 * Of a tenant or account that is disabled or gone. Schedules outlast it for a minute, timers of scaling events for hours: nothing is
 * wrong then. A person who requests it has to know.
 */
function notThere(request: InspectionRequest, reason: string): NotInspected {
  return triggerOf(request) === 'on_demand' ? refused(reason) : { kind: 'skipped', reason };
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}

/**
 * One message a region: a region that takes long delays no other, and a failure repeats one alone.
 *
 * @param id Under which the results are kept; undefined where they are not.
 */
export function messagesOf(
  request: InspectionRequest,
  { accounts, trigger }: Resolved,
  id: string | undefined,
): InspectMessage[] {
  return accounts.flatMap(({ account: { provider, account }, regions, scheduledTime }) =>
    regions.map((region) => ({
      ...request,
      ...(id !== undefined && { id }),
      provider,
      account,
      trigger,
      scheduledTime: isoText(scheduledTime),
      regions: [region],
    })),
  );
}
