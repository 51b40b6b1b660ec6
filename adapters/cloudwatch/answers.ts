/**
 * The parts of CloudWatch's answers that are used, as schemas: answers are input from outside, and the client's types
 * are only a promise.
 */
import * as z from 'zod';

const dimensionSchema = z.object({ Name: z.string().min(1), Value: z.string().min(1) });

/** A metric of a listing. One without dimensions is an aggregate over the account. */
export const listedSchema = z.object({
  Namespace: z.string().min(1).optional(),
  Dimensions: z.array(dimensionSchema).optional(),
});

/** One page of ListMetrics. Its metrics are checked one by one: a malformed one costs its own host and not the page. */
export const listingPageSchema = z.object({
  Metrics: z.array(z.unknown()),
  NextToken: z.string().min(1).optional(),
});

/** One page of GetMetricData. Only the ids are checked here: a malformed result costs its own host and not the page. */
export const dataPageSchema = z.object({
  MetricDataResults: z.array(z.looseObject({ Id: z.string() })),
  NextToken: z.string().min(1).optional(),
});

/** A page of GetMetricData as JSON: times are epoch seconds there, and dates in what the client gives. */
const jsonPageSchema = z.looseObject({
  MetricDataResults: z.array(z.looseObject({ Timestamps: z.array(z.unknown()).optional() })),
});

/** The page as the client would give it. A time that is no number stays what it is, and costs its own series alone. */
export function dataPageFromJson(body: unknown): unknown {
  const page = jsonPageSchema.safeParse(body).data;
  return page && { ...page, MetricDataResults: page.MetricDataResults.map(withDates) };
}

function withDates<Result extends { readonly Timestamps?: unknown[] | undefined }>(result: Result) {
  const dateOf = (time: unknown) => (typeof time === 'number' ? new Date(time * 1000) : time);
  return { ...result, Timestamps: result.Timestamps?.map(dateOf) };
}

/** For lists of thousands: a schema for each element would take longer than all the rest. */
function listOf(what: string, numberOf: (element: unknown) => number) {
  const complaint = `must be a list of ${what}`;
  return z.custom<readonly unknown[]>(Array.isArray, complaint).transform((list, context) => {
    const numbers = new Float64Array(list.length);
    for (let index = 0; index < list.length; index++) {
      const number = numberOf(list[index]);
      if (!Number.isFinite(number)) {
        context.addIssue(complaint);
        break;
      }
      numbers[index] = number;
    }
    return numbers;
  });
}

const times = listOf('times', (time) => (time instanceof Date ? time.getTime() : Number.NaN));
const numbers = listOf('numbers', (value) => (typeof value === 'number' ? value : Number.NaN));

/** One metric's part of a page: as many values as timestamps (epoch milliseconds). */
export const dataResultSchema = z
  .object({
    StatusCode: z.string(),
    Timestamps: times,
    Values: numbers,
    Messages: z.array(z.object({ Code: z.string().optional(), Value: z.string().optional() })).optional(),
  })
  .refine((result) => result.Timestamps.length === result.Values.length, {
    error: 'has not as many values as timestamps',
  });

/** The part of a malformed metric that may still name its host. */
export const malformedListedSchema = z.object({
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});

export type Dimension = z.output<typeof dimensionSchema>;
export type DataResult = z.output<typeof dataResultSchema>;
