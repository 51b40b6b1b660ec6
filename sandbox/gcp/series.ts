/**
 * Which time series the hosts of a fleet write to Cloud Monitoring. Names, labels and kinds are those of Google's metrics list:
 * https://cloud.google.com/monitoring/api/metrics_gcp, /metrics_opsagent and /metrics_kubernetes
 */
import type { Window } from '../../core/model/series.ts';
import { consumersOf, HOST_BYTES } from '../scenario/consumers.ts';
import type { Fleet, Host, PodContainer } from '../scenario/fleet.ts';
import { seedOf } from '../scenario/random.ts';
import { diskSeries, errorSeries, loadSeries, swapSeries } from './activity-series.ts';
import {
  clusterLabels,
  type Described,
  type GcpSeries,
  instance,
  METRICS,
  type MetricType,
  series,
} from './described.ts';
import type { Selectable } from './filter.ts';

/** Labels whose values nobody may read by accident: the sandbox's processes carry a password in their command lines. */
const PASSWORD = 'hunter2';

/** A process that was restarted some hours ago has one series for each of its pids. */
const RESTARTED_HOURS_AGO = 30;

/** This one is forked anew each minute, and gets one pid after the other. */
const FORKED = 'sshd';
const PIDS = 30;

const NODE_MEMORY = 'kubernetes.io/node/memory/allocatable_bytes';
const CONTAINER_MEMORY = 'kubernetes.io/container/memory/used_bytes';
const CONTAINER_LIMIT = 'kubernetes.io/container/memory/limit_bytes';
const MEMORY_PERCENT = 'agent.googleapis.com/memory/percent_used';
const MEMORY_BYTES = 'agent.googleapis.com/memory/bytes_used';
const ALWAYS: Window = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The series of a metric type; undefined for a metric that nobody writes. */
export type GcpCatalogue = (metricType: string) => readonly GcpSeries[] | undefined;

/**
 * What one project shows, by metric type; undefined for a project that is not there. Every project's metrics scope holds all of
 * its tenant's projects: a reader who wants one of them has to name it.
 */
export function createGcpCatalogue(fleet: Fleet): (project: string) => GcpCatalogue | undefined {
  const hosts = fleet.hosts.filter(({ resource }) => resource.provider === 'gcp');
  const pods = (fleet.pods ?? []).filter(({ provider }) => provider === 'gcp');
  const tenants = new Map([
    ...hosts.map(({ tenant, resource }) => [resource.account, tenant] as const),
    ...pods.map(({ tenant, account }) => [account, tenant] as const),
  ]);
  const scopes = new Map<string, GcpCatalogue>();
  return (project) => {
    const tenant = tenants.get(project);
    if (tenant === undefined) return undefined;
    const own = hosts.filter((host) => host.tenant === tenant);
    const ownPods = pods.filter((pod) => pod.tenant === tenant);
    const known = scopes.get(tenant) ?? scopeOf(own, ownPods, fleet.asOf);
    scopes.set(tenant, known);
    return known;
  };
}

/** Makes the series of a metric when it is first read: ten thousand hosts have half a million of them. */
function scopeOf(hosts: readonly Host[], pods: readonly PodContainer[], asOf: number): GcpCatalogue {
  const made = new Map<string, readonly GcpSeries[]>();
  const named = new Set(hosts.filter(({ naming }) => naming === 'k8s_node').map(({ resource }) => resource.name));
  const nodes = new Map(pods.filter(({ node }) => !named.has(node)).map((pod) => [JSON.stringify(nodeOf(pod)), pod]));
  return (metricType) => {
    const writer = WRITERS.get(metricType);
    const podWriter = POD_WRITERS.get(metricType);
    if (!Object.hasOwn(METRICS, metricType)) return undefined;
    const series = made.get(metricType) ?? [
      ...hosts.flatMap((host) => writer?.(host, asOf) ?? []),
      ...pods.flatMap((pod) => podWriter?.(pod) ?? []),
      // Of nodes that are no hosts of the fleet.
      ...(metricType === NODE_MEMORY ? [...nodes.values()].map(nodeSeriesOf) : []),
    ];
    made.set(metricType, series);
    return series.length > 0 ? series : undefined;
  };
}

type Writer = (host: Host, asOf: number) => GcpSeries[];

/** Who writes each metric: every machine, the Ops Agent of a machine, or the cluster of a node. */
const WRITERS: ReadonlyMap<string, Writer> = new Map<MetricType, Writer>([
  ['compute.googleapis.com/instance/cpu/utilization', (host) => [cpu(host)]],
  [MEMORY_PERCENT, ofAgent((host) => memorySeries(host, MEMORY_PERCENT, 1))],
  [MEMORY_BYTES, ofAgent((host) => memorySeries(host, MEMORY_BYTES, HOST_BYTES / 100))],
  ['agent.googleapis.com/processes/rss_usage', ofAgent(processSeries)],
  ['agent.googleapis.com/swap/bytes_used', ofAgent((host) => swapSeries(host, 'bytes'))],
  ['agent.googleapis.com/swap/percent_used', ofAgent((host) => swapSeries(host, 'percent'))],
  ['agent.googleapis.com/disk/percent_used', ofAgent(diskSeries)],
  ['agent.googleapis.com/interface/errors', ofAgent(errorSeries)],
  ['agent.googleapis.com/cpu/load_1m', ofAgent(loadSeries)],
  ['kubernetes.io/node/memory/allocatable_utilization', ofCluster(nodeSeries)],
  [NODE_MEMORY, ofCluster((host) => [capacity(host)])],
  [CONTAINER_MEMORY, ofCluster(containerSeries)],
]);

/** What the clusters write of the containers that have limits of their own. */
const POD_WRITERS: ReadonlyMap<string, (pod: PodContainer) => GcpSeries[]> = new Map([
  [CONTAINER_MEMORY, podSeries],
  [CONTAINER_LIMIT, limitSeries],
]);

function nodeOf({ location, cluster, node }: PodContainer) {
  return { location, cluster_name: cluster, node_name: node };
}

function nodeSeriesOf(pod: PodContainer): GcpSeries {
  const resource = { project_id: pod.account, ...nodeOf(pod) };
  return {
    ...series(NODE_MEMORY, 'k8s_node', pod.account, { metric: {}, resource }),
    written: [ALWAYS],
    value: () => HOST_BYTES,
  };
}

function podSeries(pod: PodContainer): GcpSeries[] {
  return ['non-evictable', 'evictable'].map((memory_type) => ({
    ...ofPod(pod, CONTAINER_MEMORY, { memory_type }),
    written: pod.reports,
    value: (time: number) => (memory_type === 'evictable' ? 2 ** 24 : pod.used(time)),
  }));
}

function limitSeries(pod: PodContainer): GcpSeries[] {
  const { limit, reports: written } = pod;
  return limit === undefined ? [] : [{ ...ofPod(pod, CONTAINER_LIMIT, {}), written, value: limit }];
}

function ofPod(pod: PodContainer, metricType: MetricType, metric: Selectable): Described {
  const { account, location, cluster, namespace, container, node, controller } = pod;
  return series(metricType, 'k8s_container', account, {
    metric,
    resource: {
      project_id: account,
      location,
      cluster_name: cluster,
      namespace_name: namespace,
      pod_name: pod.pod,
      container_name: container,
    },
    system: { node_name: node, top_level_controller_name: controller.name, top_level_controller_type: controller.kind },
  });
}

function ofAgent(writer: Writer): Writer {
  return (host, asOf) => (host.naming === 'k8s_node' ? [] : writer(host, asOf));
}

function ofCluster(writer: Writer): Writer {
  return (host, asOf) => (host.naming === 'k8s_node' ? writer(host, asOf) : []);
}

/** Every running instance has this one, without an agent. */
function cpu(host: Host): GcpSeries {
  const { name = host.resource.id } = host.resource;
  return {
    ...instance(host, 'compute.googleapis.com/instance/cpu/utilization', { instance_name: name }),
    written: [host.runs],
    value: (time) => host.activity?.cpu(time) ?? 0.2,
  };
}

/** The Ops Agent's memory by state, which adds up to 100 %; `unit` is what one percent is in the metric. */
function memorySeries(host: Host, metricType: MetricType, unit: number): GcpSeries[] {
  const states: Record<string, (time: number) => number> = {
    used: (time) => 100 * host.used(time),
    cached: (time) => 60 * (1 - host.used(time)),
    buffered: (time) => 5 * (1 - host.used(time)),
    slab: (time) => 5 * (1 - host.used(time)),
    free: (time) => 30 * (1 - host.used(time)),
  };
  return Object.entries(states).map(([state, percent]) => ({
    ...instance(host, metricType, { state }),
    written: host.reports,
    value: (time: number) => percent(time) * unit,
  }));
}

function processSeries(host: Host, asOf: number): GcpSeries[] {
  const restart = asOf - RESTARTED_HOURS_AGO * HOUR;
  return consumersOf(host).flatMap(({ name, bytes }) => {
    const first = seedOf(name) % 30_000;
    if (name === FORKED) {
      return Array.from({ length: PIDS }, (_, index) => ({
        ...process(host, name, first + index),
        written: host.reports,
        value: (time: number) => ((time / MINUTE) % PIDS === index ? bytes(time) : undefined),
      }));
    }
    return [
      { pid: first, start: Number.NEGATIVE_INFINITY, end: restart },
      { pid: first + 1, start: restart + MINUTE, end: Number.POSITIVE_INFINITY },
    ].map(({ pid, start, end }) => ({
      ...process(host, name, pid),
      written: host.reports.map((window) => ({ start: Math.max(window.start, start), end: Math.min(window.end, end) })),
      value: bytes,
    }));
  });
}

function process(host: Host, command: string, pid: number): Described {
  return instance(host, 'agent.googleapis.com/processes/rss_usage', {
    process: 'all',
    pid: String(pid),
    command,
    command_line: `/usr/bin/${command} --password=${PASSWORD}`,
    owner: 'root',
  });
}

/** A managed cluster's memory of a node: what can be reclaimed, and the rest. */
function nodeSeries(host: Host): GcpSeries[] {
  return ['non-evictable', 'evictable'].map((memory_type) => ({
    ...ofNode(host, 'kubernetes.io/node/memory/allocatable_utilization', { memory_type }),
    written: host.reports,
    value: (time: number) => (memory_type === 'evictable' ? 0.1 : host.used(time)),
  }));
}

function capacity(host: Host): GcpSeries {
  return {
    ...ofNode(host, NODE_MEMORY, {}),
    written: host.reports,
    value: () => HOST_BYTES,
  };
}

function ofNode(host: Host, metricType: MetricType, metric: Selectable): Described {
  const { account, name = host.resource.id } = host.resource;
  return series(metricType, 'k8s_node', account, { metric, resource: { ...clusterLabels(host), node_name: name } });
}

/** A pod's second container takes no part in a leak of its first. */
const SIDECAR_BYTES = 32 * 2 ** 20;

/** The two containers of each pod. */
function containerSeries(host: Host): GcpSeries[] {
  const { account, name = host.resource.id } = host.resource;
  return consumersOf(host).flatMap(({ name: pod, namespace = '', bytes }) =>
    ['main', 'sidecar'].flatMap((container) =>
      ['non-evictable', 'evictable'].map((memory_type) => ({
        ...series(CONTAINER_MEMORY, 'k8s_container', account, {
          metric: { memory_type },
          resource: { ...clusterLabels(host), namespace_name: namespace, pod_name: pod, container_name: container },
          system: { node_name: name },
        }),
        written: host.reports,
        value(time: number) {
          const sidecar = Math.round(Math.min(SIDECAR_BYTES, bytes(time) / 10));
          return container === 'main' ? Math.round(bytes(time)) - sidecar : sidecar;
        },
      })),
    ),
  );
}
