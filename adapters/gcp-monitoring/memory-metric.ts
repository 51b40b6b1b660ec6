/** The metrics of a host's used memory: the agent's, and that of nodes of GKE. */
import type { Resource } from '../../core/model/series.ts';
import type { Samples } from '../reading/samples.ts';
import { asNode, clusterOf, isNode, nodesOf } from './nodes.ts';
import { type Condition, is, isInRegion, isLocatedIn, type MetricUnit } from './requests.ts';
import type { Scale } from './samples.ts';

type Labels = Readonly<Record<string, string>>;

/** A metric of a host's used memory. */
export interface MemoryMetric {
  readonly type: string;
  readonly resourceType: string;
  readonly unit: MetricUnit;
  readonly scale: Scale;
  readonly conditions: readonly Condition[];
  /** The resource's label that names a host, and what a host has there. Several hosts may go by one name. */
  readonly label: string;
  readonly nameOf: (host: Resource) => string;
  /** Which of the hosts that go by a series' name it can be of. */
  readonly ownersOf: (series: Labels, hosts: readonly Resource[]) => readonly Resource[];
  /** Whether no other series can turn out to be the host's as well. */
  readonly isCertain: (host: Resource) => boolean;
  /** The host with what the labels of a series' resource add. */
  readonly describe: (host: Resource, series: Labels) => Resource;
}

/**
 * The Ops Agent (and the Monitoring agent before it): percent by state, which add up to 100. Cached and buffered memory can be
 * had back and is not `used`. https://cloud.google.com/monitoring/api/metrics_opsagent#agent-memory
 */
export function agentMemory(region: string): MemoryMetric {
  return {
    type: 'agent.googleapis.com/memory/percent_used',
    resourceType: 'gce_instance',
    unit: '%',
    scale: { divisor: 100, full: 1 },
    conditions: [isInRegion(region), is('metric.labels.state', 'used')],
    // No two machines of a project have one id, whatever their names and zones.
    label: 'instance_id',
    nameOf: ({ id }) => id,
    ownersOf: (_, hosts) => hosts,
    isCertain: () => true,
    describe: (host) => host,
  };
}

/**
 * A node of a GKE cluster, where no agent can be installed: the fraction of what its pods may have that cannot be taken back from
 * them. Pods are evicted at 1. https://cloud.google.com/monitoring/api/metrics_kubernetes
 */
export function nodeMemory(region: string): MemoryMetric {
  return {
    type: 'kubernetes.io/node/memory/allocatable_utilization',
    resourceType: 'k8s_node',
    unit: '1',
    scale: { divisor: 1, full: 1 },
    conditions: [isLocatedIn(region), is('metric.labels.memory_type', 'non-evictable')],
    label: 'node_name',
    nameOf: ({ name = '' }) => name,
    ownersOf: (series, hosts) => nodesOf(clusterOf(series), hosts),
    isCertain: isNode,
    describe: (host, series) => asNode(host, clusterOf(series)),
  };
}

/** A host with its samples. Some hosts have none, which is no failure. */
export interface HostSamples {
  readonly host: Resource;
  readonly samples: Samples;
}

/** Whose samples are wanted, and which other hosts the metric can have samples of. */
export interface Hosts {
  readonly wanted: readonly Resource[];
  readonly others: readonly Resource[];
  /** Whether the metric may have samples of hosts that are in neither: the wanted ones are then named, however many they are. */
  readonly isPart?: boolean;
}
