/** How often a job of anomaly inspection is due, and how often that is a month. */
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { Schedule } from './schedule.ts';

const MINUTES_PER_HOUR = 60;
const HOURS_PER_MONTH = 30.44 * 24;

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
  return Math.ceil(MINUTES_PER_HOUR / minutesBetween(job)) * HOURS_PER_MONTH;
}
