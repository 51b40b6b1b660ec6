/**
 * What Container Insights publishes of the containers of clusters: names and dimensions as the agent's metric declarations have them
 * (github.com/aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go).
 */
import type { Window } from '../../../core/model/series.ts';
import { HOST_BYTES } from '../../scenario/consumers.ts';
import type { PodContainer } from '../../scenario/fleet.ts';
import type { Dimension, Metric } from './metric.ts';

const MINUTE = 60_000;

export function containerMetrics(pods: readonly PodContainer[]): Metric[] {
  const enhanced = pods.filter(({ published = 'all' }) => published === 'all');
  const workloads = Map.groupBy(pods, (pod) => JSON.stringify([pod.cluster, pod.namespace, pod.controller.name]));
  return [
    ...enhanced.flatMap((pod) => [...containersIn(full(pod), [pod]), ...podsIn(fullPod(pod), [pod])]),
    ...[...workloads.values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const together = podsIn([...controller(first), ...location(first)], same);
      return first.published === 'averages' ? together : [...together, ...containersIn(container(first), same)];
    }),
    ...[...Map.groupBy(pods, ({ cluster }) => cluster).values()].flatMap((same) =>
      same[0] ? ofCluster([{ Name: 'ClusterName', Value: same[0].cluster }], same) : [],
    ),
  ];
}

/** Its nodes' memory is published under its name alone where Container Insights is not enhanced, and then too. */
function ofCluster(dimensions: readonly Dimension[], pods: readonly PodContainer[]): Metric[] {
  const common = { namespace: 'ContainerInsights', dimensions, cadenceMs: MINUTE } as const;
  const published = joinedWindows(pods.flatMap(({ reports }) => reports));
  return [
    ...podsIn(dimensions, pods),
    { ...common, name: 'node_memory_limit', unit: 'Bytes', published, value: () => HOST_BYTES },
  ];
}

function location({ cluster, namespace }: PodContainer): Dimension[] {
  return [
    { Name: 'Namespace', Value: namespace },
    { Name: 'ClusterName', Value: cluster },
  ];
}

function controller({ controller: { name } }: PodContainer): Dimension[] {
  return [{ Name: 'PodName', Value: name }];
}

function container(pod: PodContainer): Dimension[] {
  return [{ Name: 'ContainerName', Value: pod.container }, ...controller(pod), ...location(pod)];
}

function full(pod: PodContainer): Dimension[] {
  return [{ Name: 'FullPodName', Value: pod.pod }, ...container(pod)];
}

function fullPod(pod: PodContainer): Dimension[] {
  return [{ Name: 'FullPodName', Value: pod.pod }, ...controller(pod), ...location(pod)];
}

function containersIn(dimensions: readonly Dimension[], pods: readonly PodContainer[]): Metric[] {
  return percents(
    'container_memory_utilization',
    'container_memory_utilization_over_container_limit',
    dimensions,
    pods,
  );
}

/** Each pod of the scenario has one container. */
function podsIn(dimensions: readonly Dimension[], pods: readonly PodContainer[]): Metric[] {
  return percents('pod_memory_utilization', 'pod_memory_utilization_over_pod_limit', dimensions, pods);
}

/** Of the node's memory, and of the limit where there is one. */
function percents(
  ofNode: string,
  ofLimit: string,
  dimensions: readonly Dimension[],
  pods: readonly PodContainer[],
): Metric[] {
  const limited = pods.filter(({ limit }) => limit !== undefined);
  const metrics = [meanMetric(ofNode, dimensions, pods, ({ used }, time) => used(time) / HOST_BYTES)];
  if (limited.length === 0) return metrics;
  return [
    ...metrics,
    meanMetric(ofLimit, dimensions, limited, ({ used, limit }, time) => used(time) / (limit?.(time) ?? Number.NaN)),
  ];
}

function meanMetric(
  name: string,
  dimensions: readonly Dimension[],
  pods: readonly PodContainer[],
  fraction: (pod: PodContainer, time: number) => number,
): Metric {
  return {
    namespace: 'ContainerInsights',
    name,
    dimensions,
    unit: 'Percent',
    cadenceMs: MINUTE,
    published: joinedWindows(pods.flatMap(({ reports }) => reports)),
    value: (time) => 100 * meanOf(pods.filter(({ reports }) => isIn(time, reports)).map((pod) => fraction(pod, time))),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function isIn(time: number, windows: readonly Window[]): boolean {
  return windows.some(({ start, end }) => time >= start && time < end);
}

/** Without overlaps: what several report at once is one sample here. */
export function joinedWindows(windows: readonly Window[]): Window[] {
  const joined: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || window.start > last.end) joined.push(window);
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, window.end) };
  }
  return joined;
}
