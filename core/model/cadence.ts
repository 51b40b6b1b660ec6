/** How often hosts are inspected that show nothing of interest. */
import * as z from 'zod';

/**
 * Hours that may lie between two inspections of a quiet host; with 0 every slot of the schedule inspects it. A schedule that is due less
 * often than that inspects every host at every slot all the same.
 */
export const QUIET_HOURS = [0, 1, 2, 4] as const;

export const quietHoursSchema = z.literal(QUIET_HOURS);

export type QuietHours = z.output<typeof quietHoursSchema>;

/**
 * How often jobs of anomaly inspection are inspected that cost something by the read: at the least so many hours apart, as far as their periods
 * allow it; 0 as their configs have it; or not at all.
 */
const JOB_CADENCES = [...QUIET_HOURS, 'paused'] as const;

export const jobCadenceSchema = z.literal(JOB_CADENCES);

export type JobCadence = z.output<typeof jobCadenceSchema>;

const CADENCES = ['schedule', 'adaptive'] as const;

export const cadenceSchema = z
  .enum(CADENCES)
  .describe(
    'schedule: every inspection reads every host. adaptive: hosts that are steady and far from their limit are read every 4 hours, ' +
      'all others at every inspection. An account goes before its tenant. Default schedule.',
  );

/** A budget that changes the cadence and stops nothing. */
export const costCapSchema = z
  .strictObject({
    usdPerMonth: z
      .number()
      .min(0.01)
      .max(10_000_000)
      .describe('US dollars of a month (UTC) that providers charge for the reads, at their list prices.'),
  })
  .describe(
    'Near the cap, jobs of anomaly inspection are inspected less often, then hosts that are steady and far from their limit: every hour, ' +
      'then every 2, then every 4 hours. Where that does not suffice, jobs are paused. The inspection of memory never stops.',
  );

/** Measured by `bench/cadence.ts`: half of the price and less, and no finding comes an hour later in the median. */
export const ADAPTIVE_HOURS: QuietHours = 4;
