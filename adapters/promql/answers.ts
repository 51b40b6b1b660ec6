/**
 * The parts of answers that are used, as schemas: https://prometheus.io/docs/prometheus/latest/querying/api/
 * Series are checked one by one, so that a malformed one costs its own host and not the answer.
 */
import * as z from 'zod';

/** Labels of one series. A server allows 1 KiB for a name or value where it limits them at all. */
export const labelsSchema = z
  .record(z.string().max(1024), z.string().max(4096))
  .refine((labels) => Object.keys(labels).length <= 200, 'must have at most 200 labels');

const stated = {
  /** Of an answer that may be incomplete: parts of a Thanos that did not answer, or a limit that was met. */
  warnings: z.array(z.string()).nullish(),
};

export const errorSchema = z.object({
  status: z.literal('error'),
  errorType: z.string().max(100).optional(),
  error: z.string().optional(),
});
export type ErrorAnswer = z.output<typeof errorSchema>;

function successSchema<Data extends z.ZodType>(data: Data) {
  return z.object({ status: z.literal('success'), data, ...stated });
}

/** Not `z.array(z.unknown())`: that one copies, and a matrix has 100,000 points. */
const list = z.custom<readonly unknown[]>(Array.isArray, 'must be a list');

export const vectorSchema = successSchema(z.object({ resultType: z.literal('vector'), result: list }));
export const matrixSchema = successSchema(z.object({ resultType: z.literal('matrix'), result: list }));
export const buildSchema = successSchema(z.object({ version: z.string().max(200).optional() }));

/** A number, as a text: `NaN` and `+Inf` have no other form in JSON. */
export const instantSchema = z.object({ metric: labelsSchema, value: z.tuple([z.number(), z.string().max(100)]) });

/** Points are checked by hand: see points.ts. */
export const rangeSchema = z.object({ metric: labelsSchema, values: list });

export type Labels = z.output<typeof labelsSchema>;
