/**
 * What kubelets publish of a cluster, through the cAdvisor inside them: every control group of a node, which is each container, the
 * pause container and the group of each pod, and the node's own groups above them. Series that are no container have no `container`.
 */
import { createHash } from 'node:crypto';
import type { Labels, StoredSeries } from './series.ts';
import { constant, type Metric, overlap, scraped, type Target, upOf } from './targets.ts';
import type { Container, KubeNode, Pod, PrometheusWorld } from './world.ts';

const PAUSE_BYTES = 300 * 1_024;
const PAUSE_IMAGE = 'registry.k8s.io/pause:3.9';

export function publishKubelets(world: PrometheusWorld): StoredSeries[] {
  return world.nodes.flatMap((node) => {
    const target = targetOf(world, node, '/metrics/cadvisor');
    return [
      upOf(target),
      upOf(targetOf(world, node, '/metrics')),
      ...scraped(target, [...nodeMetrics(node), ...podMetrics(world, node)]),
    ];
  });
}

function targetOf(world: PrometheusWorld, { address, name, runs }: KubeNode, path: string): Target {
  return {
    labels: { ...clusterOf(world), job: 'kubelet', instance: `${address}:10250`, metrics_path: path, node: name },
    runs,
    reports: [runs],
    every: world.scrapedEvery,
  };
}

/** What the targets of a cluster are labelled with. */
export function clusterOf({ cluster = '' }: PrometheusWorld): Labels {
  return { cluster };
}

/** The groups of a node: the root, which is all of its memory, and the two halves of it. */
function nodeMetrics({ name, bytes, used }: KubeNode): Metric[] {
  const groups: Record<string, number> = {
    '/': 1,
    '/kubepods.slice': 0.85,
    '/system.slice': 0.12,
    '/init.scope': 0.01,
  };
  return [
    {
      name: 'machine_memory_bytes',
      labels: { machine_id: digestOf(name), system_uuid: digestOf(`${name}/uuid`) },
      value: constant(bytes),
    },
    ...Object.entries(groups).flatMap(([id, share]): Metric[] => [
      {
        name: 'container_memory_working_set_bytes',
        labels: { id },
        value: (time) => Math.round(share * bytes * used(time)),
      },
      { name: 'container_spec_memory_limit_bytes', labels: { id }, value: constant(id === '/' ? bytes : 0) },
    ]),
  ];
}

/** A container of one pod, while that pod runs on the node. */
interface Placed {
  readonly container: Container;
  readonly pod: Pod;
}

function podMetrics({ containers }: PrometheusWorld, node: KubeNode): Metric[] {
  const placed = containers.flatMap((container) =>
    container.pods.filter((pod) => pod.node === node.name).map((pod) => ({ container, pod })),
  );
  const pods = Map.groupBy(placed, ({ container, pod }) => `${container.namespace}/${pod.name}`);
  return [...pods.values()].flatMap((members) => [
    ...members.flatMap((member) => containerMetrics(member, node)),
    ...groupMetrics(members, node),
  ]);
}

function containerMetrics({ container, pod }: Placed, node: KubeNode): Metric[] {
  const labels = labelsOf({ container, pod }, container.name, container.image);
  const written = overlap(pod.runs, [node.runs]);
  return [
    { name: 'container_memory_working_set_bytes', labels, written, value: (time) => Math.round(container.used(time)) },
    { name: 'container_memory_rss', labels, written, value: (time) => Math.round(0.9 * container.used(time)) },
    { name: 'container_spec_memory_limit_bytes', labels, written, value: container.limit },
    { name: 'container_start_time_seconds', labels, written, value: constant(Math.floor(pod.runs.start / 1_000)) },
  ];
}

/** The pause container that holds a pod's network, and the group of the pod, which is all of its containers. */
function groupMetrics(members: readonly Placed[], node: KubeNode): Metric[] {
  const [first] = members;
  if (first === undefined) return [];
  const written = overlap(first.pod.runs, [node.runs]);
  const pause = labelsOf(first, '', PAUSE_IMAGE);
  const { id: _id, image: _image, name: _name, ...pod } = pause;
  const group = { ...pod, id: groupOf(first) };
  const sum = (of: (container: Container) => number) =>
    members.reduce((total, { container }) => total + Math.round(of(container)), 0);
  const limit = (time: number) =>
    members.every(({ container }) => container.limit(time) > 0) ? sum((container) => container.limit(time)) : 0;
  return [
    { name: 'container_memory_working_set_bytes', labels: pause, written, value: constant(PAUSE_BYTES) },
    { name: 'container_spec_memory_limit_bytes', labels: pause, written, value: constant(0) },
    {
      name: 'container_memory_working_set_bytes',
      labels: group,
      written,
      value: (time) => PAUSE_BYTES + sum((container) => container.used(time)),
    },
    { name: 'container_spec_memory_limit_bytes', labels: group, written, value: limit },
  ];
}

function labelsOf(placed: Placed, container: string, image: string): Labels {
  const { namespace } = placed.container;
  const hash = digestOf(`${namespace}/${placed.pod.name}/${container}`);
  return {
    container,
    image,
    name: hash,
    namespace,
    pod: placed.pod.name,
    id: `${groupOf(placed)}/cri-containerd-${hash}.scope`,
  };
}

function groupOf({ container, pod }: Placed): string {
  return `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uidOf(container, pod)}.slice`;
}

/** The id that Kubernetes gives a pod. */
export function uidOf({ namespace }: Container, { name }: Pod): string {
  return digestOf(`${namespace}/${name}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
