/** Metrics of an owner's own, by expressions of a config: the hosts are those that the answer names. */

import { admits } from '../../core/model/host-filter.ts';
import { parseInput } from '../../core/model/issues.ts';
import {
  type Part,
  type PointFeed,
  type PointMetric,
  type PointReading,
  type PointStatistic,
  partText,
} from '../../core/model/points.ts';
import type { Resource, Scope } from '../../core/model/series.ts';
import type { PointsRequest } from '../../core/ports/memory-source.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { feedHost, feedPart } from '../reading/feed-hosts.ts';
import { inFlight } from '../reading/in-flight.ts';
import { isShort } from '../reading/points.ts';
import type { Samples } from '../reading/samples.ts';
import { rangeSchema } from './answers.ts';
import { queryRange, type RequestContext } from './client.ts';
import { withPeriod } from './custom-queries.ts';
import { undocumented } from './errors.ts';
import { by, range, selector } from './expressions.ts';
import { isId, keyOf } from './known-host.ts';
import { added } from './point-queries.ts';
import { type PartPieces, readingsOf, ruleOf } from './point-readings.ts';
import { checkedSamples } from './points.ts';
import { slicesOf } from './read-points.ts';
import { MAX_AT_ONCE, MOST_HALVINGS } from './samples.ts';
import { seriesFault, seriesText } from './series-text.ts';

interface FeedMetric extends PointMetric {
  readonly feed: PointFeed;
}

/** Metrics of one expression: columns of one answer. */
interface Columns {
  readonly expression: string;
  readonly metrics: readonly FeedMetric[];
}

/** Periods that are requested at once: nobody knows how many series there will be. */
const MOST_PERIODS = 2_000;

const FOLDS: Readonly<Record<PointStatistic, string>> = { average: 'avg', minimum: 'min', maximum: 'max', sum: 'sum' };

/**
 * The series of the hosts that each feed names; one `unreadable` of the scope where it could not be read, or names no host.
 *
 * @param machines Those that are known, by their ids: a feed may be of one of them, which then has its name and labels too.
 */
export async function* readFeeds(
  context: RequestContext,
  machines: ReadonlyMap<string, Resource>,
  request: PointsRequest,
): AsyncGenerator<PointReading> {
  const read = (columns: Columns) => readColumns(context, machines, columns, request);
  for await (const readings of inFlight(columnsOf(request), MAX_AT_ONCE, read)) yield* readings;
}

function columnsOf({ metrics, periodMs }: PointsRequest): Columns[] {
  const feeds = metrics.filter((metric): metric is FeedMetric => metric.feed !== undefined);
  const keyed = feeds.map((metric) => ({ metric, expression: expressionOf(metric, periodMs) }));
  const labels = ({ metric: { feed } }: (typeof keyed)[number]) => [feed.entity, feed.parents, feed.children];
  const groups = Map.groupBy(keyed, (each) => JSON.stringify([each.expression, labels(each)]));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ expression: first.expression, metrics: members.map(({ metric }) => metric) }];
  });
}

/** A feed without a query is of the metric that its column names. */
function expressionOf({ statistic, feed }: FeedMetric, periodMs: number): string {
  const { query, entity, parents, children, column } = feed;
  if (query !== undefined) return withPeriod(query, periodMs, FOLDS[statistic]);
  const labels = by([...new Set([...entity, ...parents, ...children])]);
  const series = selector(column);
  if (statistic === 'sum') return `sum ${labels} (${added(series, periodMs)})`;
  const fold = FOLDS[statistic];
  return `${fold} ${labels} (${fold}_over_time(${series}${range(periodMs)}))`;
}

interface Found {
  /** By host, metric and part. */
  readonly hosts: Map<string, { readonly resource: Resource; readonly metrics: Map<string, Map<string, PartPieces>> }>;
  /** What is wrong with a series of no host. */
  nameless: Failure | undefined;
  /** Names of series that are no column. */
  readonly otherNames: Set<string>;
}

async function readColumns(
  context: RequestContext,
  machines: ReadonlyMap<string, Resource>,
  columns: Columns,
  request: PointsRequest,
): Promise<PointReading[]> {
  const found: Found = { hosts: new Map(), nameless: undefined, otherNames: new Set() };
  const slices = slicesOf(request, MOST_PERIODS);
  let halvings = MOST_HALVINGS;
  for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
    const answer = await queryRange(context, columns.expression, slice.window, slice.periodMs);
    const failure = answer.kind === 'failed' ? answer.failure : answer.incomplete;
    const periods = (slice.window.end - slice.window.start) / slice.periodMs;
    if (failure?.reason === 'truncated' && periods > 1 && halvings-- > 0) {
      slices.unshift(...slicesOf(slice, Math.ceil(periods / 2)));
      continue;
    }
    if (failure !== undefined || answer.kind === 'failed') {
      return columns.metrics.map(({ name }) => ofScope(context.scope, name, failure ?? undocumented('nothing')));
    }
    collect(found, answer.data.result, { scope: context.scope, machines, columns, slice });
  }
  return columns.metrics.flatMap((metric) => metricReadings(found, metric, context.scope, request));
}

interface Collecting {
  readonly scope: Scope;
  readonly machines: ReadonlyMap<string, Resource>;
  readonly columns: Columns;
  readonly slice: PointsRequest;
}

function collect(found: Found, result: readonly unknown[], { scope, machines, columns, slice }: Collecting): void {
  const seen = new Set<string>();
  for (const series of result) {
    const { data, error } = parseInput(rangeSchema, series);
    if (error) {
      found.nameless = undocumented(seriesFault(series, error));
      continue;
    }
    const metric = columnOf(columns, data.metric['__name__']);
    if (metric === undefined) {
      found.otherNames.add(data.metric['__name__'] ?? '');
      continue;
    }
    const labels = new Map(Object.entries(data.metric));
    const own = feedHost(scope, metric.feed, labels);
    const part = feedPart(metric.feed, labels);
    if (own === undefined || ![own.id, ...Object.values(part), ...Object.values(own.labels ?? {})].every(isId)) {
      found.nameless = malformed(
        `the series ${seriesText(series)} has no usable label ${metric.feed.entity.join(', ')}`,
      );
      continue;
    }
    const key = keyOf([own.id, metric.name, partText(part)]);
    const samples = seen.has(key) ? TWICE : checkedSamples(data.values, slice, ruleOf(metric));
    seen.add(key);
    piecesOf(
      found,
      { ...own, ...machines.get(own.id), labels: { ...machines.get(own.id)?.labels, ...own.labels } },
      metric,
      part,
    ).push(samples);
  }
}

const TWICE: Samples = {
  kind: 'failed',
  failure: malformed(
    'two series of the feed are of one host and part: aggregate them in the query, or name the label that distinguishes them under children',
  ),
};

function malformed(detail: string): Failure {
  return { ...undocumented(detail), detail };
}

/** What has no name is the only column that is requested: functions drop names. */
function columnOf({ metrics }: Columns, name: string | undefined): FeedMetric | undefined {
  if (name === undefined && metrics.length === 1) return metrics[0];
  return metrics.find(({ feed }) => feed.column === name);
}

function piecesOf({ hosts }: Found, resource: Resource, { name }: FeedMetric, part: Part): Samples[] {
  const host = hosts.get(resource.id) ?? { resource, metrics: new Map<string, Map<string, PartPieces>>() };
  hosts.set(resource.id, host);
  const parts = host.metrics.get(name) ?? new Map<string, PartPieces>();
  host.metrics.set(name, parts);
  const known = parts.get(partText(part)) ?? { part, pieces: [] };
  parts.set(partText(part), known);
  return known.pieces;
}

function metricReadings(found: Found, metric: FeedMetric, scope: Scope, request: PointsRequest): PointReading[] {
  const terms = { ...request, metric };
  const readings: PointReading[] = [];
  let isNamed = false;
  for (const { resource, metrics } of found.hosts.values()) {
    const parts = metrics.get(metric.name);
    if (parts === undefined) continue;
    isNamed = true;
    if (admits(request.filters, resource)) readings.push(...readingsOf(resource, [...parts.values()], terms));
  }
  if (found.nameless !== undefined) readings.push(ofScope(scope, metric.name, found.nameless));
  else if (!isNamed && !isQuiet(metric, request))
    readings.push(ofScope(scope, metric.name, namesNothing(metric, found)));
  return readings;
}

/** Periods without a point are usual: some minutes without any are too. */
function isQuiet({ sparse }: FeedMetric, { window }: PointsRequest): boolean {
  return sparse && isShort(window);
}

function namesNothing({ feed }: FeedMetric, { otherNames }: Found): Failure {
  const [other] = [...otherNames].filter((name) => name !== '').sort();
  const detail =
    other === undefined
      ? `no series is there for column ${feed.column} in the window: check the query of the feed and its labels`
      : `no series is called ${feed.column}, and one is called ${other}: state what the server calls it as column of the feed`;
  return failureFor('not_found', detail);
}

function ofScope(scope: Scope, metric: string, { reason, detail }: Failure): PointReading {
  return { kind: 'unreadable', scope, metric, reason, detail };
}
