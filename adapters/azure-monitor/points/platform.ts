/** The points of metrics that Azure Monitor keeps of a machine: its processor, and metrics of a tenant's own. */
import type { PointFeed, PointMetric, PointReading } from '../../../core/model/points.ts';
import type { Resource, Scope } from '../../../core/model/series.ts';
import type { Failure } from '../../reading/failure.ts';
import { chunksOf, inFlight } from '../../reading/in-flight.ts';
import { isShort, pointSeries, pointsFault } from '../../reading/points.ts';
import type { Clients } from '../clients.ts';
import type { Host } from '../inventory.ts';
import {
  type Aggregate,
  BATCH_SIZE,
  type FetchedValues,
  fetchMetric,
  type PlatformMetric,
  type Values,
} from '../samples.ts';
import { NO_CPU, PLATFORM_CPU } from './catalogue.ts';
import type { PointSpan } from './logs.ts';
import { unreadable } from './unreadable.ts';

/** Requests under way: bounds memory (50 hosts each) and stays far below 360,000 calls an hour. */
const REQUESTS_IN_FLIGHT = 4;

const AGGREGATES: Readonly<Record<PointMetric['statistic'], Aggregate>> = {
  average: 'average',
  minimum: 'minimum',
  maximum: 'maximum',
  sum: 'total',
};

export async function* readProcessors(
  clients: Clients,
  metric: PointMetric,
  hosts: readonly Host[],
  span: PointSpan,
): AsyncGenerator<PointReading> {
  const asked: PlatformMetric = { ...PLATFORM_CPU, aggregate: AGGREGATES[metric.statistic] };
  for await (const fetched of inBatches(clients, hosts, asked, span)) {
    yield* fetched.map(({ host: { resource }, values }) => {
      const hasNone = values.kind === 'no_metric' || (values.kind === 'samples' && values.times.length === 0);
      if (!hasNone || (values.kind === 'samples' && isShort(span.window))) {
        return readingOf(resource, values, metric, span, 100);
      }
      return { kind: 'not_monitored', resource, metric: metric.name, reason: 'not_reported', hint: NO_CPU } as const;
    });
  }
}

/** A metric with its feed. */
export type FeedMetric = PointMetric & { readonly feed: PointFeed };

/**
 * A metric of Azure belongs to a resource, so that a feed's hosts are the machines that have it, and its entity is the id of the resource.
 * Dimensions are not split by: with a filter Azure gives the ten greatest series and no notice of others.
 */
export async function* readFeed(
  clients: Clients,
  scope: Scope,
  metric: FeedMetric,
  hosts: readonly Host[],
  span: PointSpan,
): AsyncGenerator<PointReading> {
  const { query: namespace, column: name, children } = metric.feed;
  if (children.length > 0) {
    const detail = `the feed ${metric.name} has children, which Azure cannot list: leave them out, or write one feed for each`;
    yield { kind: 'unreadable', scope, metric: metric.name, reason: 'malformed', detail };
    return;
  }
  const asked: PlatformMetric = {
    name,
    ...(namespace !== undefined && { namespace }),
    aggregate: AGGREGATES[metric.statistic],
  };
  let isKnown = hosts.length === 0;
  let lost: Failure | undefined;
  for await (const fetched of inBatches(clients, hosts, asked, span)) {
    const failure = commonFailure(fetched);
    lost ??= failure;
    const named = failure ? [] : fetched.filter(({ values }) => isNamed(values));
    isKnown ||= named.length > 0 || (metric.sparse && fetched.some(({ values }) => values.kind === 'samples'));
    yield* named.map(({ host, values }) => readingOf(host.resource, values, metric, span, 1));
  }
  if (lost) yield { kind: 'unreadable', scope, metric: metric.name, reason: lost.reason, detail: lost.detail };
  else if (!isKnown) yield { kind: 'unreadable', scope, metric: metric.name, ...unknown(metric.feed) };
}

/** Why nothing of a request was answered: which of its machines have the metric is then not known. */
function commonFailure(fetched: readonly FetchedValues[]): Failure | undefined {
  const failures = fetched.flatMap(({ values }) => (values.kind === 'failed' ? [values.failure] : []));
  return failures.length === fetched.length ? failures[0] : undefined;
}

function isNamed(values: Values): boolean {
  return values.kind === 'failed' || (values.kind === 'samples' && values.times.length > 0);
}

function unknown({ query: namespace, column }: PointFeed) {
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  const detail = `Azure Monitor has no metric ${column}${where} of any machine of this region in the window: check the feed’s query and columns`;
  return { reason: 'not_found', detail } as const;
}

function inBatches(clients: Clients, hosts: readonly Host[], metric: PlatformMetric, span: PointSpan) {
  const batches = [...Map.groupBy(hosts, ({ kind }) => kind).values()].flatMap((ofKind) => [
    ...chunksOf(ofKind, BATCH_SIZE),
  ]);
  return inFlight(batches, REQUESTS_IN_FLIGHT, (batch) => fetchMetric(clients, batch, metric, span));
}

function readingOf(
  resource: Resource,
  values: Values,
  metric: PointMetric,
  span: PointSpan,
  divisor: number,
): PointReading {
  if (values.kind === 'no_metric')
    return unreadable(resource, metric, { reason: 'not_found', detail: 'no such metric' });
  if (values.kind === 'failed') return unreadable(resource, metric, values.failure);
  const checked = pointsFault(
    'Azure Monitor',
    values.values.map((value) => value / divisor),
    metric,
  );
  if (checked.kind === 'failed') return unreadable(resource, metric, checked.failure);
  return pointSeries(resource, metric, { part: {}, points: { times: values.times, values: checked.values } }, span);
}
