/** The samples of containers: those of the pods of a host, one after the other, are its own. */
import { MEMORY_USAGE, type Reading } from '../../../core/model/series.ts';
import type { SamplesRequest } from '../../../core/ports/memory-source.ts';
import { createCircuitBreaker } from '../../reading/circuit-breaker.ts';
import { neverReported } from '../../reading/container-hints.ts';
import type { Failure } from '../../reading/failure.ts';
import { inFlight } from '../../reading/in-flight.ts';
import type { Samples } from '../../reading/samples.ts';
import { joinRuns } from '../../reading/workloads.ts';
import { listSeriesIfAny } from '../listing.ts';
import type { RequestContext } from '../pages.ts';
import { MAX_ALTERNATIVES, MAX_POINTS } from '../requests.ts';
import { type Collector, createCollector } from '../samples.ts';
import { type ContainerKey, keyOf } from './entries.ts';
import type { ClusterHost } from './hosts.ts';
import { samplesQuery } from './queries.ts';

/** Requests under way at once. */
const MAX_AT_ONCE = 8;

const BYTES = { divisor: 1, full: Number.POSITIVE_INFINITY };

const TURN_ON =
  'Check that the system metrics of the cluster are on: gcloud container clusters update CLUSTER --monitoring=SYSTEM.';

/** One reading for each host; nothing is thrown. */
export async function* readContainers(
  context: RequestContext,
  hosts: readonly ClusterHost[],
  request: SamplesRequest,
): AsyncGenerator<Reading> {
  // Opens where a right is missing and for nothing else: any other failure may be one batch's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const readAll = async (batch: readonly ClusterHost[]): Promise<Reading[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return batch.map((host) => unreadable(host, openedBy));
    const { collector, failure } = await collect(context, batch, request);
    circuitBreaker.record(failure);
    return batch.map((host) => (failure ? unreadable(host, failure) : readingOf(host, collector, request)));
  };
  for await (const readings of inFlight(batchesOf(hosts, request.span), MAX_AT_ONCE, readAll)) yield* readings;
}

/** Pods in one request: those that a filter can name, and whose samples fill a page. */
export function podsPerRequest({ window, periodMs }: Pick<SamplesRequest['span'], 'window' | 'periodMs'>): number {
  const periods = Math.max(1, Math.ceil((window.end - window.start) / periodMs));
  return Math.max(1, Math.min(MAX_ALTERNATIVES, Math.floor(MAX_POINTS / periods)));
}

/**
 * Pods are named, however many they are: a cluster also has the series of all pods that are gone, and each is billed. All containers of
 * a pod are in one request.
 */
function* batchesOf(hosts: readonly ClusterHost[], span: SamplesRequest['span']): Generator<readonly ClusterHost[]> {
  const size = podsPerRequest(span);
  let batch: ClusterHost[] = [];
  let count = 0;
  for (const together of Map.groupBy(hosts, ({ resource: { id } }) => id.slice(0, id.lastIndexOf('/'))).values()) {
    const pods = new Set(together.flatMap((host) => host.pods)).size;
    if (batch.length > 0 && count + pods > size) {
      yield batch;
      [batch, count] = [[], 0];
    }
    batch.push(...together);
    count += pods;
  }
  if (batch.length > 0) yield batch;
}

/** The samples of all pods of a batch, by container. */
async function collect(context: RequestContext, batch: readonly ClusterHost[], { span }: SamplesRequest) {
  const collector = createCollector(span, BYTES);
  const wanted = new Set(batch.flatMap(({ key, pods }) => pods.map((pod) => textOf({ ...key, pod }))));
  const names = [...new Set(batch.flatMap(({ pods }) => pods))];
  let failure: Failure | undefined;
  for await (const listed of listSeriesIfAny(context, samplesQuery(context.scope, names, span))) {
    if (listed.kind === 'failed') {
      failure ??= listed.failure;
      continue;
    }
    const key = keyOf(listed.head);
    const text = key && textOf(key);
    if (text !== undefined && wanted.has(text)) collector.add(text, listed.series);
  }
  return { collector, failure };
}

function textOf({ location, cluster, namespace, pod, container }: ContainerKey): string {
  return [location, cluster, namespace, pod, container].join(' ');
}

function readingOf(host: ClusterHost, collector: Collector, { span }: SamplesRequest): Reading {
  const { resource, key, pods, limit } = host;
  const samples = pods.map((pod): Samples => collector.take(textOf({ ...key, pod })));
  const failed = samples.find((each) => each.kind === 'failed');
  if (failed) return unreadable(host, failed.failure);
  const { window, periodMs, statistic } = span;
  const { times, values } = joinRuns(
    samples.filter((each) => each.kind === 'samples'),
    periodMs,
  );
  if (times.length === 0) return neverReported(resource, window, TURN_ON);
  return {
    kind: 'series',
    resource,
    metric: MEMORY_USAGE,
    unit: 'By',
    ...(limit !== undefined && { limit }),
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

function unreadable({ resource }: ClusterHost, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail };
}
