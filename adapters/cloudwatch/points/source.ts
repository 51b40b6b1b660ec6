/** Points of the hosts of an account and region: which hosts, which targets of each metric, and what is said of those without one. */
import { admits } from '../../../core/model/host-filter.ts';
import { periodIssue } from '../../../core/model/point-periods.ts';
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import { MEMORY_UTILIZATION, type NotMonitored, type Resource, type Scope } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import { memoryPoints } from '../../reading/points.ts';
import { INSTANCE_CPU } from '../metrics.ts';
import type { NamedHosts } from '../naming.ts';
import type { RequestContext } from '../pages.ts';
import { admitted } from '../plan.ts';
import { readHosts } from '../rounds.ts';
import { NO_CPU, NO_LOAD, PUBLISHED, type Published } from './catalogue.ts';
import { feedTargets } from './feeds.ts';
import { failureOf, hostsIn, type KnownHost, type Planned, type PointsAccess } from './hosts.ts';
import { readTargets, unreadable } from './read.ts';
import { hostIdOf, partsOf, type Target, type Way } from './targets.ts';

export async function* readPoints(
  context: RequestContext,
  access: PointsAccess,
  request: PointsRequest,
): AsyncGenerator<PointReading> {
  refusePeriod(request.periodMs);
  const named = await access.hosts.named(context, request.filters);
  yield* scopeFailures(named, access.scope);
  const hosts = hostsIn(named.inventory).filter(({ resource }) => admits(request.filters, resource));
  const targets: Target[] = [];
  for (const metric of request.metrics) {
    if (metric.name === MEMORY_UTILIZATION) continue;
    const planned = metric.feed
      ? await feedTargets(context, access, { ...metric, feed: metric.feed }, named.inventory, request.filters)
      : await catalogueTargets(context, access, metric, hosts);
    targets.push(...planned.targets);
    yield* planned.readings;
  }
  yield* readTargets(context, targets, request);
  if (request.metrics.some(({ name }) => name === MEMORY_UTILIZATION)) {
    yield* readMemory(context, named, access.scope, request);
  }
}

/** The periods of GetMetricData: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html */
function refusePeriod(periodMs: number): void {
  const message = periodIssue('aws', periodMs / 1000);
  if (message === undefined) return;
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}

function* scopeFailures({ inventory, missing }: NamedHosts, scope: Scope): Generator<PointReading> {
  for (const why of [missing, inventory.hostsTruncated, inventory.metricsTruncated]) {
    if (!why) continue;
    const detail = `some hosts are not known: ${why.detail}`;
    yield { kind: 'unreadable', scope, metric: null, reason: why.reason, detail };
  }
}

async function catalogueTargets(
  context: RequestContext,
  { setsOf }: PointsAccess,
  metric: PointMetric,
  hosts: readonly KnownHost[],
): Promise<Planned> {
  if (metric.name === 'system.cpu.utilization') return processors(metric, hosts);
  const published = PUBLISHED.get(metric.name);
  if (published === undefined) {
    const hint =
      metric.name === 'system.cpu.load_average.1m' ? NO_LOAD : `CloudWatch has no ${metric.name}: name a feed.`;
    return { targets: [], readings: hosts.map(({ resource }) => without(resource, metric, 'unsupported', hint)) };
  }
  if (hosts.length === 0) return { targets: [], readings: [] };
  const { ways, failure } = await listWays(context, setsOf, published);
  const byHost = Map.groupBy(ways, ({ way }) => hostIdOf(way.dimensions));
  const targets: Target[] = [];
  const readings: PointReading[] = [];
  for (const { resource } of hosts) {
    const parts = partsOf(byHost.get(resource.id) ?? []);
    if (parts.length > 0) targets.push({ resource, metric, parts, divisor: metric.unit === '1' ? 100 : 1 });
    else if (failure) readings.push(unreadable({ resource, metric }, failure));
    else readings.push(without(resource, metric, 'not_reported', published.hint));
  }
  return { targets, readings };
}

async function listWays(context: RequestContext, setsOf: PointsAccess['setsOf'], { names, wayOf }: Published) {
  const listings = await Promise.all(names.map(({ MetricName }) => setsOf(context, { MetricName })));
  const ways = listings
    .flatMap((one) => (one.kind === 'listed' ? one.metrics : []))
    .flatMap((way): Way[] => {
      const known = wayOf(way);
      return known ? [known] : [];
    });
  return { ways, failure: listings.map(failureOf).find(Boolean) };
}

function processors(metric: PointMetric, hosts: readonly KnownHost[]): Planned {
  const { instances = [], machines = [] } = Object.groupBy(hosts, (host) =>
    host.isInstance ? 'instances' : 'machines',
  );
  return {
    targets: instances.map(({ resource }): Target => {
      const way = { metric: INSTANCE_CPU, dimensions: [{ Name: 'InstanceId', Value: resource.id }] };
      return { resource, metric, parts: [{ part: {}, terms: [{ ways: [way], isRest: false }] }], divisor: 100 };
    }),
    readings: machines.map(({ resource }) => without(resource, metric, 'unsupported', NO_CPU)),
  };
}

function without(
  resource: Resource,
  { name }: PointMetric,
  reason: NotMonitored['reason'],
  hint: string,
): PointReading {
  return { kind: 'not_monitored', resource, metric: name, reason, hint };
}

/** As the leak inspection reads it, but for failures of the scope, which are said once for all metrics. */
async function* readMemory(
  context: RequestContext,
  named: NamedHosts,
  scope: Scope,
  { window, periodMs, filters }: PointsRequest,
): AsyncGenerator<PointReading> {
  const { hosts, readings } = admitted(named, scope, filters);
  const ofHosts = readings.filter((reading) => reading.kind !== 'unreadable' || 'id' in reading.scope);
  for (const reading of ofHosts) yield memoryPoints(reading, window, periodMs);
  const span = { window, periodMs, statistic: 'average' } as const;
  for await (const reading of readHosts(context, hosts, { metric: MEMORY_UTILIZATION, span })) {
    yield memoryPoints(reading, window, periodMs);
  }
}
