/** How often a job of anomaly inspection is due, and how often that is a month. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobCadence } from '../model/cadence.ts';
import type { Schedule } from './schedule.ts';

const MINUTES_PER_HOUR = 60;
const HOURS_PER_MONTH = 30.44 * 24;

/** Periods that are read in one go. */
export const PERIODS_AT_ONCE = 60;

type Timing = Pick<AnomalyJob, 'everyMinutes' | 'periodSeconds'>;

/** Minutes between two inspections: no more often than there are new points. */
export function minutesBetween({ everyMinutes, periodSeconds }: Timing): number {
  return Math.max(everyMinutes, Math.ceil(periodSeconds / 60));
}

/**
 * Every so many minutes of each hour. Minutes that an hour has no multiple of are closer together at its end: what is due then takes in
 * what is new, as at any other time.
 */
export function jobSchedule(job: Timing): Schedule {
  const minutes = minutesBetween(job);
  if (minutes >= MINUTES_PER_HOUR) return { cron: '0 * * * *', timezone: 'UTC' };
  return { cron: minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`, timezone: 'UTC' };
}

export function jobRunsPerMonth(job: Timing): number {
  const minutes = minutesBetween(job);
  return (
    (minutes > MINUTES_PER_HOUR ? MINUTES_PER_HOUR / minutes : Math.ceil(MINUTES_PER_HOUR / minutes)) * HOURS_PER_MONTH
  );
}

/**
 * The job as a cost cap has it inspected: every so many hours, and never more often than its config has it. What is read in one go bounds
 * that: of a job with periods of a minute it is an hour, beyond which it would be read in several parts that save nothing.
 */
export function slowedJob<Job extends Timing>(job: Job, cadence: JobCadence): Job {
  if (cadence === 0 || cadence === 'paused') return job;
  const most = Math.floor((PERIODS_AT_ONCE * job.periodSeconds) / 60);
  const everyMinutes = Math.min(cadence * MINUTES_PER_HOUR, most);
  return everyMinutes <= minutesBetween(job) ? job : { ...job, everyMinutes };
}
