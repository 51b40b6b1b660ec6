/**
 * A time series as Cloud Monitoring describes it. Names, labels and kinds are those of Google's metrics list:
 * https://cloud.google.com/monitoring/api/metrics_gcp, /metrics_opsagent and /metrics_kubernetes
 */
import type { Window } from '../../core/model/series.ts';
import type { Host } from '../scenario/fleet.ts';
import type { Selectable } from './filter.ts';

export interface GcpSeries {
  readonly metricType: string;
  readonly resourceType: string;
  readonly valueType: 'DOUBLE' | 'INT64';
  /** Whether it is a counter: `value` is then what was added in the minute. Default: no. */
  readonly isCumulative?: boolean;
  /** In UCUM. */
  readonly unit: string;
  /** Every label by its selector, and metric.type, resource.type and project. */
  readonly labels: Selectable;
  /** When points can exist, one each minute. */
  readonly written: readonly Window[];
  /** Undefined at a minute without a point. */
  readonly value: (time: number) => number | undefined;
}

/** A node's cluster where the host names none. */
const CLUSTER_NAME = 'shop';

/** How Google lists its metrics. */
export const METRICS = {
  'compute.googleapis.com/instance/cpu/utilization': { valueType: 'DOUBLE', unit: '10^2.%' },
  'agent.googleapis.com/memory/percent_used': { valueType: 'DOUBLE', unit: '%' },
  'agent.googleapis.com/memory/bytes_used': { valueType: 'DOUBLE', unit: 'By' },
  'agent.googleapis.com/processes/rss_usage': { valueType: 'DOUBLE', unit: 'By' },
  'agent.googleapis.com/swap/bytes_used': { valueType: 'DOUBLE', unit: 'By' },
  'agent.googleapis.com/swap/percent_used': { valueType: 'DOUBLE', unit: '%' },
  'agent.googleapis.com/disk/percent_used': { valueType: 'DOUBLE', unit: '%' },
  'agent.googleapis.com/interface/errors': { valueType: 'INT64', unit: '1', isCumulative: true },
  'agent.googleapis.com/cpu/load_1m': { valueType: 'DOUBLE', unit: '1' },
  'kubernetes.io/node/memory/allocatable_utilization': { valueType: 'DOUBLE', unit: '1' },
  'kubernetes.io/node/memory/allocatable_bytes': { valueType: 'INT64', unit: 'By' },
  'kubernetes.io/container/memory/used_bytes': { valueType: 'INT64', unit: 'By' },
  'kubernetes.io/container/memory/limit_bytes': { valueType: 'INT64', unit: 'By' },
} as const;
export type MetricType = keyof typeof METRICS;

export function clusterLabels(host: Host): Selectable {
  const [cluster_name, location] = clusterOf(host);
  return { project_id: host.resource.account, location, cluster_name };
}

/** Its name and where it is. */
function clusterOf({ resource: { region, labels = {} } }: Host): [string, string] {
  return [labels['k8s.cluster.name'] ?? CLUSTER_NAME, labels['k8s.cluster.location'] ?? region ?? ''];
}

export type Described = Omit<GcpSeries, 'written' | 'value'>;

export function instance(host: Host, metricType: MetricType, metric: Selectable): Described {
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

export function series(
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
