/** Reads one memory metric of many hosts, and yields each host's samples as soon as nothing more of them can come. */
import type { Resource, Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { inFlight } from '../reading/in-flight.ts';
import { type Batch, batchesOf } from './batches.ts';
import { createGathering } from './gathering.ts';
import { listSeriesIfAny } from './listing.ts';
import type { Hosts, MemoryMetric, Read } from './memory-metric.ts';
import type { RequestContext } from './pages.ts';

/** Questions under way at once: at a few seconds each, 10,000 hosts that have to be named take half a minute. */
const MAX_AT_ONCE = 8;

/** Reads the wanted hosts' samples, one `Read` for each; nothing is thrown. */
export async function* readMemory(
  context: RequestContext,
  metric: MemoryMetric,
  hosts: Hosts,
  span: Span,
): AsyncGenerator<Read> {
  const batches = batchesOf(metric, hosts);
  const [first] = batches;
  if (first !== undefined && batches.length === 1) {
    yield* readBatch(context, metric, first, span);
    return;
  }
  // Who is refused once is refused each time: nothing is gained by asking for the others.
  let refusal: Failure | undefined;
  const readComplete = async (batch: Batch): Promise<Read[]> => {
    if (refusal) return failed(batch.wanted, refusal);
    const reads = await Array.fromAsync(readBatch(context, metric, batch, span));
    for (const { samples } of reads) {
      if (samples.kind === 'failed' && samples.failure.reason === 'denied') refusal = samples.failure;
    }
    return reads;
  };
  for await (const reads of inFlight(batches, MAX_AT_ONCE, readComplete)) yield* reads;
}

async function* readBatch(
  context: RequestContext,
  metric: MemoryMetric,
  batch: Batch,
  span: Span,
): AsyncGenerator<Read> {
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

function failed(hosts: readonly Resource[], failure: Failure): Read[] {
  return hosts.map((host) => ({ host, samples: { kind: 'failed', failure } }));
}
