/** What one inspection of a job saw of an account and region, and what it cost. It is logged, and the newest is kept. */
import * as z from 'zod';
import { ROUNDED } from './notation.ts';
import { scopeSchema, windowSchema } from './series.ts';

const count = z.int().min(0);
const texts = z.array(z.string()).max(20).readonly();

const JOB_OUTCOMES = ['complete', 'partial', 'failed', 'up_to_date', 'superseded'] as const;

export const jobRunSchema = z
  .strictObject({
    tenant: z.string(),
    scope: scopeSchema,
    job: z.string(),
    scheduledTime: ROUNDED.time,
    /** Points that were new to it; null where none was due, or nothing could be read. */
    window: windowSchema(ROUNDED).nullable(),
    /**
     * `partial`: something was not read that should have been. `failed`: nothing was; the next inspection begins where this one did.
     * `up_to_date`: no new period has passed. `superseded`: another function has inspected the same meanwhile.
     */
    outcome: z.enum(JOB_OUTCOMES),
    series: z
      .strictObject({
        /** That are scored. */
        known: count,
        /** Whose reference was read now. */
        learned: count,
        /** With too few points so far. */
        waiting: count,
        /** Whose reference is still to be read, hosts of them: the next inspections go on. */
        left: count,
        /** That no longer report. */
        stopped: count,
        notMonitored: count,
        unreadable: count,
        /** Beyond what one job may have. */
        crowdedOut: count,
      })
      .readonly(),
    points: count,
    anomalousPoints: count,
    /** Hosts with anomalies that last. */
    hosts: count,
    /** The first few, in words for a person. */
    failures: texts,
    stopped: texts,
    calls: z.record(z.string(), count).readonly(),
    metricsBilled: count,
    /** By the provider's list price, US dollars; a month has as many inspections as the job's schedule. */
    cost: z.strictObject({ perRun: z.number(), perMonth: z.number(), price: z.string() }).readonly(),
    /** Bytes of the stored state. */
    stateBytes: count,
  })
  .readonly();

export type JobRun = z.output<typeof jobRunSchema>;
