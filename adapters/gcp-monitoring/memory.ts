/** Reads one memory metric of many hosts, and yields each host's samples as soon as nothing more of them can come. */
import type { Resource, Span } from '../../model/series.ts';
import type { Failure } from '../failure.ts';
import { listSeriesIfAny } from './listing.ts';
import type { Asking } from './pages.ts';
import { type Condition, is, isInRegion, isOneOf, MAX_ALTERNATIVES } from './requests.ts';
import { createCollector, type Samples } from './samples.ts';

/** A metric that says how much of a host's memory is used. */
export interface MemoryMetric {
  readonly type: string;
  readonly resourceType: string;
  readonly conditions: readonly Condition[];
  /** The resource's label that says whose a series is, and what a host has there. */
  readonly label: string;
  readonly keyOf: (host: Resource) => string;
  /** What a value is divided by to be a fraction. */
  readonly divisor: number;
}

/**
 * The Ops Agent (and the Monitoring agent before it): percent by state, which add up to 100. Cached and buffered memory can be
 * had back and is not `used`. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-memory
 */
export function agentMemory(region: string): MemoryMetric {
  return {
    type: 'agent.googleapis.com/memory/percent_used',
    resourceType: 'gce_instance',
    conditions: [isInRegion(region), is('metric.labels.state', 'used')],
    label: 'instance_id',
    keyOf: ({ id }) => id,
    divisor: 100,
  };
}

/**
 * A node of a GKE cluster, where no agent can be installed: the fraction of what its pods may have that cannot be taken back from
 * them. Pods are evicted at 1. https://cloud.google.com/monitoring/api/metrics_kubernetes
 */
export const NODE_MEMORY: MemoryMetric = {
  type: 'kubernetes.io/node/memory/allocatable_utilization',
  resourceType: 'k8s_node',
  conditions: [is('metric.labels.memory_type', 'non-evictable')],
  label: 'node_name',
  keyOf: ({ name = '' }) => name,
  divisor: 1,
};

/** A host with its samples. Some hosts have none, which is no failure. */
export interface Read {
  readonly host: Resource;
  readonly samples: Samples;
}

/**
 * Reads the hosts' samples, one `Read` for each; nothing is thrown. `named` hosts are asked for by name, as many at a time as a
 * filter takes; else all that the metric has are asked for, which takes the fewest calls, and those of other hosts are dropped.
 */
export async function* readMemory(
  asking: Asking,
  metric: MemoryMetric,
  hosts: readonly Resource[],
  span: Span,
  named: boolean,
): AsyncGenerator<Read> {
  const step = named ? MAX_ALTERNATIVES : Math.max(1, hosts.length);
  for (let start = 0; start < hosts.length; start += step) {
    const batch = hosts.slice(start, start + step);
    const condition = isOneOf(`resource.labels.${metric.label}`, batch.map(metric.keyOf));
    yield* readBatch(
      asking,
      named ? { ...metric, conditions: [...metric.conditions, condition] } : metric,
      batch,
      span,
    );
  }
}

async function* readBatch(
  asking: Asking,
  { type, resourceType, conditions, label, keyOf, divisor }: MemoryMetric,
  batch: readonly Resource[],
  span: Span,
): AsyncGenerator<Read> {
  const waiting = new Map(batch.map((host) => [keyOf(host), host]));
  const collector = createCollector(span, divisor);
  let end: Failure | undefined;
  for await (const listed of listSeriesIfAny(asking, { metricType: type, resourceType, conditions, span })) {
    if (listed.kind === 'failed') {
      end ??= listed.failure;
      continue;
    }
    const key = listed.head.resource.labels[label] ?? '';
    const host = waiting.get(key);
    if (host === undefined) continue;
    collector.add(key, listed.series);
    if (!collector.isWhole(key, end === undefined)) continue;
    waiting.delete(key);
    yield { host, samples: collector.take(key) };
  }
  for (const [key, host] of waiting)
    yield { host, samples: end ? { kind: 'failed', failure: end } : collector.take(key) };
}
