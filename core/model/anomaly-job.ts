/** What a tenant has inspected beside memory, as its config writes it: jobs, and feeds of metrics of its own. */
import * as z from 'zod';
import { hostFilterSchema } from './host-filter.ts';
import { DIRECTIONS, POINT_STATISTICS } from './points.ts';

/** Points of one series that are referred to at the most: a week of minutes. */
export const MOST_REFERENCE_POINTS = 10_080;

const jobNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be 1 to 40 lower case letters, digits and inner dashes');

const metricNameSchema = z
  .string()
  .regex(/^[A-Za-z_][\w.:/-]{0,127}$/, 'must be the name of a metric, for example system.cpu.utilization');

const labelSchema = z.string().min(1).max(128);

const columnSchema = z.strictObject({
  name: metricNameSchema.describe('What findings and results call the metric.'),
  column: z.string().min(1).max(256).optional().describe('What the source calls it. Default: its name.'),
  unit: z.string().min(1).max(32).default('1').describe('A UCUM code: 1, By, {error}, % …'),
  direction: z.enum(DIRECTIONS).default('both'),
  lower: z.number().optional(),
  upper: z.number().optional(),
  statistic: z.enum(POINT_STATISTICS).default('average'),
  fills: z.boolean().default(false).describe('Whether it fills up, as a disk does; needs an upper limit.'),
});

/** Metrics of one's own, several of one query, as columns of its answer. */
export const feedSchema = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe(
      'Prometheus: PromQL, whose series are told apart by the label __name__ where there are several columns. AWS and Azure: the namespace of the metrics. Google Cloud: a filter beside the type.',
    ),
  entity: z.array(labelSchema).min(1).max(8).describe('The labels that make the id of a host, in this order.'),
  parents: z.array(labelSchema).max(8).default([]).describe('Labels that a host keeps: what it belongs to.'),
  children: z.array(labelSchema).max(4).default([]).describe('Labels of its parts, each inspected by itself.'),
  columns: z.array(columnSchema).min(1).max(20),
  sparse: z.boolean().default(false).describe('Whether periods without a point are usual.'),
});

/** One job: these metrics of these hosts, so often. */
export const anomalyJobSchema = z.strictObject({
  name: jobNameSchema,
  enabled: z.boolean().default(true),
  metrics: z.array(metricNameSchema).min(1).max(20),
  hosts: hostFilterSchema.optional(),
  everyMinutes: z
    .int()
    .min(1)
    .max(60)
    .default(60)
    .describe('Minutes between two inspections: 1 is a resident inspection. Each reads what is new since the last.'),
  periodSeconds: z.int().min(1).max(3600).default(300).describe('Seconds that one point stands for.'),
  referencePoints: z
    .int()
    .min(60)
    .max(MOST_REFERENCE_POINTS)
    .default(2016)
    .describe('Points before a point that it is compared with. 2016 of five minutes are a week.'),
  cycle: z
    .enum(['none', 'day', 'week'])
    .default('day')
    .describe('How often the curve repeats itself. A cycle that the reference does not hold twice is not used.'),
  delaySeconds: z.int().min(0).max(3600).default(120).describe('Points younger than this may still change.'),
  threshold: z
    .number()
    .min(0.5)
    .max(0.9999)
    .default(0.99)
    .describe('Score from which a point is an anomaly: 1 of 100 healthy points is above .99.'),
  keep: z.enum(['anomalies', 'all']).default('anomalies').describe('Which points the results hold.'),
  report: z.boolean().default(true).describe('Whether anomalies that last become incidents.'),
});

/** The fields of an account that belong to anomaly inspection. */
export const anomalyFields = {
  anomalies: z
    .array(anomalyJobSchema)
    .max(10)
    .optional()
    .describe('What is inspected beside memory: docs/anomalies.md.'),
  feeds: z.array(feedSchema).max(20).optional().describe('Metrics of your own, for jobs under `anomalies`.'),
};

export type AnomalyJob = z.output<typeof anomalyJobSchema>;
export type Feed = z.output<typeof feedSchema>;
