/** Reads one memory metric of many hosts, and yields each host's samples as soon as nothing more of them can come. */
import type { Resource, Span } from '../../core/model/series.ts';
import { createCircuitBreaker } from '../reading/circuit-breaker.ts';
import type { Failure } from '../reading/failure.ts';
import { inFlight } from '../reading/in-flight.ts';
import { type Batch, batchesOf } from './batches.ts';
import { createGathering } from './gathering.ts';
import { listSeriesIfAny } from './listing.ts';
import type { HostSamples, Hosts, MemoryMetric } from './memory-metric.ts';
import type { RequestContext } from './pages.ts';

/** Requests under way at once: at a few seconds each, 10,000 hosts that have to be named take half a minute. */
export const MAX_AT_ONCE = 8;

/** Reads the wanted hosts' samples, one `HostSamples` for each; nothing is thrown. */
export async function* readMemory(
  context: RequestContext,
  metric: MemoryMetric,
  hosts: Hosts,
  span: Span,
): AsyncGenerator<HostSamples> {
  const batches = batchesOf(metric, hosts);
  const [first] = batches;
  if (first !== undefined && batches.length === 1) {
    yield* readBatch(context, metric, first, span);
    return;
  }
  // Opens where a right is missing and for nothing else: any other failure may be one host's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const readAll = async (batch: Batch): Promise<HostSamples[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return failed(batch.wanted, openedBy);
    const hostSamples = await Array.fromAsync(readBatch(context, metric, batch, span));
    for (const { samples } of hostSamples) {
      circuitBreaker.record(samples.kind === 'failed' ? samples.failure : undefined);
    }
    return hostSamples;
  };
  for await (const hostSamples of inFlight(batches, MAX_AT_ONCE, readAll)) yield* hostSamples;
}

async function* readBatch(
  context: RequestContext,
  metric: MemoryMetric,
  batch: Batch,
  span: Span,
): AsyncGenerator<HostSamples> {
  const { type: metricType, resourceType, unit } = metric;
  const gathering = createGathering(metric, batch, span);
  const conditions = [...metric.conditions, ...batch.conditions];
  let end: Failure | undefined;
  for await (const listed of listSeriesIfAny(context, { metricType, resourceType, unit, conditions, span })) {
    if (listed.kind === 'failed') end ??= listed.failure;
    else yield* gathering.add(listed.head, listed.series, end === undefined);
  }
  yield* gathering.rest(end);
}

function failed(hosts: readonly Resource[], failure: Failure): HostSamples[] {
  return hosts.map((host) => ({ host, samples: { kind: 'failed', failure } }));
}
