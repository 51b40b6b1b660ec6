/** What kube-state-metrics publishes of a cluster's objects: limits, owners, and nodes. It is one target, whatever the objects. */
import type { Window } from '../../core/model/series.ts';
import { clusterOf, uidOf } from './kubelets.ts';
import type { StoredSeries } from './series.ts';
import { constant, type Metric, scraped, type Target, upOf } from './targets.ts';
import type { Container, KubeNode, Pod, PrometheusWorld } from './world.ts';

const INSTANCE = '10.42.0.7:8080';

export function publishKubeState(world: PrometheusWorld): StoredSeries[] {
  const { nodes, containers, scrapedEvery: every } = world;
  if (!world.kubeStateMetrics) return [];
  const runs: Window = { start: Math.min(...nodes.map((node) => node.runs.start)), end: Number.POSITIVE_INFINITY };
  const target: Target = {
    labels: { ...clusterOf(world), job: 'kube-state-metrics', instance: INSTANCE },
    runs,
    reports: [runs],
    every,
  };
  const metrics = [
    ...nodes.flatMap(nodeMetrics),
    ...containers.flatMap((container) => container.pods.flatMap((pod) => containerMetrics(container, pod))),
    ...podMetrics(containers),
  ];
  return [upOf(target), ...scraped(target, metrics)];
}

function nodeMetrics({ name, address, bytes, runs }: KubeNode): Metric[] {
  const memory = { node: name, resource: 'memory', unit: 'byte' };
  return [
    {
      name: 'kube_node_info',
      labels: { node: name, internal_ip: address, os_image: 'Debian GNU/Linux 12' },
      written: [runs],
      value: constant(1),
    },
    { name: 'kube_node_status_capacity', labels: memory, written: [runs], value: constant(bytes) },
    { name: 'kube_node_status_allocatable', labels: memory, written: [runs], value: constant(Math.round(0.9 * bytes)) },
  ];
}

/** A container without a limit has no series of one. */
function containerMetrics(container: Container, pod: Pod): Metric[] {
  const labels = { ...podLabels(container, pod), container: container.name };
  const written = [pod.runs];
  const info: Metric = {
    name: 'kube_pod_container_info',
    labels: { ...labels, image: container.image },
    written,
    value: constant(1),
  };
  if (container.limit(pod.runs.start) === 0) return [info];
  return [
    info,
    {
      name: 'kube_pod_container_resource_limits',
      labels: { ...labels, node: pod.node, resource: 'memory', unit: 'byte' },
      written,
      value: container.limit,
    },
  ];
}

function podLabels(container: Container, pod: Pod) {
  return { namespace: container.namespace, pod: pod.name, uid: uidOf(container, pod) };
}

/** What is published once of a pod, and once of the ReplicaSet that stands between a Deployment and its pods. */
function podMetrics(containers: readonly Container[]): Metric[] {
  const pods = new Map(
    containers.flatMap((container) =>
      container.pods.map((pod) => [`${container.namespace}/${pod.name}`, { container, pod }] as const),
    ),
  );
  const sets = Map.groupBy(
    [...pods.values()].filter(({ container }) => container.workload.kind === 'Deployment'),
    ({ container, pod }) => `${container.namespace}/${replicaSetOf(pod)}`,
  );
  return [
    ...[...pods.values()].flatMap(({ container, pod }) => ownerMetrics(container, pod)),
    ...[...sets.values()].flatMap((members) => replicaSetMetrics(members)),
  ];
}

function ownerMetrics(container: Container, pod: Pod): Metric[] {
  const { kind, name } = container.workload;
  const isDeployment = kind === 'Deployment';
  const [ownerKind, ownerName] = isDeployment ? ['ReplicaSet', replicaSetOf(pod)] : [kind, name];
  const labels = podLabels(container, pod);
  const written = [pod.runs];
  return [
    {
      name: 'kube_pod_owner',
      labels: { ...labels, owner_kind: ownerKind, owner_name: ownerName, owner_is_controller: 'true' },
      written,
      value: constant(1),
    },
    {
      name: 'kube_pod_info',
      labels: { ...labels, node: pod.node, created_by_kind: ownerKind, created_by_name: ownerName },
      written,
      value: constant(1),
    },
  ];
}

function replicaSetMetrics(members: readonly { container: Container; pod: Pod }[]): Metric[] {
  const [first] = members;
  if (first === undefined) return [];
  const { namespace, workload } = first.container;
  return [
    {
      name: 'kube_replicaset_owner',
      labels: {
        namespace,
        replicaset: replicaSetOf(first.pod),
        owner_kind: 'Deployment',
        owner_name: workload.name,
        owner_is_controller: 'true',
      },
      written: [
        {
          start: Math.min(...members.map(({ pod }) => pod.runs.start)),
          end: Math.max(...members.map(({ pod }) => pod.runs.end)),
        },
      ],
      value: constant(1),
    },
  ];
}

/** The name of a Deployment's pod without its last part. */
function replicaSetOf({ name }: Pod): string {
  return name.replace(/-[^-]+$/, '');
}
