/** What a tenant will have spent when its month (UTC) ends, with each cadence of its quiet hosts. Pure: the time is an argument. */
import { ADAPTIVE_HOURS, type JobCadence, QUIET_HOURS, type QuietHours } from '../model/cadence.ts';
import type { ScopeHealth } from '../model/health.ts';
import { effectivePolicy } from '../model/policy.ts';
import { type JobSpend, monthEndOf, monthOf } from '../model/spend.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import { firings, type Schedule, slotAt } from '../tenants/schedule.ts';
import { accountKey } from './account-status.ts';
import { type JobsProjection, type PriceOfJob, pricesByHosts, pricesOf, projectJobs } from './project-jobs.ts';
import { scheduleText } from './region-status.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** US dollars. */
export interface SpendProjection {
  /** `2026-11`. */
  readonly month: string;
  /** Until now, by schedule and on demand. */
  readonly spent: number;
  /** At the end of the month, by the hours between two inspections of a quiet host. Requests that are still to come are not in it. */
  readonly byHours: Readonly<Record<QuietHours, number>>;
  /** What deep reads will cost until then, which are a part of none of these. */
  readonly deepReads: number;
  /** What jobs of anomaly inspection will cost until then, which is a part of none of these either. */
  readonly jobs: JobsProjection;
  /** Enabled regions of which it is not known what they cost, because they were not inspected yet. */
  readonly unknownRegions: number;
}

/** How many inspections of a host a schedule makes: of a watched one (0), and of a quiet one by the hours between two. */
export type Inspections = Readonly<Record<QuietHours, number>>;

/** Counts the slots of schedules until a time; most accounts have the same one, which is counted once. */
export function inspectionsUntil(from: number, to: number): (schedule: Schedule) => Inspections {
  const known = new Map<string, Inspections>();
  return (schedule) => {
    const key = scheduleText(schedule);
    const counted = known.get(key) ?? inspectionsOf(schedule, from, to);
    known.set(key, counted);
    return counted;
  };
}

/** Of the quiet hosts a slot inspects as large a share as it comes after a part of the hours between two inspections of one. */
function inspectionsOf(schedule: Schedule, from: number, to: number): Inspections {
  const counts = { 0: 0, 1: 0, 2: 0, 4: 0 };
  let before = slotAt(schedule, from) ?? from;
  for (const slot of firings(schedule, from)) {
    if (slot >= to) break;
    for (const hours of QUIET_HOURS) counts[hours] += hours === 0 ? 1 : Math.min(1, (slot - before) / (hours * HOUR));
    before = slot;
  }
  return counts;
}

export interface Spending {
  readonly config: TenantConfig;
  readonly health: readonly ScopeHealth[];
  /** What requests spent this month, jobs among them. */
  readonly requestsUsd: number;
  /** What each job spent this month. */
  readonly jobs: readonly JobSpend[];
}

/** What a cost cap leads to, as far as it costs less. */
export interface CappedCadence {
  readonly quietHours: QuietHours;
  readonly jobs: JobCadence;
  readonly deepReadsOff: boolean;
}

/** What the month will have cost at its end, US dollars. */
export function projectedUsd(
  { byHours, jobs, deepReads }: Pick<SpendProjection, 'byHours' | 'jobs' | 'deepReads'>,
  cadence: CappedCadence,
): number {
  const ofJobs = cadence.jobs === 'paused' ? 0 : jobs[cadence.jobs];
  return byHours[cadence.quietHours] + ofJobs + (cadence.deepReadsOff ? 0 : deepReads);
}

/** @param remaining The inspections from now to the end of the month: see `inspectionsUntil`. */
export function projectSpend(
  { config, health, requestsUsd, jobs }: Spending,
  remaining: (schedule: Schedule) => Inspections,
  now: number,
  priceOfJob: PriceOfJob = pricesOf(jobs),
): SpendProjection {
  const month = monthOf(now);
  const byHours = { 0: 0, 1: 0, 2: 0, 4: 0 };
  const days = (monthEndOf(now) - now) / DAY;
  let [unknownRegions, deepReads] = [0, 0];
  for (const { account, spent } of enabledRegions(config, health)) {
    if (spent === undefined) unknownRegions++;
    else {
      const inspections = remaining(account.schedule);
      addRegion(byHours, spent, inspections, isAdaptive(config, account));
      if (readsDeeply(config, account)) deepReads += spent.usdPerHost * spent.hosts * Math.min(inspections[0], days);
    }
  }
  const spent = spentIn(month, { health, requestsUsd });
  for (const hours of QUIET_HOURS) byHours[hours] += spent;
  return { month, spent, byHours, deepReads, jobs: projectJobs(config, priceOfJob, days * DAY), unknownRegions };
}

/** What a tenant has spent in a month so far, by schedule and on demand, in US dollars. */
export function spentIn(month: string, { health, requestsUsd }: Pick<Spending, 'health' | 'requestsUsd'>): number {
  return health.reduce((sum, { spent }) => sum + (spent?.month === month ? spent.usd : 0), requestsUsd);
}

/** What all of the next month will cost, as far as that is known from the last runs; of jobs, by the hosts that these have seen. */
export function estimateMonth(config: TenantConfig, health: readonly ScopeHealth[], now: number): SpendProjection {
  const begin = monthEndOf(now);
  const inspections = inspectionsUntil(begin - 1, monthEndOf(begin));
  return projectSpend({ config, health, requestsUsd: 0, jobs: [] }, inspections, begin, pricesByHosts(health));
}

/** The inspections of the rest of this month, for all tenants that are projected at the same time. */
export function remainingInspections(now: number): (schedule: Schedule) => Inspections {
  return inspectionsUntil(now, monthEndOf(now));
}

type Spent = NonNullable<ScopeHealth['spent']>;

function addRegion(
  byHours: Record<QuietHours, number>,
  { usdPerHost, hosts, watched }: Spent,
  inspections: Inspections,
  adaptive: boolean,
): void {
  const quiet = Math.max(0, hosts - watched);
  for (const hours of QUIET_HOURS) {
    const ofQuiet = inspections[adaptive ? ADAPTIVE_HOURS : hours];
    byHours[hours] += usdPerHost * ((hosts - quiet) * inspections[0] + quiet * ofQuiet);
  }
}

function isAdaptive(config: TenantConfig, account: Account): boolean {
  return (account.cadence ?? config.cadence) === 'adaptive';
}

/** By the config alone: defaults of a deployment are not known here. */
function readsDeeply(config: TenantConfig, account: Account): boolean {
  return effectivePolicy(config.policy, account.policy).deepReadDays > 0;
}

/** The regions that are inspected by schedule, each with what its last run spent; undefined where that is not known. */
function enabledRegions(config: TenantConfig, health: readonly ScopeHealth[]) {
  if (!config.enabled) return [];
  const known = new Map(health.map(({ scope, spent }) => [`${accountKey(scope)} ${scope.region}`, spent]));
  return config.accounts
    .filter(({ enabled }) => enabled)
    .flatMap((account) =>
      account.regions.map((region) => ({ account, spent: known.get(`${accountKey(account)} ${region}`) })),
    );
}
