/**
 * MetricService.ListTimeSeries, with its limits: google/monitoring/v3/metric_service.proto defines requests and answers,
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list the refusals.
 */
import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import * as z from 'zod';
import type { Fault } from '../wire/faults.ts';
import {
  type Aggregation,
  ALIGNERS,
  type Group,
  groupSeries,
  type Point,
  pointsOf,
  REDUCERS,
  type TimeInterval,
} from './aggregation.ts';
import type { GcpSeries } from './described.ts';
import { type MonitoringFilter, parseFilter } from './filter.ts';
import { GcpError } from './protocol.ts';
import type { GcpCatalogue } from './series.ts';

/** Points in one page: the service's limit, and its default. */
const MAX_PAGE_SIZE = 100_000;

/** Points in a page of the fault that makes pages short. */
const SHORT_PAGE_SIZE = 100;

const MIN_ALIGNMENT_SECONDS = 60;

/** Seconds are strings: int64 has no other form in JavaScript. */
const timestampSchema = z.object({ seconds: z.string(), nanos: z.number() });
const alignmentPeriodSchema = timestampSchema.refine(({ seconds }) => Number(seconds) >= MIN_ALIGNMENT_SECONDS);
const requestSchema = z.object({
  name: z.string().regex(/^projects\/[^/]+$/, 'must be projects/PROJECT'),
  filter: z.string().max(50_000),
  interval: z.object({ startTime: timestampSchema, endTime: timestampSchema }),
  aggregation: z.object({
    alignmentPeriod: alignmentPeriodSchema,
    perSeriesAligner: z.enum(ALIGNERS),
    crossSeriesReducer: z.enum(REDUCERS),
    groupByFields: z.array(z.string()),
  }),
  secondaryAggregation: z
    .object({
      alignmentPeriod: alignmentPeriodSchema,
      perSeriesAligner: z.enum(ALIGNERS),
      crossSeriesReducer: z.literal('REDUCE_NONE'),
    })
    .nullable(),
  orderBy: z.literal('', 'is not supported: must be left blank'),
  view: z.literal('FULL'),
  pageSize: z.int().min(0),
  pageToken: z.string(),
});

export interface ListRequest {
  readonly project: string;
  readonly filter: MonitoringFilter;
  readonly interval: TimeInterval;
  readonly aggregation: Aggregation;
  readonly pageSize: number;
  readonly cursor: PageCursor;
  /** The token of a page of this request. */
  tokenOf(cursor: PageCursor): string;
}

/** Where a page begins: the index of the series, and of the point in it. */
interface PageCursor {
  readonly series: number;
  readonly point: number;
}

export interface ListContext {
  /** The project's series by metric type. */
  readonly catalogue: GcpCatalogue;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly fault: Fault | undefined;
}

/** As protobuf wants it. */
export interface ListResponse {
  readonly timeSeries: readonly object[];
  readonly nextPageToken: string;
  readonly executionErrors: readonly { readonly code: number; readonly message: string }[];
  readonly unit: string;
}

/** What a fault names a series by. */
const STRIKABLE = ['resource.labels.instance_id', 'resource.labels.pod_name'];

/** A token that is refused when it comes back. */
const DEAD_TOKEN = 'dead';

export function parseListRequest(message: unknown): ListRequest {
  const parsed = requestSchema.safeParse(message);
  if (!parsed.success) throw new GcpError(status.INVALID_ARGUMENT, z.prettifyError(parsed.error));
  const { name, filter, interval, aggregation, secondaryAggregation: secondary, pageSize, pageToken } = parsed.data;
  const { pageToken: _, ...parameters } = parsed.data;
  const print = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16);
  const { crossSeriesReducer: reducer, groupByFields } = aggregation;
  return {
    project: name.slice('projects/'.length),
    filter: filterOf(filter),
    interval: intervalOf(millisecondsOf(interval.startTime), millisecondsOf(interval.endTime)),
    aggregation: {
      periodMs: Number(aggregation.alignmentPeriod.seconds) * 1000,
      aligner: aggregation.perSeriesAligner,
      reducer,
      groupBy: groupByFields.map((field) => field.replaceAll('"', '')),
      secondary: secondary
        ? { periodMs: Number(secondary.alignmentPeriod.seconds) * 1000, aligner: secondary.perSeriesAligner }
        : undefined,
    },
    pageSize: pageSize === 0 ? MAX_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE),
    cursor: cursorOf(pageToken, print),
    tokenOf: ({ series, point }) => Buffer.from(JSON.stringify([series, point, print])).toString('base64url'),
  };
}

export function listTimeSeries(request: ListRequest, { catalogue, now, fault }: ListContext): ListResponse {
  const { filter, aggregation, cursor } = request;
  const known = catalogue(filter.metricType);
  if (known === undefined) {
    throw new GcpError(status.NOT_FOUND, `Cannot find metric(s) that match type = "${filter.metricType}".`);
  }
  const isDelta = aggregation.aligner === 'ALIGN_DELTA';
  const fits = known.every(({ isCumulative = false }) => isCumulative === isDelta);
  if (fault?.kind === 'not_gauge' || !fits) throw new GcpError(status.INVALID_ARGUMENT, notAlignable(aggregation));
  const groups = groupSeries(
    known.filter(({ labels }) => filter.matches(labels)),
    aggregation,
  );
  const page = pageOf(groups, fault?.kind === 'short_pages' ? { ...request, pageSize: SHORT_PAGE_SIZE } : request, now);
  const struck = (labels: GcpSeries['labels']) =>
    fault?.only === undefined || STRIKABLE.some((selector) => fault.only?.includes(labels[selector] ?? '') === true);
  const answered = page.series.map(({ group, points }) =>
    describe(group, points, struck(group.labels) ? fault?.kind : undefined, isDelta),
  );
  const incomplete = fault?.kind === 'execution_error';
  return {
    timeSeries: incomplete ? answered.filter((_, index) => index % 2 === 0) : answered,
    nextPageToken:
      fault?.kind === 'endless' ? request.tokenOf(cursor) : fault?.kind === 'truncated' ? DEAD_TOKEN : page.nextToken,
    executionErrors: incomplete ? [{ code: status.DEADLINE_EXCEEDED, message: 'A zone did not answer in time' }] : [],
    unit: fault?.kind === 'wrong_unit' ? 'By{page}' : (groups[0]?.unit ?? ''),
  };
}

/** The service's refusal of cumulative metrics: https://github.com/google/slo-generator/issues/231 */
function notAlignable({ aligner }: Aggregation): string {
  return `Field aggregation.perSeriesAligner had an invalid value of "${aligner}": The aligner cannot be applied to metrics with kind CUMULATIVE and value type DOUBLE.`;
}

/** Fills a page series by series; the one that does not fit goes on on the next page. Series without points are left out. */
function pageOf(groups: readonly Group[], request: ListRequest, now: number) {
  const { interval, aggregation, pageSize, cursor, tokenOf } = request;
  const series: { group: Group; points: Point[] }[] = [];
  let room = pageSize;
  for (const [index, group] of groups.entries()) {
    if (index < cursor.series) continue;
    const points = pointsOf(group, interval, aggregation, now);
    const from = index === cursor.series ? cursor.point : 0;
    const shown = points.slice(from, from + room);
    if (shown.length > 0) series.push({ group, points: shown });
    if (from + shown.length < points.length) {
      return { series, nextToken: tokenOf({ series: index, point: from + shown.length }) };
    }
    room -= shown.length;
  }
  return { series, nextToken: '' };
}

function describe(
  { labels, valueType }: Group,
  points: readonly Point[],
  fault: Fault['kind'] | undefined,
  isDelta: boolean,
): object {
  return {
    metric: { type: labels['metric.type'], labels: under(labels, 'metric.labels.') },
    resource: { type: labels['resource.type'], labels: under(labels, 'resource.labels.') },
    metadata: {
      systemLabels: {
        fields: Object.fromEntries(
          Object.entries(under(labels, 'metadata.system_labels.')).map(([key, stringValue]) => [key, { stringValue }]),
        ),
      },
      userLabels: under(labels, 'metadata.user_labels.'),
    },
    metricKind: isDelta ? 'DELTA' : 'GAUGE',
    valueType,
    points: points.map(({ end, value }) => {
      const time = timestampOf(end);
      return {
        interval: { startTime: time, endTime: time },
        value: fault === 'malformed' ? {} : valueType === 'INT64' ? { int64Value: value } : { doubleValue: value },
      };
    }),
  };
}

function under(labels: GcpSeries['labels'], prefix: string): Record<string, string> {
  const own = Object.entries(labels).filter(([selector]) => selector.startsWith(prefix));
  return Object.fromEntries(own.map(([selector, value]) => [selector.slice(prefix.length), value]));
}

function filterOf(text: string): MonitoringFilter {
  try {
    return parseFilter(text);
  } catch (error) {
    throw new GcpError(status.INVALID_ARGUMENT, `Field filter had an invalid value: ${String(error)}`);
  }
}

function intervalOf(start: number, end: number): TimeInterval {
  if (start >= end) throw new GcpError(status.INVALID_ARGUMENT, 'The start time must be before the end time');
  return { start, end };
}

function cursorOf(token: string, print: string): PageCursor {
  if (token === '') return { series: 0, point: 0 };
  const parts = z.tuple([z.int(), z.int(), z.literal(print)]).safeParse(parseToken(token));
  if (!parts.success) throw new GcpError(status.INVALID_ARGUMENT, 'Field page_token had an invalid value');
  return { series: parts.data[0], point: parts.data[1] };
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function millisecondsOf({ seconds, nanos }: z.output<typeof timestampSchema>): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1e6);
}

/** A number is an int64 as well, and quicker to write than its digits. */
function timestampOf(time: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(time / 1000), nanos: (time % 1000) * 1e6 };
}
