/**
 * Which time series the hosts of a fleet write to Cloud Monitoring. Names, labels and kinds are those of Google's metrics list:
 * https://cloud.google.com/monitoring/api/metrics_gcp, /metrics_opsagent and /metrics_kubernetes
 */
import type { Window } from '../../core/model/series.ts';
import { consumersOf, HOST_BYTES } from '../scenario/consumers.ts';
import type { Fleet, Host } from '../scenario/fleet.ts';
import { seedOf } from '../scenario/random.ts';
import type { Selectable } from './filter.ts';

export interface GcpSeries {
  readonly metricType: string;
  readonly resourceType: string;
  readonly valueType: 'DOUBLE' | 'INT64';
  /** In UCUM. */
  readonly unit: string;
  /** Every label by its selector, and metric.type, resource.type and project. */
  readonly labels: Selectable;
  /** When points can exist, one each minute. */
  readonly written: readonly Window[];
  /** Undefined at a minute without a point. */
  readonly value: (time: number) => number | undefined;
}

/** Labels whose values nobody may read by accident: the sandbox's processes carry a password in their command lines. */
const PASSWORD = 'hunter2';

/** A process that was restarted some hours ago has one series for each of its pids. */
const RESTARTED_HOURS_AGO = 30;

/** This one is forked anew each minute, and gets one pid after the other. */
const FORKED = 'sshd';
const PIDS = 30;

/** A node's cluster where the host names none. */
const CLUSTER_NAME = 'shop';

/** How Google lists its metrics. */
const METRICS = {
  'compute.googleapis.com/instance/cpu/utilization': { valueType: 'DOUBLE', unit: '10^2.%' },
  'agent.googleapis.com/memory/percent_used': { valueType: 'DOUBLE', unit: '%' },
  'agent.googleapis.com/memory/bytes_used': { valueType: 'DOUBLE', unit: 'By' },
  'agent.googleapis.com/processes/rss_usage': { valueType: 'DOUBLE', unit: 'By' },
  'kubernetes.io/node/memory/allocatable_utilization': { valueType: 'DOUBLE', unit: '1' },
  'kubernetes.io/node/memory/allocatable_bytes': { valueType: 'INT64', unit: 'By' },
  'kubernetes.io/container/memory/used_bytes': { valueType: 'INT64', unit: 'By' },
} as const;
type MetricType = keyof typeof METRICS;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * What one project shows, by metric type; undefined for a project that is not there. Every project's metrics scope holds all of
 * its tenant's projects: a reader who wants one of them has to name it.
 */
export function createGcpCatalogue(
  fleet: Fleet,
): (project: string) => ReadonlyMap<string, readonly GcpSeries[]> | undefined {
  const hosts = fleet.hosts.filter(({ resource }) => resource.provider === 'gcp');
  const tenants = new Map(hosts.map(({ tenant, resource }) => [resource.account, tenant]));
  const scopes = new Map<string, Map<string, GcpSeries[]>>();
  return (project) => {
    const tenant = tenants.get(project);
    if (tenant === undefined) return undefined;
    const known =
      scopes.get(tenant) ??
      scopeOf(
        hosts.filter((host) => host.tenant === tenant),
        fleet.asOf,
      );
    scopes.set(tenant, known);
    return known;
  };
}

function scopeOf(hosts: readonly Host[], asOf: number): Map<string, GcpSeries[]> {
  return Map.groupBy(
    hosts.flatMap((host) => seriesOf(host, asOf)),
    ({ metricType }) => metricType,
  );
}

function seriesOf(host: Host, asOf: number): GcpSeries[] {
  return [cpu(host), ...(host.naming === 'k8s_node' ? nodeSeries(host) : agentSeries(host, asOf))];
}

/** Every running instance has this one, without an agent. */
function cpu(host: Host): GcpSeries {
  const { name = host.resource.id } = host.resource;
  return {
    ...instance(host, 'compute.googleapis.com/instance/cpu/utilization', { instance_name: name }),
    written: [host.runs],
    value: () => 0.2,
  };
}

/** The Ops Agent: memory by state, which adds up to 100 %, and processes. */
function agentSeries(host: Host, asOf: number): GcpSeries[] {
  const states: Record<string, (time: number) => number> = {
    used: (time) => 100 * host.used(time),
    cached: (time) => 60 * (1 - host.used(time)),
    buffered: (time) => 5 * (1 - host.used(time)),
    slab: (time) => 5 * (1 - host.used(time)),
    free: (time) => 30 * (1 - host.used(time)),
  };
  const memory = Object.entries(states).flatMap(([state, percent]) => [
    {
      ...instance(host, 'agent.googleapis.com/memory/percent_used', { state }),
      written: host.reports,
      value: percent,
    },
    {
      ...instance(host, 'agent.googleapis.com/memory/bytes_used', { state }),
      written: host.reports,
      value: (time: number) => (percent(time) / 100) * HOST_BYTES,
    },
  ]);
  return [...memory, ...processSeries(host, asOf)];
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

/** What a managed cluster writes of its node, and of the two containers of each pod. */
function nodeSeries(host: Host): GcpSeries[] {
  const { account, name = host.resource.id } = host.resource;
  const [cluster_name, location] = clusterOf(host);
  const cluster = { project_id: account, location, cluster_name };
  const node = ['non-evictable', 'evictable'].map((memory_type) => ({
    ...series('kubernetes.io/node/memory/allocatable_utilization', 'k8s_node', account, {
      metric: { memory_type },
      resource: { ...cluster, node_name: name },
    }),
    written: host.reports,
    value: (time: number) => (memory_type === 'evictable' ? 0.1 : host.used(time)),
  }));
  const containers = consumersOf(host).flatMap(({ name: pod, namespace = '', bytes }) =>
    ['main', 'sidecar'].flatMap((container) =>
      ['non-evictable', 'evictable'].map((memory_type) => ({
        ...series('kubernetes.io/container/memory/used_bytes', 'k8s_container', account, {
          metric: { memory_type },
          resource: { ...cluster, namespace_name: namespace, pod_name: pod, container_name: container },
          system: { node_name: name },
        }),
        written: host.reports,
        value: (time: number) => Math.round(bytes(time) * (container === 'main' ? 0.9 : 0.1)),
      })),
    ),
  );
  const capacity = {
    ...series('kubernetes.io/node/memory/allocatable_bytes', 'k8s_node', account, {
      metric: {},
      resource: { ...cluster, node_name: name },
    }),
    written: host.reports,
    value: () => HOST_BYTES,
  };
  return [...node, capacity, ...containers];
}

/** Its name and where it is. */
function clusterOf({ resource: { region, labels = {} } }: Host): [string, string] {
  return [labels['k8s.cluster.name'] ?? CLUSTER_NAME, labels['k8s.cluster.location'] ?? region];
}

type Described = Omit<GcpSeries, 'written' | 'value'>;

function instance(host: Host, metricType: MetricType, metric: Selectable): Described {
  const { account, region, id, name, group, labels } = host.resource;
  const {
    'host.type': machineType,
    'cloud.availability_zone': zone,
    'k8s.cluster.name': _name,
    'k8s.cluster.location': _location,
    ...user
  } = labels ?? {};
  const [cluster, location] = clusterOf(host);
  return series(metricType, 'gce_instance', account, {
    metric,
    resource: { project_id: account, instance_id: id, zone: zone ?? `${region}-b` },
    system: {
      name: name ?? id,
      machine_type: machineType ?? 'e2-standard-2',
      ...(group !== undefined && { instance_group: group }),
    },
    user: {
      ...user,
      ...(host.naming === 'k8s_node' && {
        'goog-k8s-cluster-name': cluster,
        'goog-k8s-cluster-location': location,
      }),
    },
  });
}

function series(
  metricType: MetricType,
  resourceType: string,
  project: string,
  labels: { metric: Selectable; resource: Selectable; system?: Selectable; user?: Selectable },
): Described {
  return {
    metricType,
    resourceType,
    ...METRICS[metricType],
    labels: {
      project,
      'metric.type': metricType,
      'resource.type': resourceType,
      ...prefixed('metric.labels.', labels.metric),
      ...prefixed('resource.labels.', labels.resource),
      ...prefixed('metadata.system_labels.', labels.system),
      ...prefixed('metadata.user_labels.', labels.user),
    },
  };
}

function prefixed(prefix: string, labels: Selectable = {}): Selectable {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));
}
