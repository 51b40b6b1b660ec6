/** What the inspections of a tenant cost in a month, and what its cost cap leads to. Months turn over in UTC. */
import * as z from 'zod';
import { jobCadenceSchema, quietHoursSchema } from './cadence.ts';
import { isoText } from './notation.ts';
import { type Scope, scopeSchema } from './series.ts';

/** `2026-11`. */
export const monthSchema = z.string().regex(/^\d{4}-\d{2}$/);

/** The month of a time, epoch milliseconds. */
export function monthOf(time: number): string {
  return isoText(time).slice(0, 7);
}

/** `2026-10` of `2026-11`. */
export function monthBefore(month: string): string {
  return monthOf(Date.parse(`${month}-01T00:00:00Z`) - 1);
}

/** When the month of a time ends, epoch milliseconds. */
export function monthEndOf(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** What one request spent in one account and region. */
export interface RequestSpend {
  readonly month: string;
  /** The request's id. */
  readonly request: string;
  readonly scope: Scope;
  /** US dollars. */
  readonly usd: number;
}

/** What a job of anomaly inspection spent in a month, in one account and region. */
export const jobSpendSchema = z
  .strictObject({
    month: monthSchema,
    scope: scopeSchema,
    job: z.string(),
    /** US dollars. */
    usd: z.number(),
    /** What the reads that its schedule repeats cost for each of its metrics in one inspection, US dollars; null where that is not known yet. */
    usdPerMetric: z.number().nullable(),
  })
  .readonly();

export type JobSpend = z.output<typeof jobSpendSchema>;

/** What a tenant's cost cap leads to, and what the tenant was notified of. */
export const capStateSchema = z
  .strictObject({
    /** Hours between two inspections of a quiet host. */
    quietHours: quietHoursSchema,
    /** How often jobs are inspected; absent where their configs decide. */
    jobs: jobCadenceSchema.exactOptional(),
    /** Since when both are so, epoch milliseconds. */
    changedAt: z.int(),
    /** The same as the tenant was last notified of; another where its topic has not accepted the event. */
    reportedHours: quietHoursSchema,
    /** The same of `jobs`. */
    reportedJobs: jobCadenceSchema.exactOptional(),
    /** How many changes it was notified of: it numbers their events. */
    reports: z.int().min(0),
    /** Whether deep reads are put off; absent where they are not. */
    deepReadsOff: z.literal(true).exactOptional(),
    /** The day (UTC) of the last report that the cap will be exceeded; null where there was none. */
    exceededOn: z.iso.date().nullable(),
  })
  .readonly();

export type CapState = z.output<typeof capStateSchema>;
