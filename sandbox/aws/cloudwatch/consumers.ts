/**
 * What CloudWatch knows of a host's processes and pods. Names and dimensions of processes as the agent's procstat section gives
 * them (docs.aws.amazon.com, CloudWatch-Agent-procstat-process-metrics), those of nodes and pods as its metric declarations for
 * Container Insights do (github.com/aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go).
 */

import { consumersOf, type FleetConsumer, HOST_BYTES } from '../../scenario/consumers.ts';
import type { Host } from '../../scenario/fleet.ts';
import { agentNamespace, type Dimension, type Metric } from './metric.ts';

const MINUTE = 60_000;

/** How many processes of a name a host runs; of names that are not here one. Their memory is spread evenly. */
const PROCESS_COUNTS: Readonly<Record<string, number>> = { node: 4, python3: 3, sshd: 2 };

/** @param own The host's own complete set of dimensions. */
export function consumerMetrics(host: Host, own: readonly Dimension[]): Metric[] {
  if (host.naming === 'k8s_node') return podMetrics(host, own);
  const blamed = consumersOf(host).slice(0, 1);
  // Roll-ups of the object that Windows counts are no part of a process's dimensions.
  const dimensions = own.filter(({ Name }) => Name !== 'objectname');
  switch (host.collects ?? 'all') {
    case 'nothing':
    case 'totals':
      return [];
    case 'all':
      return [
        ...consumersOf(host).map((one) => processMetric(host, one, dimensions, SELECT_ALL)),
        ...looks(host, dimensions, SELECT_ALL),
        capacity(host, own),
      ];
    case 'uncounted':
      return consumersOf(host).map((one) => processMetric(host, one, dimensions, SELECT_ALL));
    case 'named':
      return blamed.flatMap((one) =>
        [
          { Name: 'exe', Value: one.name },
          { Name: 'pattern', Value: `${one.name} .*main` },
        ].flatMap((selector) => [processMetric(host, one, dimensions, selector), ...looks(host, dimensions, selector)]),
      );
  }
}

const SELECT_ALL: Dimension = { Name: 'exe', Value: '.*' };

/** Linux writes `procstat_memory_rss`, Windows `procstat memory_rss`. */
function agentName({ naming }: Host, linux: string, windows: string): string {
  return naming === 'windows' ? windows : linux;
}

/** All processes of a name publish under one set: as many samples a minute as there are of them. */
function processMetric(
  host: Host,
  { name, bytes }: FleetConsumer,
  own: readonly Dimension[],
  selector: Dimension,
): Metric {
  const processes = PROCESS_COUNTS[name] ?? 1;
  return {
    namespace: agentNamespace(host),
    name: agentName(host, 'procstat_memory_rss', 'procstat memory_rss'),
    dimensions: [...own, selector, { Name: 'process_name', Value: name }],
    unit: 'Bytes',
    cadenceMs: MINUTE,
    published: host.reports,
    samplesAtOnce: processes,
    value: (time) => bytes(time) / processes,
    host,
  };
}

/** How many processes a section found: one sample each time that it looked, whatever their names, by the way it found them. */
function looks(host: Host, own: readonly Dimension[], selector: Dimension): Metric[] {
  const { reports, pidFinderChangedAt = Number.POSITIVE_INFINITY } = host;
  const finders = {
    native: reports.map(({ start, end }) => ({ start, end: Math.min(end, pidFinderChangedAt) })),
    pgrep: reports.map(({ start, end }) => ({ start: Math.max(start, pidFinderChangedAt), end })),
  };
  return Object.entries(finders)
    .map(([finder, windows]) => ({ finder, published: windows.filter(({ start, end }) => start < end) }))
    .filter(({ published }) => published.length > 0)
    .map(({ finder, published }) => ({
      namespace: agentNamespace(host),
      name: agentName(host, 'procstat_lookup_pid_count', 'procstat_lookup pid_count'),
      dimensions: [...own, selector, { Name: 'pid_finder', Value: finder }],
      unit: 'Count',
      cadenceMs: MINUTE,
      published,
      value: () => consumersOf(host).reduce((sum, { name }) => sum + (PROCESS_COUNTS[name] ?? 1), 0),
      host,
    }));
}

function capacity(host: Host, own: readonly Dimension[]): Metric {
  const name = host.naming === 'k8s_node' ? 'node_memory_limit' : 'mem_total';
  const namespace = host.naming === 'k8s_node' ? 'ContainerInsights' : agentNamespace(host);
  const published = host.reports;
  return {
    namespace,
    name,
    dimensions: own,
    unit: 'Bytes',
    cadenceMs: MINUTE,
    published,
    value: () => HOST_BYTES,
    host,
  };
}

/** The agent's swap section, under the dimensions of the host's memory. */
export function swapMetrics(host: Host, own: readonly Dimension[]): Metric[] {
  const { swap } = host;
  if (swap === undefined || host.naming === 'k8s_node') return [];
  const isBytes = swap.publishes === 'bytes';
  return [
    {
      namespace: agentNamespace(host),
      name: isBytes ? 'swap_used' : 'swap_used_percent',
      dimensions: own,
      unit: isBytes ? 'Bytes' : 'Percent',
      cadenceMs: MINUTE,
      published: host.reports,
      value: (time) => (isBytes ? swap.used(time) : (100 * swap.used(time)) / swap.bytes),
      host,
    },
  ];
}

/** By itself Container Insights gives a pod's share of its node, and not which node that is. */
function podMetrics(host: Host, own: readonly Dimension[]): Metric[] {
  const cluster = own.filter(({ Name }) => Name === 'ClusterName');
  const node = own.filter(({ Name }) => Name === 'NodeName');
  const declared = (host.collects ?? 'all') === 'all';
  const pods = consumersOf(host).flatMap(({ name, namespace = '', bytes }): Metric[] => {
    const controller = name.replace(/-[a-z0-9]+$/, '');
    const pod = [
      { Name: 'FullPodName', Value: name },
      { Name: 'Namespace', Value: namespace },
    ];
    const common = { namespace: 'ContainerInsights', cadenceMs: MINUTE, published: host.reports, host } as const;
    const share: Metric = {
      ...common,
      name: 'pod_memory_utilization',
      dimensions: [...pod, { Name: 'PodName', Value: controller }, ...cluster],
      unit: 'Percent',
      value: (time) => (bytes(time) / HOST_BYTES) * 100,
    };
    const workingSet: Metric = {
      ...common,
      name: 'pod_memory_working_set',
      dimensions: [...pod, ...node, ...cluster],
      unit: 'Bytes',
      value: bytes,
    };
    return declared ? [share, workingSet] : [share];
  });
  return declared ? [...pods, capacity(host, own)] : pods;
}
