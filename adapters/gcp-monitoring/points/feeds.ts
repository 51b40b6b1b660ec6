/** A tenant's own metric: every series of it that is of this region, by the hosts and parts that its labels name. */

import { isClosedFilter } from '../../../core/model/closed-filter.ts';
import { FEED_REGION } from '../../../core/model/feed-region.ts';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import {
  type Part,
  type PointFeed,
  type PointMetric,
  type PointReading,
  partText,
} from '../../../core/model/points.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { Failure } from '../../reading/failure.ts';
import { feedHost, feedPart } from '../../reading/feed-hosts.ts';
import { foldTerms, isShort, pointSeries } from '../../reading/points.ts';
import type { Head } from '../answers.ts';
import { batchesOf } from '../batches.ts';
import { listSeries } from '../listing.ts';
import type { Hosts } from '../memory-metric.ts';
import type { RequestContext } from '../pages.ts';
import { is, isInRegion, isLocatedIn, type Query } from '../requests.ts';
import { createCollector, type Scale } from '../samples.ts';
import { BY_ID, type PointSpan, unreadable } from './read.ts';

/** A metric with its feed. */
export type FeedMetric = PointMetric & { readonly feed: PointFeed };

const ANY: Scale = { divisor: 1, full: Number.POSITIVE_INFINITY, least: Number.NEGATIVE_INFINITY };

/** Labels of a resource that state where it is, and the condition that it is in a region. */
const LOCATED_BY: ReadonlyMap<string, (region: string) => string> = new Map([
  ['resource.labels.zone', isInRegion],
  ['resource.labels.location', isLocatedIn],
  ['resource.labels.region', (region) => is('resource.labels.region', region)],
]);

/** A series, and the host and part that it is of. */
interface Named {
  readonly key: string;
  readonly host: Resource;
  readonly part: Part;
}

/** @param hosts The machines of the region: they keep their names, and where a feed names machines, those that are wanted are requested. */
export async function* readFeed(
  context: RequestContext,
  metric: FeedMetric,
  hosts: Hosts,
  filters: readonly HostFilter[],
  span: PointSpan,
): AsyncGenerator<PointReading> {
  const { scope } = context;
  const { query = '' } = metric.feed;
  if (!isClosedFilter(query)) {
    const detail = `the query of the feed is no filter by itself, which has every text and parenthesis closed: ${query}`;
    yield { kind: 'unreadable', scope, metric: metric.name, reason: 'malformed', detail };
    return;
  }
  const { named, collector, end } = await listFeed(context, metric, hosts, span);
  if (end) yield { kind: 'unreadable', scope, metric: metric.name, reason: end.reason, detail: end.detail };
  else if (named.length === 0 && !(metric.sparse && isShort(span.window)) && !isSelected(metric, hosts)) {
    yield { kind: 'unreadable', scope, metric: metric.name, ...unknown(metric.feed) };
  }
  for (const own of Map.groupBy(named, ({ host }) => host.id).values()) {
    const [first] = own;
    if (first && admits(filters, first.host)) yield* readingsOf(first.host, own, metric, collector, span);
  }
}

async function listFeed(context: RequestContext, metric: FeedMetric, hosts: Hosts, span: PointSpan) {
  const { scope } = context;
  const { feed, statistic } = metric;
  const isDelta = statistic === 'sum';
  const collector = createCollector({ ...span, statistic: isDelta ? 'average' : statistic }, { ...ANY, isDelta });
  const machines = new Map([...hosts.wanted, ...hosts.others].map((host) => [host.id, host]));
  const named = new Map<string, Named>();
  let end: Failure | undefined;
  for (const conditions of selections(context, metric, hosts)) {
    for await (const listed of listSeries(context, queryOf(metric, scope.region, conditions, span))) {
      if (listed.kind === 'failed') {
        end ??= listed.failure;
        continue;
      }
      const one = nameOf(context, feed, listed.head, machines);
      if (one === undefined) continue;
      named.set(one.key, one);
      collector.add(one.key, listed.series);
    }
  }
  return { named: [...named.values()], collector, end };
}

function queryOf(
  { feed: { column, query }, statistic }: FeedMetric,
  region: string,
  conditions: readonly string[],
  { window, periodMs }: PointSpan,
): Query {
  const isDelta = statistic === 'sum';
  return {
    metricType: column,
    // In parentheses, so that an OR of the owner's does not reach the conditions beside it.
    conditions: [...(query === undefined ? [] : [`(${query.replaceAll(FEED_REGION, region)})`]), ...conditions],
    span: { window, periodMs, statistic: isDelta ? 'average' : statistic },
    ...(isDelta && { isDelta }),
  };
}

/**
 * The conditions of each request: of a feed of machines, which ones. Of another one the region, where its hosts are named by a label that
 * states it: what has not the label is no host. A label that a resource does not have in a filter makes the service refuse it.
 */
function selections({ scope }: RequestContext, metric: FeedMetric, hosts: Hosts): (readonly string[])[] {
  if (!isOfMachines(metric)) {
    const located = metric.feed.entity
      .map((label) => LOCATED_BY.get(label))
      .find((condition) => condition !== undefined);
    return [located === undefined ? [] : [located(scope.region)]];
  }
  return batchesOf(BY_ID, hosts).map(({ conditions }) => [isInRegion(scope.region), ...conditions]);
}

function isOfMachines({ feed: { entity } }: FeedMetric): boolean {
  return entity.length === 1 && (entity[0] === BY_ID.label || entity[0] === `resource.labels.${BY_ID.label}`);
}

/** Whether some hosts were left out of the requests: no answer then proves that the feed names none. */
function isSelected(metric: FeedMetric, { others, isPart = false }: Hosts): boolean {
  return isOfMachines(metric) && (isPart || others.length > 0);
}

function nameOf(
  { scope }: RequestContext,
  feed: PointFeed,
  { resource, metric }: Head,
  machines: ReadonlyMap<string, Resource>,
): Named | undefined {
  const { zone, location = zone, region = location } = resource.labels;
  if (region !== undefined && region !== scope.region && !region.startsWith(`${scope.region}-`)) return undefined;
  const labels = labelsOf(resource.labels, metric.labels);
  const host = feedHost(scope, feed, labels);
  if (host === undefined) return undefined;
  const known = machines.get(host.id);
  const described = known ? { ...known, labels: { ...known.labels, ...host.labels } } : host;
  return { key: JSON.stringify([resource.labels, metric.labels]), host: described, part: feedPart(feed, labels) };
}

/** Labels by their names, and by their selectors where the resource and the metric have one of the same name. */
function labelsOf(resource: Head['resource']['labels'], metric: Head['metric']['labels']): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(resource),
    ...Object.entries(metric),
    ...Object.entries(resource).map(([name, text]) => [`resource.labels.${name}`, text] as const),
    ...Object.entries(metric).map(([name, text]) => [`metric.labels.${name}`, text] as const),
  ]);
}

function* readingsOf(
  host: Resource,
  own: readonly Named[],
  metric: FeedMetric,
  collector: ReturnType<typeof createCollector>,
  span: PointSpan,
): Generator<PointReading> {
  let failure: Failure | undefined;
  for (const same of Map.groupBy(own, ({ part }) => partText(part)).values()) {
    const samples = same.map(({ key }) => collector.take(key));
    const failed = samples.find((one) => one.kind === 'failed');
    if (failed) failure ??= failed.failure;
    else {
      const terms = samples.flatMap((one) => (one.kind === 'samples' ? [one] : []));
      yield pointSeries(host, metric, { part: same[0]?.part ?? {}, points: foldTerms(terms, metric) }, span);
    }
  }
  if (failure) yield unreadable(host, metric, failure);
}

function unknown({ column, query, entity }: PointFeed) {
  const where = query === undefined ? '' : ` that match ${query}`;
  const detail =
    `Cloud Monitoring has no series of ${column}${where} in this region and window with the labels ${entity.join(', ')}: ` +
    'check the feed’s columns, query and entity';
  return { reason: 'not_found', detail } as const;
}
