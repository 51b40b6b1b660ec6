/** Mutes and labels: what people decide about incidents and hosts, with a reason, undone at will. */
import * as z from 'zod';
import { globSchema } from './host-filter.ts';
import { FINDING_KINDS } from './metrics.ts';
import { PROVIDERS } from './series.ts';
import { PATTERN_NAMES } from './verdict.ts';
import { EVALUATORS } from './vote.ts';

/** Every field that is given must match; `*` stands for any text and `?` for one character. */
export const subjectSchema = z
  .strictObject({
    provider: z.enum(PROVIDERS).optional(),
    account: globSchema.optional(),
    region: globSchema.optional(),
    host: globSchema.optional(),
    group: globSchema.optional(),
    labels: z.record(z.string().min(1).max(128), globSchema).optional(),
    pattern: z.enum(PATTERN_NAMES).optional(),
    consumer: globSchema.optional(),
    finding: z.enum(FINDING_KINDS).optional(),
    incident: z.string().max(2000).optional(),
  })
  .refine((subject) => Object.values(subject).some((value) => value !== undefined), 'names nothing')
  .readonly();

const reason = z.string().trim().min(3, 'must give a reason').max(500);

/** What a label was given on, in figures: look-alikes are found by it. Figures are percent of capacity and hours. */
export const likenessSchema = z
  .strictObject({
    pattern: z.enum(PATTERN_NAMES).nullable(),
    /** Percentage points per hour. */
    growthPerHour: z.number(),
    /** Hour of the day (UTC) at which the growth began, in [0, 24). */
    hour: z.number().min(0).max(24),
    /** Level at which it was reported, percent. */
    level: z.number(),
  })
  .readonly();

export const muteSchema = z
  .strictObject({
    id: z.string().min(1).max(64),
    tenant: z.string(),
    subject: subjectSchema,
    reason,
    by: z.string().max(2048),
    /** Epoch milliseconds. A mute without an end would be forgotten. */
    at: z.int(),
    until: z.int(),
  })
  .readonly();

const LABEL_KINDS = ['false-positive', 'true-positive', 'known-leak', 'normal-period'] as const;

export const labelSchema = z
  .strictObject({
    id: z.string().min(1).max(64),
    tenant: z.string(),
    kind: z.enum(LABEL_KINDS),
    subject: subjectSchema,
    reason,
    by: z.string().max(2048),
    at: z.int(),
    /** The time that it is about, epoch milliseconds; null where it has no bound. */
    from: z.int().nullable(),
    to: z.int().nullable(),
    /** Of a label on an incident. */
    likeness: likenessSchema.nullable(),
    /**
     * What evaluators made of the host when it was labelled, the curve left out: log-likelihood ratios before their weight. Absent where none
     * of them voted.
     */
    votes: z
      .array(z.strictObject({ evaluator: z.enum(EVALUATORS), logLikelihood: z.number() }).readonly())
      .max(EVALUATORS.length)
      .readonly()
      .optional(),
  })
  .readonly();

/** What a label states of its hosts: that they leak, or that they are healthy. */
export function statesLeak({ kind }: Pick<Label, 'kind'>): boolean {
  return kind === 'true-positive' || kind === 'known-leak';
}

export type Subject = z.output<typeof subjectSchema>;
export type Likeness = z.output<typeof likenessSchema>;
export type Mute = z.output<typeof muteSchema>;
export type Label = z.output<typeof labelSchema>;
