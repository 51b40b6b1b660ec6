/** The metrics that are read, by the names that their publishers give them. */

/** A metric's name without its dimensions. */
export interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
}

/** Where the agent publishes unless its configuration names a namespace of its own. */
export const AGENT_NAMESPACE = 'CWAgent';

const agent = (MetricName: string): MetricName => ({ Namespace: AGENT_NAMESPACE, MetricName });
export const containerInsights = (MetricName: string): MetricName => ({ Namespace: 'ContainerInsights', MetricName });

/** The CloudWatch agent on Linux: used memory in percent of the total. */
export const LINUX_MEMORY = agent('mem_used_percent');

/**
 * The CloudWatch agent on Windows: committed memory in percent of what can be committed (memory and page files together).
 * It is what runs out when a process leaks there: pages that are not used leave the memory long before.
 */
export const WINDOWS_MEMORY = agent('Memory % Committed Bytes In Use');

/** Container Insights: the working set of a node of a cluster in percent of its memory. */
export const NODE_MEMORY = containerInsights('node_memory_utilization');

/** What a host's memory may be published as, in whatever namespace; of several the first is read. */
export const HOST_MEMORY: readonly MetricName[] = [LINUX_MEMORY, WINDOWS_MEMORY, NODE_MEMORY];

/** Whether two metrics are the same measurement: an agent may publish it in any namespace. */
export function isSameMeasurement(a: MetricName, b: MetricName): boolean {
  return a.MetricName === b.MetricName;
}

/** The metric as an agent publishes it in another namespace. */
export function inNamespace(Namespace: string, { MetricName }: MetricName): MetricName {
  return { Namespace, MetricName };
}

/** A host's capacity in bytes, by whom its memory is published. Container Insights publishes it per node where it is *enhanced*. */
export const LINUX_CAPACITY = agent('mem_total');
export const NODE_CAPACITY = containerInsights('node_memory_limit');

/** Used swap, which the agent's swap section publishes under the dimensions of the host's memory: bytes, or percent of swap. */
export const SWAP_BYTES = agent('swap_used');
export const SWAP_PERCENT = agent('swap_used_percent');

/**
 * The resident memory of processes, which the agent's procstat section collects, and how many processes that section found:
 * exactly one sample each time that it looked.
 */
export const LINUX_PROCESSES = { memory: agent('procstat_memory_rss'), looks: agent('procstat_lookup_pid_count') };
export const WINDOWS_PROCESSES = { memory: agent('procstat memory_rss'), looks: agent('procstat_lookup pid_count') };

/** The working set of a pod in bytes. No agent publishes it by default: an owner has to declare it, with the node's name. */
export const POD_MEMORY_OF_NODE = containerInsights('pod_memory_working_set');

/**
 * The working set of a pod in percent of the memory of its node, which Container Insights does not name: of each pod where it is
 * *enhanced*, and else the mean of a controller's pods.
 */
export const POD_SHARE = containerInsights('pod_memory_utilization');

/** The processor of an instance in percent, which the hypervisor measures of each: every five minutes, or every one where an owner pays for it. */
export const INSTANCE_CPU: MetricName = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };

/**
 * A file system in percent of what it holds: of the space that is used on Linux, with its `path`, and of the free space on Windows, with
 * the drive as `instance`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html
 */
export const LINUX_DISK = agent('disk_used_percent');
export const WINDOWS_DISK = agent('LogicalDisk % Free Space');

/**
 * Errors of an `interface`, received and sent: what was added since the agent looked last (github.com/aws/amazon-cloudwatch-agent,
 * cumulativetodeltaprocessor). What Windows counts is a total since it started, in which a sum over a period has no sense.
 */
export const NETWORK_ERRORS = [agent('net_err_in'), agent('net_err_out')] as const;
