/**
 * The parts of Azure's answers that are used, as schemas: answers are input from outside, and the clients' types are
 * only a promise.
 */
import * as z from 'zod';

/** Resource Graph leaves out what a resource does not have, or gives an empty text. */
const text = z.string().nullish();

/** Azure writes one id in several cases, and documents that case means nothing. */
const machineId = z.string().regex(/^\/subscriptions\/[^/]/i, 'must be the id of a resource');

/** A tag whose value is no text is left out; the others are kept. */
const tags = z
  .record(z.string(), z.unknown())
  .transform((all) => Object.fromEntries(Object.entries(all).filter((tag): tag is [string, string] => isText(tag[1]))));

/** A row of the queries in kql.ts. What only describes the machine may be malformed: it is then unknown. */
export const machineSchema = z.object({
  id: machineId,
  name: text.catch(null),
  tags: tags.nullish().catch(null),
  size: text.catch(null),
  power: text.catch(null),
  scaleSet: text.catch(null),
  availabilitySet: text.catch(null),
});

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * One page of Resource Graph. Its rows are checked one by one: a malformed one costs itself and not the page. The next request
 * carries the token in its body, so that no link has to be followed.
 * https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
 */
export const graphPageSchema = z.object({
  totalRecords: z.int().min(0),
  resultTruncated: z.enum(['true', 'false']).optional(),
  $skipToken: z.string().min(1).nullish(),
  data: z.array(z.unknown()),
});

/** https://learn.microsoft.com/rest/api/compute/virtual-machine-sizes/list */
export const sizesSchema = z.object({
  value: z.array(z.object({ name: z.string(), memoryInMB: z.number().positive() })),
});

/**
 * What metrics:getBatch gives for one resource and metric. The points are checked one by one where they are read: there
 * are some thousands in an answer, and a schema takes longer over them than everything else.
 * https://learn.microsoft.com/rest/api/monitor/metrics-batch/batch
 */
export const metricSchema = z.object({
  name: z.string(),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
  unit: z.string(),
  timeseries: z.array(z.object({ data: z.array(z.unknown()).nullish() })),
});

/** One period. It comes without the aggregates where it holds no sample. */
export interface MetricPoint {
  readonly timeStamp: Date;
  readonly average?: number | null;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly total?: number | null;
}

/** Whether a point has a time, and a number or nothing as the requested aggregate. */
export function isMetricPoint(
  point: unknown,
  aggregate: 'average' | 'minimum' | 'maximum' | 'total',
): point is MetricPoint {
  if (typeof point !== 'object' || point === null || !('timeStamp' in point)) return false;
  const { timeStamp } = point;
  if (!(timeStamp instanceof Date) || Number.isNaN(timeStamp.getTime())) return false;
  const value: unknown = Reflect.get(point, aggregate);
  return value === undefined || value === null || Number.isFinite(value);
}

/** A table of Log Analytics as the client gives it: dates are dates. The columns are those of the queries in kql.ts. */
export const usageTableSchema = z.object({
  columnDescriptors: z.tuple([
    z.object({ name: z.literal('name') }),
    z.object({ name: z.literal('namespace') }),
    z.object({ name: z.literal('time') }),
    z.object({ name: z.literal('value') }),
  ]),
  rows: z.array(z.tuple([z.string(), z.string().nullable(), z.date(), z.number().min(0)])),
});

/** The same of the query that lists counters. */
export const counterTableSchema = z.object({
  columnDescriptors: z.tuple([
    z.object({ name: z.literal('object') }),
    z.object({ name: z.literal('instance') }),
    z.object({ name: z.literal('counter') }),
  ]),
  rows: z.array(z.tuple([z.string(), z.string(), z.string()])),
});

/** The same of the query of used swap. */
export const swapTableSchema = z.object({
  columnDescriptors: z.tuple([
    z.object({ name: z.literal('counter') }),
    z.object({ name: z.literal('time') }),
    z.object({ name: z.literal('value') }),
  ]),
  rows: z.array(z.tuple([z.string(), z.date(), z.number().min(0)])),
});

export type Machine = z.output<typeof machineSchema>;
export type GraphPage = z.output<typeof graphPageSchema>;
export type MetricAnswer = z.output<typeof metricSchema>;
