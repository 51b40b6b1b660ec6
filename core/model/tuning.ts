/** What a tuning of a tenant's threshold changed, and why: an entry of its history. */
import * as z from 'zod';
import { policySchema, THRESHOLDS } from './policy.ts';

const count = z.int().min(0);
const threshold = z.number().min(THRESHOLDS.least).max(THRESHOLDS.greatest);

/** What a threshold comes to on the past of labelled hosts. */
const tunedOutcomeSchema = z
  .strictObject({
    threshold,
    /** Episodes that would have been reported of hosts, and in times, that are labelled as healthy. */
    falseEpisodes: count,
    /** Labelled leaks that would have been reported. */
    leaksFound: count,
  })
  .readonly();

export const tuningSchema = z
  .strictObject({
    id: z.string().min(1).max(64),
    tenant: z.string(),
    /** Epoch milliseconds. */
    at: z.int(),
    by: z.string().max(2048),
    reason: z.string().max(500),
    /** The version of the config that it was stored as. */
    version: z.int().min(1),
    /** The policy of the tenant's config before and after, as it was written; null where it had none. */
    before: policySchema.nullable(),
    after: policySchema.nullable(),
    /** What both came to; null of an undo, which rests on nothing but a decision. */
    figures: z
      .strictObject({ healthy: count, leaks: count, was: tunedOutcomeSchema, is: tunedOutcomeSchema })
      .readonly()
      .nullable(),
    /** The tuning that it takes back; null of a tuning. */
    undoes: z.string().max(64).nullable(),
  })
  .readonly();

export type TunedOutcome = z.output<typeof tunedOutcomeSchema>;
export type TuningFigures = NonNullable<Tuning['figures']>;
export type Tuning = z.output<typeof tuningSchema>;
