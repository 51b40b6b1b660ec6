/** The targets of a tenant's own metric: the hosts and parts that its dimensions name. */
import { formatUsd } from '../../../core/messages/units.ts';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import { type Part, type PointFeed, type PointMetric, partText } from '../../../core/model/points.ts';
import type { Resource, Scope } from '../../../core/model/series.ts';
import { feedHost, feedPart } from '../../reading/feed-hosts.ts';
import { type DimensionedMetric, instanceOf } from '../hosts.ts';
import type { Inventory } from '../inventory.ts';
import type { RequestContext } from '../pages.ts';
import { PRICE } from '../price.ts';
import { failureOf, hostsIn, type Planned, type PointsAccess } from './hosts.ts';
import { namesIn, type Target, type TargetPart } from './targets.ts';

/** A metric with its feed. */
export type FeedMetric = PointMetric & { readonly feed: PointFeed };

export async function feedTargets(
  context: RequestContext,
  { scope, setsOf }: Pick<PointsAccess, 'scope' | 'setsOf'>,
  metric: FeedMetric,
  inventory: Inventory,
  filters: readonly HostFilter[],
): Promise<Planned> {
  const { query: Namespace, column: MetricName } = metric.feed;
  const listing = await setsOf(context, { ...(Namespace !== undefined && { Namespace }), MetricName });
  const metrics = listing.kind === 'listed' ? listing.metrics : [];
  const named = metrics.flatMap((way) => namedBy(way, metric.feed, scope));
  const failure = failureOf(listing);
  const { name } = metric;
  const readings = failure
    ? [{ kind: 'unreadable', scope, metric: name, reason: failure.reason, detail: failure.detail } as const]
    : [];
  if (named.length === 0 && readings.length === 0) {
    return {
      targets: [],
      readings: [{ kind: 'unreadable', scope, metric: name, ...unknown(metric.feed, metrics.length) }],
    };
  }
  const known = new Map(hostsIn(inventory).map(({ resource }) => [resource.id, resource]));
  const isComplete = inventory.hostsTruncated === undefined;
  const targets = [...Map.groupBy(named, ({ host }) => host.id).values()].flatMap((own): Target[] => {
    const [first] = own;
    if (first === undefined || (isComplete && isGone(first, known))) return [];
    const resource = described(first.host, known.get(first.host.id));
    return admits(filters, resource)
      ? [{ resource, metric, parts: partsOf(complete(own, metric.feed)), divisor: 1 }]
      : [];
  });
  const bound = metric.feed.mostSeries ?? Number.POSITIVE_INFINITY;
  const series = targets.reduce((sum, { parts }) => sum + waysIn(parts), 0);
  if (series <= bound) return { targets, readings };
  return {
    targets: [],
    readings: [...readings, { kind: 'unreadable', scope, metric: name, ...tooMany(metric, series) }],
  };
}

/** Each is a metric that GetMetricData bills. */
function waysIn(parts: readonly TargetPart[]): number {
  return parts.flatMap(({ terms }) => terms).reduce((sum, { ways }) => sum + ways.length, 0);
}

interface NamedWay {
  readonly way: DimensionedMetric;
  readonly host: Resource;
  readonly part: Part;
}

function namedBy(way: DimensionedMetric, feed: PointFeed, scope: Scope): NamedWay[] {
  const labels = new Map(way.dimensions.map(({ Name, Value }) => [Name, Value]));
  const host = feedHost(scope, feed, labels);
  return host ? [{ way, host, part: feedPart(feed, labels) }] : [];
}

/** Sets of instances that ended are listed for two weeks more. */
function isGone({ way, host }: NamedWay, known: ReadonlyMap<string, Resource>): boolean {
  return instanceOf(way.dimensions) === host.id && !known.has(host.id);
}

/** An instance keeps its name and group, and gets the labels of the feed. */
function described(host: Resource, known: Resource | undefined): Resource {
  if (known === undefined) return host;
  return host.labels ? { ...known, labels: { ...known.labels, ...host.labels } } : known;
}

/** Where parts are known, a set that names none, or a part of one, adds several of them up. */
function complete(own: readonly NamedWay[], { children }: PointFeed): readonly NamedWay[] {
  const parts = own.filter(({ part }) => Object.keys(part).length === children.length);
  return parts.length > 0 ? parts : own;
}

/** Roll-ups are left out; sets that differ in other dimensions than the feed names are added up, or averaged. */
function partsOf(own: readonly NamedWay[]): TargetPart[] {
  return [...Map.groupBy(own, ({ part }) => partText(part)).values()].flatMap((same) => {
    const most = same.reduce((sofar, { way }) => Math.max(sofar, way.dimensions.length), 0);
    const complete = namesIn(same.find(({ way }) => way.dimensions.length === most)?.way.dimensions ?? []);
    const ways = same
      .map(({ way }) => way)
      .filter(({ dimensions }) => {
        const names = namesIn(dimensions);
        return names.size === complete.size || !names.isSubsetOf(complete);
      });
    return same[0] ? [{ part: same[0].part, terms: ways.map((way) => ({ ways: [way], isRest: false })) }] : [];
  });
}

function unknown({ query, column, entity }: PointFeed, listed: number) {
  const where = query === undefined ? 'in any namespace' : `in the namespace ${query}`;
  const detail =
    listed === 0
      ? `CloudWatch lists no metric ${column} ${where} of the last two weeks: check the feed’s query and columns`
      : `CloudWatch lists ${column} ${where}, and none of its sets has the dimensions ${entity.join(', ')}: check the feed’s entity`;
  return { reason: 'not_found', detail } as const;
}

/** They are counted by the listing, which is not billed by the metric. */
function tooMany({ name, feed: { column, query, mostSeries = 0 } }: FeedMetric, series: number) {
  const where = query === undefined ? 'any namespace' : query;
  const usd = formatUsd(series * PRICE.usdPerMetric);
  const detail =
    `${name} is ${series.toLocaleString('en')} sets of dimensions of ${column} in ${where}, ${usd} an inspection, and its feed has a bound of ` +
    `${mostSeries.toLocaleString('en')} (mostSeries): none was read. Narrow the job by \`hosts\`, name another \`query\` or \`entity\`, or raise \`mostSeries\``;
  return { reason: 'truncated', detail } as const;
}
