/** What a tenant has inspected beside memory, as its config writes it: jobs, and feeds of metrics of its own. */
import * as z from 'zod';
import { isClosedFilter } from './closed-filter.ts';
import { hostFilterSchema } from './host-filter.ts';
import { POINT_METRICS, pointMetric } from './point-metrics.ts';
import { DIRECTIONS, POINT_STATISTICS } from './points.ts';

/** Points of one series that are referred to at the most: a week of minutes. */
export const MOST_REFERENCE_POINTS = 10_080;

export const jobNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be 1 to 40 lower case letters, digits and inner dashes');

const metricNameSchema = z
  .string()
  .regex(/^[A-Za-z_][\w.:/-]{0,127}$/, 'must be the name of a metric, for example system.cpu.utilization');

const labelSchema = z.string().min(1).max(128);

const columnFields = z.strictObject({
  name: metricNameSchema
    .refine((name) => pointMetric(name) === undefined, 'is a metric that every source reads: give it another name')
    .describe('What findings and results call the metric.'),
  column: z.string().min(1).max(256).optional().describe('What the source calls it. Default: its name.'),
  unit: z.string().min(1).max(32).default('1').describe('A UCUM code: 1, By, {error}, % …'),
  direction: z.enum(DIRECTIONS).default('both'),
  lower: z.number().optional(),
  upper: z.number().optional(),
  statistic: z.enum(POINT_STATISTICS).default('average'),
  fills: z.boolean().default(false).describe('Whether it fills up, as a disk does; needs an upper limit.'),
});

const columnSchema = columnFields
  .refine(({ fills, upper }) => !fills || upper !== undefined, {
    path: ['upper'],
    error: 'is needed of what fills: it fills up to there',
  })
  .refine(({ lower, upper }) => lower === undefined || upper === undefined || lower < upper, {
    path: ['upper'],
    error: 'must be above lower',
  });

/** Metrics of one's own, several of one query, as columns of its answer. */
export const feedSchema = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe(
      'Prometheus: PromQL, whose series are distinguished by the label __name__ where there are several columns. AWS and Azure: the namespace of the metrics. Google Cloud: a filter beside the type, in which {region} stands for the region that is inspected.',
    ),
  entity: z.array(labelSchema).min(1).max(8).describe('The labels that make the id of a host, in this order.'),
  parents: z.array(labelSchema).max(8).default([]).describe('Labels that a host keeps: what it belongs to.'),
  children: z.array(labelSchema).max(4).default([]).describe('Labels of its parts, each inspected by itself.'),
  columns: z.array(columnSchema).min(1).max(20),
  sparse: z.boolean().default(false).describe('Whether periods without a point are usual.'),
  mostSeries: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe(
      'AWS: sets of dimensions of a column that an inspection reads in a region at the most. Where there are more, none is read, and that is an error: 1,000 cost 0.01 USD an inspection.',
    ),
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

/** An account, as far as jobs and feeds are concerned. */
export interface AnomalyConfig {
  readonly provider: string;
  readonly anomalies?: readonly AnomalyJob[] | undefined;
  readonly feeds?: readonly Feed[] | undefined;
}

/** What is wrong, and where in the account it stands. */
export interface AnomalyIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the fields of an account have to agree on: names that are there, and there once. Empty where they do. */
export function anomalyIssues({ provider, anomalies = [], feeds = [] }: AnomalyConfig): readonly AnomalyIssue[] {
  const columns = feeds.flatMap((feed, index) => feed.columns.map(({ name }, at) => ({ name, index, at })));
  const known = new Set(columns.map(({ name }) => name));
  const jobs = anomalies.map(({ name }, index) => ({ name, path: ['anomalies', index, 'name'] }));
  return [
    ...repeated(jobs),
    ...repeated(columns.map(({ name, index, at }) => ({ name, path: ['feeds', index, 'columns', at, 'name'] }))),
    ...feeds.flatMap((feed, index) => feedIssues(feed, index, provider)),
    ...anomalies.flatMap(({ metrics }, index) => [
      ...repeated(metrics.map((name, at) => ({ name, path: ['anomalies', index, 'metrics', at] }))),
      ...metrics.flatMap((name, at) =>
        pointMetric(name) === undefined && !known.has(name)
          ? [{ path: ['anomalies', index, 'metrics', at], message: unknownMetric(name) }]
          : [],
      ),
    ]),
  ];
}

/** PromQL has no namespace of metrics that a name could be looked up in, and a filter of Google Cloud stands beside others. */
function feedIssues({ query, columns }: Feed, index: number, provider: string): readonly AnomalyIssue[] {
  if (provider === 'otlp')
    return [
      { path: ['feeds', index], message: 'is of no use: of hosts that send by OTLP the catalogue alone is kept' },
    ];
  const path = ['feeds', index, 'query'];
  if (provider === 'gcp' && query !== undefined && !isClosedFilter(query))
    return [
      { path, message: 'has a text or a parenthesis that is not closed, or not opened; write texts in double quotes' },
    ];
  if (provider !== 'prometheus' || query !== undefined || columns.length === 1) return [];
  return [{ path, message: 'is needed where a feed has several columns: {__name__=~"a|b"} has two' }];
}

function repeated(names: readonly { name: string; path: readonly (string | number)[] }[]): readonly AnomalyIssue[] {
  const seen = new Set<string>();
  return names.flatMap(({ name, path }) => {
    if (seen.has(name)) return [{ path, message: `names ${name} a second time` }];
    seen.add(name);
    return [];
  });
}

function unknownMetric(name: string): string {
  const names = POINT_METRICS.map((metric) => metric.name).join(', ');
  return `is not known: ${name} is no column of a feed of this account, and none of ${names}`;
}
