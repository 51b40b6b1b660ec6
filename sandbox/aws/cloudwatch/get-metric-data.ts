/** GetMetricData: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
import * as z from 'zod';
import { foldPeriods, type Points, STATISTICS } from '../../statistics.ts';
import type { Fault } from '../../wire/faults.ts';
import { spoilPage } from './faults.ts';
import { agentNamespace, type Metric } from './metric.ts';
import {
  type CloudWatchContext,
  decodeToken,
  encodeToken,
  type MetricDataPage,
  type MetricDataResult,
  type PageCursor,
  refuseInvalid,
} from './protocol.ts';

const MAX_QUERIES = 500;
const MAX_POINTS = 100_800;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long samples are kept at a resolution: a longer period that is its multiple can still be folded from it. */
const RETENTION = [
  { resolutionMs: HOUR, keptMs: 455 * DAY },
  { resolutionMs: 5 * MINUTE, keptMs: 63 * DAY },
  { resolutionMs: MINUTE, keptMs: 15 * DAY },
  { resolutionMs: 1_000, keptMs: 3 * HOUR },
] as const;

const querySchema = z.object({
  Id: z.string(),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Expression: z.string().optional(),
  MetricStat: z
    .object({
      Metric: z.object({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
      }),
      Period: z.number(),
      Stat: z.string(),
      Unit: z.string().optional(),
    })
    .optional(),
});

const inputSchema = z.object({
  MetricDataQueries: z.array(querySchema),
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: z.int().min(1).max(MAX_POINTS).default(MAX_POINTS),
  NextToken: z.string().optional(),
});

type Query = z.output<typeof querySchema>;
type GetMetricDataInput = z.output<typeof inputSchema>;

export function getMetricData(body: unknown, context: CloudWatchContext): MetricDataPage {
  const input = inputSchema.parse(body);
  refuseInvalid(complaints(input));
  const page = collectPage(input, decodeToken(input, input.NextToken), context);
  return context.fault === undefined ? page : spoilPage(page, context.fault, encodeToken(input, { item: 0, point: 0 }));
}

/** Metrics that a call is billed for. Never fails: an invalid request counts as none. */
export function countMetrics(body: unknown): number {
  const input = inputSchema.safeParse(body);
  return input.success ? input.data.MetricDataQueries.filter(({ MetricStat }) => MetricStat !== undefined).length : 0;
}

/** Fills a page query by query; the one that does not fit is partial and goes on on the next page. */
function collectPage(input: GetMetricDataInput, cursor: PageCursor, context: CloudWatchContext): MetricDataPage {
  const results: MetricDataResult[] = [];
  let room = input.MaxDatapoints;
  for (const [item, query] of input.MetricDataQueries.entries()) {
    if (item < cursor.item || !query.ReturnData) continue;
    const { metric, points } = answerQuery(query, input, context);
    const from = item === cursor.item ? cursor.point : 0;
    const to = Math.min(points.times.length, from + room);
    const complete = to === points.times.length;
    if (complete || room > 0) results.push(resultOf(query, metric, sliceOf(points, from, to), complete, context.fault));
    if (!complete) return { MetricDataResults: results, NextToken: encodeToken(input, { item, point: to }) };
    room -= to - from;
  }
  return { MetricDataResults: results };
}

function answerQuery(query: Query, input: GetMetricDataInput, { catalogue, now }: CloudWatchContext) {
  const none = { times: [], values: [] };
  const { MetricStat } = query;
  if (MetricStat === undefined) return { metric: undefined, points: none };
  const { Namespace, MetricName, Dimensions } = MetricStat.Metric;
  const metric = catalogue.find(Namespace, MetricName, Dimensions);
  const statistic = STATISTICS.find((name) => name === MetricStat.Stat);
  if (metric === undefined || statistic === undefined || (MetricStat.Unit ?? metric.unit) !== metric.unit) {
    return { metric, points: none };
  }
  const periodMs = MetricStat.Period * 1000;
  const window = {
    start: keptFrom(roundStart(input.StartTime * 1000, now), periodMs, now),
    end: Math.min(input.EndTime * 1000, now),
  };
  const points = foldPeriods(metric, window, periodMs, statistic);
  if (input.ScanBy === 'TimestampDescending') {
    points.times.reverse();
    points.values.reverse();
  }
  return { metric, points };
}

/** The documented rounding of StartTime by its age. */
function roundStart(start: number, now: number): number {
  const age = now - start;
  const step = age < 15 * DAY ? MINUTE : age <= 63 * DAY ? 5 * MINUTE : HOUR;
  return Math.floor(start / step) * step;
}

/** The first period from `start` on whose samples are still kept at a resolution that the period is a multiple of. */
function keptFrom(start: number, periodMs: number, now: number): number {
  const keptMs = RETENTION.find(({ resolutionMs }) => periodMs % resolutionMs === 0)?.keptMs ?? 0;
  const skipped = Math.max(0, Math.ceil((now - keptMs - start) / periodMs));
  return start + skipped * periodMs;
}

function sliceOf({ times, values }: Points, from: number, to: number): Points {
  return { times: times.slice(from, to), values: values.slice(from, to) };
}

function resultOf(
  query: Query,
  metric: Metric | undefined,
  points: Points,
  complete: boolean,
  fault: Fault | undefined,
): MetricDataResult {
  const failure = metric === undefined ? undefined : failureOf(metric, fault);
  const shown = failure === undefined ? points : { times: [], values: [] };
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
    Timestamps: shown.times.map((time) => time / 1000),
    Values: shown.values,
    StatusCode: failure ?? (complete ? 'Complete' : 'PartialData'),
  };
}

/** How one metric fails inside a good answer: by the scenario, or by a fault. */
function failureOf(
  { host, dimensions, namespace }: Metric,
  fault: Fault | undefined,
): 'InternalError' | 'Forbidden' | undefined {
  const reported = fault?.only === undefined || dimensions.some(({ Value }) => fault.only?.includes(Value));
  const kind =
    (reported ? fault?.kind : undefined) ??
    (host !== undefined && namespace === agentNamespace(host) ? host.failsWith : undefined);
  if (kind === 'internal_error') return 'InternalError';
  return kind === 'forbidden' ? 'Forbidden' : undefined;
}

/** All complaints of a request, in the service's words. */
function complaints({ MetricDataQueries, StartTime, EndTime }: GetMetricDataInput): string[] {
  const found: string[] = [];
  if (MetricDataQueries.length === 0) found.push('The parameter MetricDataQueries is required.');
  if (MetricDataQueries.length > MAX_QUERIES) {
    found.push(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  if (StartTime === EndTime) found.push('The parameter StartTime must not equal parameter EndTime.');
  if (StartTime > EndTime) found.push('The parameter StartTime must be less than the parameter EndTime.');
  if (new Set(MetricDataQueries.map(({ Id }) => Id)).size < MetricDataQueries.length) {
    found.push('The values for parameter id in MetricDataQueries are not unique.');
  }
  return [...found, ...MetricDataQueries.flatMap(queryComplaints)];
}

function queryComplaints({ Id, MetricStat }: Query, index: number): string[] {
  const at = `MetricDataQueries.member.${index + 1}`;
  if (MetricStat === undefined) return [`The sandbox computes no expressions: ${at}.MetricStat is required.`];
  const found: string[] = [];
  if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(Id)) {
    found.push(`The value ${Id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
  }
  if (!STATISTICS.some((name) => name === MetricStat.Stat)) {
    found.push(`The value for parameter ${at}.MetricStat.Stat is not a valid statistic.`);
  }
  const { Period } = MetricStat;
  if (Period <= 0 || (![1, 5, 10, 20, 30].includes(Period) && Period % 60 !== 0)) {
    found.push(`The parameter ${at}.MetricStat.Period must be 1, 5, 10, 20, 30, or a multiple of 60.`);
  }
  return found;
}
