/** Whether the inspections of an account's regions happen as its schedule demands. Pure: the time is an argument. */
import { formatTime } from '../messages/times.ts';
import type { ScopeHealth } from '../model/health.ts';
import type { Account } from '../model/tenant.ts';
import { nextFirings, type Schedule, slotAt } from '../tenants/schedule.ts';

/**
 * How long after a slot its inspection may take to be recorded, in milliseconds: it is sent within the flexible window of its
 * schedule, waits in a queue, and runs for up to 15 minutes.
 */
const GRACE_MS = 30 * 60_000;

/** When clocks go back, the slots of an hour come twice and are inspected once. */
const REPEATED_HOUR_MS = 3_600_000;

/** Partial inspections in a row that are reported: a single one is often a throttled request. */
const PARTIAL_RUNS = 2;

export interface RegionStatus {
  readonly region: string;
  /**
   * `missed`: the last two slots were not inspected. `waiting`: it was never inspected, and need not have been. Else how its
   * newest inspection ended.
   */
  readonly status: 'complete' | 'partial' | 'missed' | 'waiting';
  /** Missed, or partial several times in a row. */
  readonly isFailing: boolean;
  /** The slot of the first inspection that failed, epoch milliseconds; null where the newest one did not. */
  readonly since: number | null;
  /** Why it was missed or partial, in words; null where it was not. */
  readonly message: string | null;
  /** Undefined where it was never inspected. */
  readonly health: ScopeHealth | undefined;
}

/** The last two slots whose inspections have had time to be recorded, epoch milliseconds. */
export interface DueSlots {
  readonly last: number;
  readonly beforeLast: number;
}

/** Finds the last two slots of schedules; most accounts have the same one, which is computed once. */
export function dueSlotsAt(now: number): (schedule: Schedule) => DueSlots | undefined {
  const known = new Map<string, DueSlots | undefined>();
  return (schedule) => {
    const key = scheduleText(schedule);
    if (!known.has(key)) known.set(key, dueSlots(schedule, now - GRACE_MS));
    return known.get(key);
  };
}

function dueSlots(schedule: Schedule, until: number): DueSlots | undefined {
  const last = slotAt(schedule, until);
  const beforeLast = last === undefined ? undefined : slotAt(schedule, last - 1);
  return last === undefined || beforeLast === undefined ? undefined : { last, beforeLast };
}

/** `0 * * * * UTC`. */
export function scheduleText({ cron, timezone }: Schedule): string {
  return `${cron} ${timezone}`;
}

export interface Expectation {
  readonly account: Account;
  /** From when on it is inspected by its schedule, epoch milliseconds. Slots before it are not missed. */
  readonly since: number;
  /** Undefined where the schedule has not been due twice. */
  readonly due: DueSlots | undefined;
}

/**
 * The status of one region of an account.
 *
 * @param health Undefined where it was never inspected.
 */
export function regionStatus(region: string, health: ScopeHealth | undefined, expected: Expectation): RegionStatus {
  if (isMissed(health, expected)) {
    const since = firstMissed(health, expected);
    const message = missedText(health, since);
    return { region, status: 'missed', isFailing: true, since, message, health };
  }
  if (health === undefined) {
    return { region, status: 'waiting', isFailing: false, since: null, message: null, health };
  }
  // What was partial when its account was disabled, long ago, is not failing now.
  const isCurrent = expected.due === undefined || health.slot >= expected.due.beforeLast;
  const { outcome: status, partial, failure: message } = health;
  return {
    region,
    status,
    isFailing: isCurrent && partial !== null && partial.runs >= PARTIAL_RUNS,
    since: partial?.since ?? null,
    message,
    health,
  };
}

function isMissed(health: ScopeHealth | undefined, { since, due }: Expectation): boolean {
  if (due === undefined || due.beforeLast < since) return false;
  if (health === undefined) return true;
  return health.slot < due.beforeLast && due.last - health.slot > REPEATED_HOUR_MS;
}

/** The first slot that was not inspected: the same however much later it is computed. */
function firstMissed(health: ScopeHealth | undefined, { account, since, due }: Expectation): number | null {
  const from = Math.max(health?.slot ?? Number.NEGATIVE_INFINITY, since - 1);
  return nextFirings(account.schedule, from, 1)[0] ?? due?.beforeLast ?? null;
}

function missedText(health: ScopeHealth | undefined, since: number | null): string {
  const first = since === null ? '' : ` The first that is missing was due at ${formatTime(since)}.`;
  const newest =
    health === undefined ? 'It was never inspected.' : `The newest inspection was of ${formatTime(health.slot)}.`;
  return `No inspection ended in the last two slots of the schedule.${first} ${newest}`;
}
