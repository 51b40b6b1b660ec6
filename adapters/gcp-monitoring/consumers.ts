/**
 * The consumers of a host's memory: its processes, as the Ops Agent reports them, or the pods of a GKE node. Read for
 * suspects only.
 */

import { type Consumer, POD_MEMORY, PROCESS_MEMORY, type Reading, type Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import { NO_SAMPLES, type Samples } from '../reading/samples.ts';
import type { Head } from './answers.ts';
import { listSeriesIfAny } from './listing.ts';
import { isNode, isOfClusterOf } from './nodes.ts';
import { BYTES, type HostMetric, instanceMemory, readCapacity, readOne } from './one-series.ts';
import { type RequestContext, undocumented } from './pages.ts';
import { is, type Query } from './requests.ts';
import { createCollector } from './samples.ts';

/** One way in which Google Cloud reports consumers. */
interface ConsumerMetric {
  /** Of one host, in bytes: a series for each pid, or for each container. */
  readonly query: HostMetric;
  /** What makes several of them one consumer. */
  readonly groupBy: readonly string[];
  readonly metric: string;
  readonly consumerOf: (head: Head) => Consumer;
  /** A metric whose series add up to the host's capacity in bytes. */
  readonly capacity: HostMetric;
  /** How to turn its collection on. */
  readonly hint: string;
}

const COUNTS = BYTES;

/**
 * Yields a series in bytes for each consumer, with the host's capacity as its limit where that is known. A host without any is
 * `not_monitored`. What fails is one `unreadable` of the host, beside the consumers that are completely known.
 */
export async function* readConsumers(context: RequestContext, host: Resource, span: MeanSpan): AsyncGenerator<Reading> {
  const how = isNode(host) ? podMemory(host) : processMemory(host);
  const { consumers, failure } = await readSums(context, how, span);
  if (consumers.length === 0 && failure === undefined) {
    yield { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: how.hint };
    return;
  }
  const looks = consumers.length === 0 ? NO_SAMPLES : await readLooks(context, how, span);
  const limit = consumers.length === 0 ? undefined : await readCapacity(context, how.capacity, span);
  const described = { resource: host, metric: how.metric, unit: 'By', ...(limit !== undefined && { limit }) } as const;
  let why = failure;
  for (const { consumer, sums } of consumers) {
    const means = meansOf(sums, looks);
    if (means.kind === 'failed') why ??= means.failure;
    else yield { kind: 'series', ...described, consumer, ...span, times: means.times, values: means.values };
  }
  if (why) yield { kind: 'unreadable', scope: host, reason: why.reason, detail: why.detail };
}

/** A consumer's bytes, summed over the minutes of each period. */
interface Summed {
  readonly consumer: Consumer;
  readonly sums: Samples;
}

/**
 * The bytes of each consumer that is completely known, and why there may be others. They are added up minute by minute: a process that
 * is forked anew each minute has a pid in each of them, and they never were there together.
 */
async function readSums(context: RequestContext, { query, groupBy, consumerOf }: ConsumerMetric, span: MeanSpan) {
  const collector = createCollector(span, BYTES);
  const found = new Map<string, Consumer>();
  let failure: Failure | undefined;
  const requested: Query = {
    ...query,
    unit: 'By',
    span,
    reduction: { reducer: 'REDUCE_SUM', groupBy },
    minutes: 'summed',
  };
  for await (const listed of listSeriesIfAny(context, requested)) {
    if (listed.kind === 'failed') {
      failure ??= listed.failure;
      continue;
    }
    const consumer = consumerOf(listed.head);
    const key = JSON.stringify(consumer);
    found.set(key, consumer);
    collector.add(key, listed.series);
  }
  const complete = [...found].filter(([key]) => failure === undefined || collector.isComplete(key, false));
  return { consumers: complete.map(([key, consumer]): Summed => ({ consumer, sums: collector.take(key) })), failure };
}

/** In how many minutes of each period anything was reported at all. */
async function readLooks(context: RequestContext, { query }: ConsumerMetric, span: MeanSpan): Promise<Samples> {
  const reduction = { reducer: 'REDUCE_SUM', groupBy: [] } as const;
  const requested: Query = { ...query, unit: 'By', span, reduction, minutes: 'counted' };
  const { samples, failure, isComplete } = await readOne(context, requested, COUNTS);
  return failure && !isComplete ? { kind: 'failed', failure } : samples;
}

/**
 * Sums over the looks that were taken: what was there for one minute of fifteen counts as a fifteenth, and a minute
 * without a report as nothing.
 */
function meansOf(sums: Samples, looks: Samples): Samples {
  if (sums.kind === 'failed') return sums;
  if (looks.kind === 'failed') return looks;
  const counts = new Map([...looks.times].map((time, index) => [time, looks.values[index]]));
  const values = sums.values.map((sum, index) => sum / (counts.get(sums.times[index] ?? Number.NaN) ?? 0));
  return values.every(Number.isFinite)
    ? { ...sums, values }
    : { kind: 'failed', failure: undocumented('a period has bytes in use and no minute in which they were reported') };
}

/**
 * Resident bytes by executable. `command_line` is never requested: it may carry passwords, and grouping by `command` alone keeps
 * it out of the answer. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-processes
 */
function processMemory({ id }: Resource): ConsumerMetric {
  const conditions = [is('resource.labels.instance_id', id)];
  return {
    query: { metricType: 'agent.googleapis.com/processes/rss_usage', resourceType: 'gce_instance', conditions },
    groupBy: ['metric.labels.command'],
    metric: PROCESS_MEMORY,
    consumerOf: ({ metric }) => ({ kind: 'process', name: metric.labels['command'] || 'unknown' }),
    capacity: instanceMemory(id),
    hint:
      'No Ops Agent reports the processes of this instance, which it does by default. Check that it is installed, that its config ' +
      '(/etc/google-cloud-ops-agent/config.yaml) has a receiver of type hostmetrics, and that no exclude_metrics processor drops agent.googleapis.com/processes/*.',
  };
}

/** What cannot be taken back from the containers of each pod. https://cloud.google.com/monitoring/api/metrics_kubernetes */
function podMemory(node: Resource): ConsumerMetric {
  const { name = '' } = node;
  const ofCluster = isOfClusterOf(node);
  return {
    query: {
      metricType: 'kubernetes.io/container/memory/used_bytes',
      resourceType: 'k8s_container',
      conditions: [
        ...ofCluster,
        is('metadata.system_labels.node_name', name),
        is('metric.labels.memory_type', 'non-evictable'),
      ],
    },
    groupBy: ['resource.labels.namespace_name', 'resource.labels.pod_name'],
    metric: POD_MEMORY,
    consumerOf({ resource }) {
      const { pod_name: pod = 'unknown', namespace_name: namespace } = resource.labels;
      return { kind: 'pod', name: pod, ...(namespace !== undefined && { namespace }) };
    },
    capacity: {
      metricType: 'kubernetes.io/node/memory/allocatable_bytes',
      resourceType: 'k8s_node',
      conditions: [...ofCluster, is('resource.labels.node_name', name)],
      reduction: { reducer: 'REDUCE_SUM', groupBy: ['resource.labels.node_name'] },
    },
    hint: 'The cluster reports no containers of this node. Turn on its system metrics: gcloud container clusters update CLUSTER --monitoring=SYSTEM.',
  };
}
