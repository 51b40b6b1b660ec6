/** What is used of CloudWatch's answers, checked: they are input from outside, and the client's types are only a promise. */
import * as z from 'zod';

const dimensionSchema = z.object({ Name: z.string().min(1), Value: z.string().min(1) });

/** A metric of a listing. One without dimensions is an aggregate over the whole account. */
export const listedSchema = z.object({ Dimensions: z.array(dimensionSchema).optional() });

/** One page of ListMetrics, whose metrics are looked at one by one: an odd one spoils its own host and not the page. */
export const listingPageSchema = z.object({
  Metrics: z.array(z.unknown()),
  NextToken: z.string().min(1).optional(),
});

/** One page of GetMetricData. Only the ids are looked at: a bad result spoils its own host and not the page. */
export const dataPageSchema = z.object({
  MetricDataResults: z.array(z.looseObject({ Id: z.string() })),
  NextToken: z.string().min(1).optional(),
});

/** Lists of thousands: one look at each element, where a schema for it would take longer than all the rest. */
const times = z.custom<Date[]>((list) => Array.isArray(list) && list.every(isTime), 'must be a list of times');
const numbers = z.custom<number[]>(
  (list) => Array.isArray(list) && list.every(Number.isFinite),
  'must be a list of numbers',
);

function isTime(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** One metric's part of a page: as many values as timestamps, in percent. */
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

/** What an odd metric still says of its host. */
export const oddListedSchema = z.object({ Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })) });

export type Dimension = z.output<typeof dimensionSchema>;
export type DataResult = z.output<typeof dataResultSchema>;
