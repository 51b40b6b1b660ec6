/** Where inspections are scheduled. Contract: test/contract/scheduler.ts. */
import type { InspectionRequest } from '../model/message.ts';
import type { AccountProvider } from '../model/series.ts';

/** The schedule of one account of a tenant, or of one of its jobs. */
export interface InspectionSchedule {
  readonly tenant: string;
  readonly provider: AccountProvider;
  readonly account: string;
  /** Five fields: minute hour day-of-month month day-of-week. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /** A job that inspects the account for anomalies; absent of the inspections for leaks. It may fire every minute. */
  readonly job?: string;
}

/** How the scheduler knows a schedule. */
export interface ScheduleName {
  /** The same for the same schedule, and another for one that differs in anything, its target and its settings included. */
  readonly text: string;
  /** Absent where the name is not one of ours: somebody else made the schedule. */
  readonly owner?: ScheduleOwner;
}

export interface ScheduleOwner {
  readonly tenant: string;
  /** The same text for all schedules of one account of the tenant, or of one of its jobs, and for no other's. */
  readonly account: string;
}

/**
 * The schedules of a deployment. A schedule is known by its name alone: what it does is not listed, and is never changed either.
 * Throws `SchedulerError`.
 */
export interface Scheduler {
  nameOf(schedule: InspectionSchedule): Required<ScheduleName>;
  /** All schedules, or those of one tenant. */
  list(tenant?: string): AsyncIterable<ScheduleName>;
  /** Harmless where it exists already. */
  put(schedule: InspectionSchedule): Promise<void>;
  /** Harmless where it is gone already. */
  remove(name: ScheduleName): Promise<void>;
}

/** One-time requests. */
export interface Timer {
  /**
   * Sends the request at a time (epoch ms), rounded up to seconds, once. The same request at the same time is sent once, however
   * often it is put before that. Throws `SchedulerError`, also where the time is over.
   */
  sendAt(at: number, request: InspectionRequest): Promise<void>;
}
