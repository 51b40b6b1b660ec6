/** What the Prometheus servers of a fleet scrape: its hosts as machines, nodes and containers. */
import { consumersOf, HOST_BYTES } from '../scenario/consumers.ts';
import type { Fleet, Host, Naming, PodContainer } from '../scenario/fleet.ts';
import type { Container, KubeNode, Machine, PrometheusWorld, Publication } from './world.ts';

/** One for each server that a host of the fleet names as its account. */
export function worldsOf({ hosts, pods = [], prometheus = {} }: Fleet): PrometheusWorld[] {
  const own = hosts.filter(isScraped);
  return [...Map.groupBy(own, ({ resource }) => resource.account)].map(([account, members]) => {
    const ownPods = pods.filter((pod) => pod.provider === 'prometheus' && pod.account === account);
    const nodes = members.filter(({ naming }) => naming === 'k8s_node');
    return {
      account,
      machines: members.filter(({ naming }) => naming !== 'k8s_node').map(machineOf),
      nodes: nodes.map(nodeOf),
      containers: [...ownPods.map(containerOf), ...nodes.flatMap(podsOfNode)],
      kubeStateMetrics: nodes.length > 0,
      ...prometheus[account],
    };
  });
}

export function isScraped({ resource }: Host): boolean {
  return resource.provider === 'prometheus';
}

const PUBLICATIONS: Partial<Record<Naming, Publication>> = {
  windows: 'windows_exporter',
  windows_old: 'windows_exporter_old',
  opentelemetry: 'opentelemetry',
  opentelemetry_utf8: 'opentelemetry_utf8',
};

function machineOf(host: Host): Machine {
  const { resource, naming = 'instance', runs, reports, used, collects = 'all', activity } = host;
  const { name = resource.id, group } = resource;
  return {
    name,
    address: addressOf(host),
    publishes: PUBLICATIONS[naming] ?? 'node_exporter',
    runs,
    reports,
    bytes: HOST_BYTES,
    used,
    ...(collects !== 'nothing' && { processes: consumersOf(host) }),
    ...(activity !== undefined && { activity }),
    ...(group !== undefined && { labels: { group } }),
  };
}

function nodeOf(host: Host): KubeNode {
  const { resource, runs, used } = host;
  return { name: resource.name ?? resource.id, address: addressOf(host), bytes: HOST_BYTES, used, runs };
}

/** An id is `ADDRESS:PORT`, after the cluster where its targets have one. */
function addressOf({ resource }: Host): string {
  return resource.id.replace(/^.*\//, '').replace(/:\d+$/, '');
}

function containerOf({ namespace, pod, node, container, controller, limit, reports, used }: PodContainer): Container {
  const { kind, name } = controller;
  return {
    namespace,
    workload: { kind, name },
    name: container,
    image: `registry.example.com/${name}/${container}:${controller.rollout + 1}`,
    pods: reports.map((runs) => ({ name: pod, node, runs })),
    used,
    limit: limit ?? NO_LIMIT,
  };
}

const NO_LIMIT = () => 0;

/** What a node runs beside the containers that are hosts of the fleet: two containers in each pod. */
function podsOfNode({ resource, runs, collects = 'all', ...host }: Host): Container[] {
  if (collects === 'nothing') return [];
  const node = resource.name ?? resource.id;
  return consumersOf({ ...host, resource, runs }).flatMap(({ name: pod, namespace = 'default', bytes }) =>
    Object.entries(SHARES).map(([name, share]): Container => {
      const workload = { kind: 'DaemonSet', name: pod.replace(/-[^-]+$/, '') } as const;
      const image = `registry.example.com/${workload.name}/${name}:1`;
      const used = (time: number) => share * bytes(time);
      return { namespace, workload, name, image, pods: [{ name: pod, node, runs }], used, limit: NO_LIMIT };
    }),
  );
}

const SHARES: Readonly<Record<string, number>> = { main: 0.9, sidecar: 0.1 };
