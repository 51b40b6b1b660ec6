/** Reads one memory metric of many hosts, and yields each host's samples as soon as nothing more of them can come. */
import type { Resource, Span } from '../../model/series.ts';
import type { Failure } from '../failure.ts';
import { inFlight } from '../in-flight.ts';
import { type Batch, batchesOf } from './batches.ts';
import { createGathering } from './gathering.ts';
import { listSeriesIfAny } from './listing.ts';
import { asNode, clusterOf, isNode, nodesOf } from './nodes.ts';
import type { Asking } from './pages.ts';
import { type Condition, is, isInRegion, isLocatedIn, type MetricUnit } from './requests.ts';
import type { Samples, Scale } from './samples.ts';

type Labels = Readonly<Record<string, string>>;

/** A metric that says how much of a host's memory is used. */
export interface MemoryMetric {
  readonly type: string;
  readonly resourceType: string;
  readonly unit: MetricUnit;
  readonly scale: Scale;
  readonly conditions: readonly Condition[];
  /** The resource's label that names a host, and what a host has there. Several hosts may go by one name. */
  readonly label: string;
  readonly nameOf: (host: Resource) => string;
  /** Which of the hosts that go by a series' name it can be of. */
  readonly ownersOf: (series: Labels, hosts: readonly Resource[]) => readonly Resource[];
  /** Whether no other series can turn out to be the host's as well. */
  readonly isCertain: (host: Resource) => boolean;
  /** What a series' resource tells of its host. */
  readonly describe: (host: Resource, series: Labels) => Resource;
}

/**
 * The Ops Agent (and the Monitoring agent before it): percent by state, which add up to 100. Cached and buffered memory can be
 * had back and is not `used`. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-memory
 */
export function agentMemory(region: string): MemoryMetric {
  return {
    type: 'agent.googleapis.com/memory/percent_used',
    resourceType: 'gce_instance',
    unit: '%',
    scale: { divisor: 100, full: 1 },
    conditions: [isInRegion(region), is('metric.labels.state', 'used')],
    // No two machines of a project have one id, whatever their names and zones.
    label: 'instance_id',
    nameOf: ({ id }) => id,
    ownersOf: (_, hosts) => hosts,
    isCertain: () => true,
    describe: (host) => host,
  };
}

/**
 * A node of a GKE cluster, where no agent can be installed: the fraction of what its pods may have that cannot be taken back from
 * them. Pods are evicted at 1. https://cloud.google.com/monitoring/api/metrics_kubernetes
 */
export function nodeMemory(region: string): MemoryMetric {
  return {
    type: 'kubernetes.io/node/memory/allocatable_utilization',
    resourceType: 'k8s_node',
    unit: '1',
    scale: { divisor: 1, full: 1 },
    conditions: [isLocatedIn(region), is('metric.labels.memory_type', 'non-evictable')],
    label: 'node_name',
    nameOf: ({ name = '' }) => name,
    ownersOf: (series, hosts) => nodesOf(clusterOf(series), hosts),
    isCertain: isNode,
    describe: (host, series) => asNode(host, clusterOf(series)),
  };
}

/** A host with its samples. Some hosts have none, which is no failure. */
export interface Read {
  readonly host: Resource;
  readonly samples: Samples;
}

/** Whose samples are wanted, and which other hosts the metric can have samples of. */
export interface Hosts {
  readonly wanted: readonly Resource[];
  readonly others: readonly Resource[];
}

/** Questions under way at once: at a few seconds each, 10,000 hosts that have to be named take half a minute. */
const MAX_AT_ONCE = 8;

/** Reads the wanted hosts' samples, one `Read` for each; nothing is thrown. */
export async function* readMemory(
  asking: Asking,
  metric: MemoryMetric,
  hosts: Hosts,
  span: Span,
): AsyncGenerator<Read> {
  const batches = batchesOf(metric, hosts);
  const [first] = batches;
  if (first !== undefined && batches.length === 1) {
    yield* readBatch(asking, metric, first, span);
    return;
  }
  // Who is refused once is refused each time: nothing is gained by asking for the others.
  let refusal: Failure | undefined;
  const readWhole = async (batch: Batch): Promise<Read[]> => {
    if (refusal) return failed(batch.wanted, refusal);
    const reads = await Array.fromAsync(readBatch(asking, metric, batch, span));
    for (const { samples } of reads) {
      if (samples.kind === 'failed' && samples.failure.reason === 'denied') refusal = samples.failure;
    }
    return reads;
  };
  for await (const reads of inFlight(batches, MAX_AT_ONCE, readWhole)) yield* reads;
}

async function* readBatch(asking: Asking, metric: MemoryMetric, batch: Batch, span: Span): AsyncGenerator<Read> {
  const { type: metricType, resourceType, unit } = metric;
  const gathering = createGathering(metric, batch, span);
  const conditions = [...metric.conditions, ...batch.conditions];
  let end: Failure | undefined;
  for await (const listed of listSeriesIfAny(asking, { metricType, resourceType, unit, conditions, span })) {
    if (listed.kind === 'failed') end ??= listed.failure;
    else yield* gathering.add(listed.head, listed.series, end === undefined);
  }
  yield* gathering.rest(end);
}

function failed(hosts: readonly Resource[], failure: Failure): Read[] {
  return hosts.map((host) => ({ host, samples: { kind: 'failed', failure } }));
}
