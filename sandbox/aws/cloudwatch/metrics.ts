/**
 * Which CloudWatch metrics the hosts of a fleet publish: the agent's memory and processes in CWAgent, what Container Insights
 * publishes of a node, and the CPU that every instance has in AWS/EC2.
 */
import type { Fleet, Host } from '../../scenario/fleet.ts';
import { ACTIVITY_METRICS, activityMetrics } from './activity.ts';
import { consumerMetrics, swapMetrics } from './consumers.ts';
import { containerMetrics } from './containers.ts';
import { agentNamespace, type Dimension, type Metric } from './metric.ts';
import { taskMetrics } from './tasks.ts';

/** The metrics of one account and region, in the order in which they are listed. */
export interface MetricCatalogue {
  /** But for those that are made when somebody requests them. */
  readonly metrics: readonly Metric[];
  /** Of one name where one is given. */
  metricsNamed(name: string | undefined): readonly Metric[];
  find(namespace: string, name: string, dimensions: readonly Dimension[]): Metric | undefined;
}

const MINUTE = 60_000;

export function createCatalogues(fleet: Fleet): (account: string, region: string) => MetricCatalogue {
  const hosts = Map.groupBy(fleet.hosts, ({ resource }) => `${resource.account}/${resource.region}`);
  const pods = Map.groupBy(
    (fleet.pods ?? []).filter(({ provider }) => provider === 'aws'),
    ({ account, region }) => `${account}/${region}`,
  );
  const tasks = Map.groupBy(fleet.tasks ?? [], ({ account, region }) => `${account}/${region}`);
  const metricsIn = (key: string) => [
    ...(hosts.get(key) ?? []).flatMap(metricsOf),
    ...containerMetrics(pods.get(key) ?? []),
    ...taskMetrics(tasks.get(key) ?? []),
  ];
  const catalogues = new Map<string, MetricCatalogue>();
  return (account, region) => {
    const key = `${account}/${region}`;
    const known =
      catalogues.get(key) ?? createCatalogue(metricsIn(key), () => (hosts.get(key) ?? []).flatMap(activityOf));
    catalogues.set(key, known);
    return known;
  };
}

/** @param others What is made when somebody requests it. */
function createCatalogue(metrics: readonly Metric[], others: () => readonly Metric[]): MetricCatalogue {
  const own = indexOf(metrics);
  let made: ReturnType<typeof indexOf> | undefined;
  const indexFor = (name: string) => {
    if (!ACTIVITY_METRICS.has(name)) return own;
    made ??= indexOf(others());
    return made;
  };
  return {
    metrics,
    metricsNamed: (name) => (name === undefined ? [...metrics, ...others()] : (indexFor(name).byName.get(name) ?? [])),
    find: (namespace, name, dimensions) => indexFor(name).byKey.get(metricKey(namespace, name, dimensions)),
  };
}

function indexOf(metrics: readonly Metric[]) {
  return {
    byName: Map.groupBy(metrics, ({ name }) => name),
    byKey: new Map(metrics.map((metric) => [metricKey(metric.namespace, metric.name, metric.dimensions), metric])),
  };
}

function activityOf(host: Host): Metric[] {
  return activityMetrics(host, dimensionSetsOf(host));
}

/** A metric is its complete set of dimensions, in any order: fewer dimensions are another metric. */
function metricKey(namespace: string, name: string, dimensions: readonly Dimension[]): string {
  return JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()]);
}

function metricsOf(host: Host): Metric[] {
  const sets = dimensionSetsOf(host);
  const memory = sets.map((dimensions) => memoryMetric(host, dimensions));
  const [complete = []] = sets;
  const consumers =
    host.naming === 'group_only' ? [] : [...consumerMetrics(host, complete), ...swapMetrics(host, complete)];
  const instance = host.naming !== 'host_name' && host.naming !== 'group_only';
  return instance && host.resource.provider === 'aws'
    ? [...memory, ...consumers, cpuMetric(host)]
    : [...memory, ...consumers];
}

function memoryMetric(host: Host, dimensions: readonly Dimension[]): Metric {
  return {
    ...memoryNameOf(host),
    dimensions,
    unit: 'Percent',
    cadenceMs: MINUTE,
    published: host.reports,
    value: (time) => host.used(time) * 100,
    host,
  };
}

function memoryNameOf(host: Host): { namespace: string; name: string } {
  const { naming } = host;
  if (naming === 'k8s_node') return { namespace: 'ContainerInsights', name: 'node_memory_utilization' };
  return {
    namespace: agentNamespace(host),
    name: naming === 'windows' ? 'Memory % Committed Bytes In Use' : 'mem_used_percent',
  };
}

/**
 * Basic monitoring: every 5 minutes, for every instance, with no agent.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
function cpuMetric(host: Host): Metric {
  return {
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    dimensions: [{ Name: 'InstanceId', Value: host.resource.id }],
    unit: 'Percent',
    cadenceMs: 5 * MINUTE,
    published: [host.runs],
    // An inventory needs only that it exists.
    value: (time) => 100 * (host.activity?.cpu(time) ?? 0.2),
    host,
  };
}

/** The agent's append_dimensions and aggregation_dimensions. */
function dimensionSetsOf(host: Host): Dimension[][] {
  const { id, group, labels } = host.resource;
  const instance = { Name: 'InstanceId', Value: id };
  const groupName = group === undefined ? [] : [{ Name: 'AutoScalingGroupName', Value: group }];
  switch (host.naming) {
    case 'host_name':
      return [[{ Name: 'host', Value: id }]];
    case 'unresolved':
      return [
        [
          { Name: 'host', Value: host.resource.name ?? id },
          { Name: 'InstanceId', Value: `\${aws:InstanceId}` },
        ],
      ];
    case 'group_only':
      return [groupName];
    case 'k8s_node': {
      const cluster = { Name: 'ClusterName', Value: group ?? 'cluster' };
      return [[{ Name: 'NodeName', Value: host.resource.name ?? id }, instance, cluster], [cluster]];
    }
    default: {
      const complete = [
        instance,
        { Name: 'ImageId', Value: labels?.['host.image.id'] ?? 'ami-0a1b2c3d4e5f67890' },
        { Name: 'InstanceType', Value: labels?.['host.type'] ?? 'm7g.large' },
        ...groupName,
        ...(host.naming === 'named' ? [{ Name: 'host', Value: host.resource.name ?? id }] : []),
        // Others are dimensions of the owner's own.
        ...Object.entries(labels ?? {}).flatMap(([Name, Value]) => (Name.startsWith('host.') ? [] : { Name, Value })),
        ...(host.naming === 'windows' ? [{ Name: 'objectname', Value: 'Memory' }] : []),
      ];
      return host.naming === 'aggregated' ? [complete, [instance]] : [complete];
    }
  }
}
