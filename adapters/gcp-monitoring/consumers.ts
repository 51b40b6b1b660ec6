/** Who uses a host's memory: its processes, as the Ops Agent reports them, or the pods of a GKE node. Asked for suspects only. */

import type { MeanSpan } from '../../inspection/ports.ts';
import {
  type Consumer,
  POD_MEMORY,
  PROCESS_MEMORY,
  type Reading,
  type Resource,
  type Span,
} from '../../model/series.ts';
import type { Failure } from '../failure.ts';
import type { Head } from './answers.ts';
import { listSeries, listSeriesIfAny } from './listing.ts';
import type { Asking } from './pages.ts';
import { isNode } from './readings.ts';
import { is, type Query } from './requests.ts';
import { createCollector } from './samples.ts';

/** One way in which a cloud tells consumers. */
interface ConsumerMetric {
  readonly query: Omit<Query, 'span'>;
  readonly metric: string;
  readonly consumerOf: (head: Head) => Consumer;
  /** A metric whose series add up to the host's capacity in bytes. */
  readonly capacity: Omit<Query, 'span'>;
  /** How to turn it on. */
  readonly hint: string;
}

/**
 * Yields a series in bytes for each consumer, with the host's capacity as its limit where that is known. A host without any is
 * `uncovered`. What fails is one `unreadable` of the host, beside the consumers that are known whole all the same.
 */
export async function* readConsumers(asking: Asking, host: Resource, span: MeanSpan): AsyncGenerator<Reading> {
  const { query, metric, consumerOf, capacity, hint } = isNode(host) ? podMemory(host) : processMemory(host);
  const collector = createCollector(span, 1);
  const consumers = new Map<string, Consumer>();
  let failure: Failure | undefined;
  for await (const listed of listSeriesIfAny(asking, { ...query, span })) {
    if (listed.kind === 'failed') {
      failure ??= listed.failure;
      continue;
    }
    const consumer = consumerOf(listed.head);
    const key = JSON.stringify(consumer);
    consumers.set(key, consumer);
    collector.add(key, listed.series);
  }
  if (consumers.size === 0 && failure === undefined) {
    yield { kind: 'uncovered', resource: host, reason: 'not_reported', hint };
    return;
  }
  const whole = [...consumers].filter(([key]) => failure === undefined || collector.isWhole(key, false));
  const limit = whole.length === 0 ? undefined : await readCapacity(asking, capacity, span);
  const described = { resource: host, metric, unit: 'By', ...(limit !== undefined && { limit }) } as const;
  for (const [key, consumer] of whole) {
    const samples = collector.take(key);
    if (samples.kind === 'failed') failure ??= samples.failure;
    else yield { kind: 'series', ...described, consumer, ...span, times: samples.times, values: samples.values };
  }
  if (failure) yield { kind: 'unreadable', scope: host, reason: failure.reason, detail: failure.detail };
}

/** A host's capacity in bytes, or undefined where it cannot be had: shares of the host are then not known, and that is all. */
async function readCapacity(asking: Asking, query: Omit<Query, 'span'>, { window }: Span): Promise<number | undefined> {
  const span: Span = { window, periodMs: window.end - window.start, statistic: 'average' };
  const collector = createCollector(span, 1);
  for await (const listed of listSeries(asking, { ...query, span })) {
    if (listed.kind === 'failed') return undefined;
    collector.add('capacity', listed.series);
  }
  const samples = collector.take('capacity');
  return samples.kind === 'samples' ? samples.values[0] : undefined;
}

/**
 * Resident bytes by executable. `command_line` is never asked for: it may carry passwords, and grouping by `command` alone keeps
 * it out of the answer. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-processes
 */
function processMemory({ id }: Resource): ConsumerMetric {
  const conditions = [is('resource.labels.instance_id', id)];
  return {
    query: {
      metricType: 'agent.googleapis.com/processes/rss_usage',
      resourceType: 'gce_instance',
      conditions,
      reduction: { reducer: 'REDUCE_SUM', groupBy: ['metric.labels.command'] },
    },
    metric: PROCESS_MEMORY,
    consumerOf: ({ metric }) => ({ kind: 'process', name: metric.labels['command'] || 'unknown' }),
    capacity: {
      metricType: 'agent.googleapis.com/memory/bytes_used',
      resourceType: 'gce_instance',
      conditions,
      reduction: { reducer: 'REDUCE_SUM', groupBy: ['resource.labels.instance_id'] },
    },
    hint:
      'No Ops Agent reports the processes of this instance. It does so by default: see that its config ' +
      '(/etc/google-cloud-ops-agent/config.yaml) has a receiver of type hostmetrics, and that no exclude_metrics processor drops agent.googleapis.com/processes/*.',
  };
}

/** What cannot be taken back from the containers of each pod. https://cloud.google.com/monitoring/api/metrics_kubernetes */
function podMemory({ name = '' }: Resource): ConsumerMetric {
  return {
    query: {
      metricType: 'kubernetes.io/container/memory/used_bytes',
      resourceType: 'k8s_container',
      conditions: [is('metadata.system_labels.node_name', name), is('metric.labels.memory_type', 'non-evictable')],
      reduction: {
        reducer: 'REDUCE_SUM',
        groupBy: ['resource.labels.namespace_name', 'resource.labels.pod_name'],
      },
    },
    metric: POD_MEMORY,
    consumerOf({ resource }) {
      const { pod_name: pod = 'unknown', namespace_name: namespace } = resource.labels;
      return { kind: 'pod', name: pod, ...(namespace !== undefined && { namespace }) };
    },
    capacity: {
      metricType: 'kubernetes.io/node/memory/allocatable_bytes',
      resourceType: 'k8s_node',
      conditions: [is('resource.labels.node_name', name)],
      reduction: { reducer: 'REDUCE_SUM', groupBy: ['resource.labels.node_name'] },
    },
    hint: 'The cluster reports no containers of this node. Turn system metrics on: gcloud container clusters update CLUSTER --monitoring=SYSTEM.',
  };
}
