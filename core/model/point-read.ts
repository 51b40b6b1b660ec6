/** One metric of a host as its cloud holds it: what is requested of an inspect function, and what it answers. JSON as it is sent. */
import * as z from 'zod';
import { anomalyViewSchema } from './anomaly-view.ts';
import { hostReadRequestSchema, READ_REFUSALS } from './host-memory.ts';
import { isoTime } from './notation.ts';

/** Days that are scored at the most: one period of five minutes has 4,032 points in them. */
export const MOST_READ_DAYS = 14;

export const pointReadRequestSchema = hostReadRequestSchema
  .unwrap()
  .omit({ group: true, lookbackHours: true })
  .extend({
    kind: z.literal('read_points'),
    metric: z.string().min(1).max(128),
    /** `mountpoint=/var`. Absent: the entire host, or the first part that has points. */
    part: z.string().max(600).optional(),
    /** The job of its account by which it is inspected. Absent: the first that has the metric. */
    job: z.string().min(1).max(40).optional(),
    /** Points from then on are scored. Absent: those of a day. */
    from: isoTime.optional(),
  })
  .readonly();

export type PointReadRequest = z.output<typeof pointReadRequestSchema>;

/** Beside why nothing is read: why nothing could be inspected. `insufficient`: there are too few points to compare with. */
export const POINT_READ_REFUSALS = [...READ_REFUSALS, 'not_monitored', 'insufficient', 'unreadable'] as const;
export type PointReadRefusal = (typeof POINT_READ_REFUSALS)[number];

export const pointReadAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ version: z.literal(1), outcome: z.literal('read'), view: anomalyViewSchema }).readonly(),
  z
    .strictObject({
      version: z.literal(1),
      outcome: z.literal('refused'),
      refusal: z.enum(POINT_READ_REFUSALS),
      /** What is wrong, and what to do. */
      reason: z.string().max(2000),
    })
    .readonly(),
]);

export type PointReadAnswer = z.output<typeof pointReadAnswerSchema>;

export function refusedPoints(refusal: PointReadRefusal, reason: string): PointReadAnswer {
  return { version: 1, outcome: 'refused', refusal, reason };
}
