/** Where inspections are scheduled. Contract: test/contract/scheduler.ts. */
import type { InspectionRequest } from '../model/message.ts';
import type { CloudProvider } from '../model/series.ts';

/** The schedule of one account of a tenant. */
export interface InspectionSchedule {
  readonly tenant: string;
  readonly provider: CloudProvider;
  readonly account: string;
  /** Five fields: minute hour day-of-month month day-of-week. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
}

/**
 * The schedules of a deployment. A schedule is known by its name alone, which holds the tenant and a hash of all that it stands
 * for: one that differs in anything has another name. Throws `SchedulerError`.
 */
export interface Scheduler {
  /** The same for the same schedule, and another for any other. */
  nameOf(schedule: InspectionSchedule): string;
  /** Names of all schedules, or of one tenant's. */
  list(tenant?: string): AsyncIterable<string>;
  /** Harmless where it exists already. */
  put(schedule: InspectionSchedule): Promise<void>;
  /** Harmless where it is gone already. */
  remove(name: string): Promise<void>;
}

/** One-time requests. */
export interface Timer {
  /**
   * Sends the request at a time (epoch ms), once. The same request at the same time is sent once, however often it is put.
   * Throws `SchedulerError`.
   */
  sendAt(at: number, request: InspectionRequest): Promise<void>;
}
