/** What the Prometheus servers of a fleet scrape: its hosts as machines, nodes and containers. */
import { consumersOf, HOST_BYTES } from '../scenario/consumers.ts';
import type { Fleet, Host, HostContainer, Naming } from '../scenario/fleet.ts';
import type { Container, KubeNode, Machine, PrometheusWorld, Publication } from './world.ts';

/** One for each server that a host of the fleet names as its account. */
export function worldsOf({ hosts, prometheus = {} }: Fleet): PrometheusWorld[] {
  const own = hosts.filter(isScraped);
  return [...Map.groupBy(own, ({ resource }) => resource.account)].map(([account, members]) => {
    const nodes = members.filter(({ naming }) => naming === 'k8s_node');
    return {
      account,
      machines: members.filter((host) => host.container === undefined && host.naming !== 'k8s_node').map(machineOf),
      nodes: nodes.map(nodeOf),
      containers: [...members.flatMap(containersOf), ...nodes.flatMap(podsOfNode)],
      kubeStateMetrics: nodes.length > 0,
      scrapedEvery: 60_000,
      ...prometheus[account],
    };
  });
}

export function isScraped({ resource }: Host): boolean {
  const provider: string = resource.provider;
  return provider === 'prometheus';
}

const PUBLICATIONS: Partial<Record<Naming, Publication>> = {
  windows: 'windows_exporter',
  windows_old: 'windows_exporter_old',
  opentelemetry: 'opentelemetry',
  opentelemetry_utf8: 'opentelemetry_utf8',
};

function machineOf(host: Host): Machine {
  const { resource, naming = 'instance', runs, reports, used, collects = 'all' } = host;
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

function containersOf({ container, used }: Host): Container[] {
  if (container === undefined) return [];
  return [{ ...container, used: (time) => used(time) * (container.limit(time) || HOST_BYTES) }];
}

/** What a node runs beside the containers that are hosts of the fleet: two containers in each pod. */
function podsOfNode(host: Host): Container[] {
  const { resource, runs, collects = 'all' } = host;
  if (collects === 'nothing') return [];
  return consumersOf(host).flatMap(({ name: pod, namespace = 'default', bytes }) =>
    [
      { name: 'main', share: 0.9 },
      { name: 'sidecar', share: 0.1 },
    ].map(({ name, share }): Container => {
      const placed: HostContainer['pods'] = [{ name: pod, node: resource.name ?? resource.id, runs }];
      const workload = { kind: 'DaemonSet', name: pod.replace(/-[^-]+$/, '') } as const;
      const image = `registry.example.com/${workload.name}/${name}:1`;
      return { namespace, workload, name, image, pods: placed, used: (time) => share * bytes(time), limit: () => 0 };
    }),
  );
}
