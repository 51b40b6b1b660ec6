/** What has to change so that a tenant's schedules are those of its config. Pure. */
import type { TenantConfig } from '../model/tenant.ts';
import { PlimsollError } from '../ports/errors.ts';
import type { InspectionSchedule, ScheduleName, Scheduler } from '../ports/scheduler.ts';
import { jobSchedule } from './job-schedule.ts';

/** A schedule that should exist. */
export interface Wanted {
  readonly schedule: InspectionSchedule;
  readonly name: Required<ScheduleName>;
}

export interface ScheduleChanges {
  readonly missing: readonly Wanted[];
  readonly superfluous: readonly ScheduleName[];
  /** Accounts that should have a schedule and cannot. */
  readonly impossible: readonly Impossible[];
  /** Schedules that should exist. */
  readonly wanted: number;
}

export interface Impossible {
  readonly schedule: InspectionSchedule;
  readonly message: string;
}

/**
 * The schedules that a config stands for: one for each account and one for each of its jobs, and none where the tenant, the account or the
 * job is disabled, or the tenant is gone.
 */
function schedulesOf(config: TenantConfig | undefined): InspectionSchedule[] {
  if (!config?.enabled) return [];
  const { tenant, accounts } = config;
  return accounts
    .filter(({ enabled }) => enabled)
    .flatMap(({ provider, account, schedule, anomalies = [] }) => [
      { tenant, provider, account, ...schedule },
      ...anomalies
        .filter(({ enabled }) => enabled)
        .map((job) => ({ tenant, provider, account, job: job.name, ...jobSchedule(job) })),
    ]);
}

/** What a config changes in the schedules of another. */
export interface ScheduleDifference {
  readonly added: readonly InspectionSchedule[];
  readonly removed: readonly InspectionSchedule[];
  readonly changed: readonly { readonly before: InspectionSchedule; readonly after: InspectionSchedule }[];
}

/** How the schedules differ that two configs of a tenant stand for. */
export function scheduleDifference(
  before: TenantConfig | undefined,
  after: TenantConfig | undefined,
): ScheduleDifference {
  const [old, current] = [schedulesByAccount(before), schedulesByAccount(after)];
  return {
    added: [...current].flatMap(([key, one]) => (old.has(key) ? [] : [one])),
    removed: [...old].flatMap(([key, one]) => (current.has(key) ? [] : [one])),
    changed: [...current].flatMap(([key, one]) => {
      const earlier = old.get(key);
      if (earlier === undefined || (earlier.cron === one.cron && earlier.timezone === one.timezone)) return [];
      return [{ before: earlier, after: one }];
    }),
  };
}

function schedulesByAccount(config: TenantConfig | undefined): Map<string, InspectionSchedule> {
  return new Map(schedulesOf(config).map((one) => [`${one.provider} ${one.account} ${one.job ?? ''}`, one]));
}

/** @param existing The names of the tenant's schedules; a name that occurs twice counts once. */
export function scheduleChanges(
  config: TenantConfig | undefined,
  existing: Iterable<ScheduleName>,
  nameOf: Scheduler['nameOf'],
): ScheduleChanges {
  const wanted = new Map<string, Wanted>();
  const impossible: Impossible[] = [];
  for (const schedule of schedulesOf(config)) {
    const named = tryName(schedule, nameOf);
    if (named.kind === 'impossible') impossible.push({ schedule, message: named.message });
    else wanted.set(named.name.text, { schedule, name: named.name });
  }
  const present = new Map([...existing].map((name) => [name.text, name]));
  return {
    missing: [...wanted.values()].filter(({ name }) => !present.has(name.text)),
    superfluous: [...present.values()].filter(({ text }) => !wanted.has(text)),
    impossible,
    wanted: wanted.size,
  };
}

type Named =
  | { readonly kind: 'named'; readonly name: Required<ScheduleName> }
  | { readonly kind: 'impossible'; readonly message: string };

/** A config of a version that took other crons can hold one that no scheduler takes: its other accounts go on. */
function tryName(schedule: InspectionSchedule, nameOf: Scheduler['nameOf']): Named {
  try {
    return { kind: 'named', name: nameOf(schedule) };
  } catch (error) {
    if (error instanceof PlimsollError) return { kind: 'impossible', message: error.message };
    throw error;
  }
}
