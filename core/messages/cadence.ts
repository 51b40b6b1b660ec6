/** How often quiet hosts and jobs are inspected, in words. */
import type { JobCadence, QuietHours } from '../model/cadence.ts';

/** `every 2 hours`. */
export function cadenceText(quietHours: QuietHours): string {
  switch (quietHours) {
    case 0:
      return 'on schedule';
    case 1:
      return 'every hour';
    default:
      return `every ${quietHours} hours`;
  }
}

/** `slowed down to every 2 hours`: of jobs of anomaly inspection. */
export function jobCadenceText(jobs: JobCadence): string {
  if (jobs === 'paused') return 'paused';
  return jobs === 0 ? 'inspected on schedule' : `slowed down to ${cadenceText(jobs)}`;
}
