/**
 * The memory of containers and tasks, by the names that Container Insights and ECS give it. All of it is in percent of a limit: one
 * metric a host, because GetMetricData is billed by the metric, and a limit in bytes would be a second one.
 *
 * Kubernetes: github.com/aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go.
 * ECS: docs.aws.amazon.com, Container-Insights-enhanced-observability-metrics-ECS and ECS available-metrics.
 */
import { containerInsights, type MetricName, POD_SHARE } from '../metrics.ts';

const ecsInsights = (MetricName: string): MetricName => ({ Namespace: 'ECS/ContainerInsights', MetricName });

/**
 * *Enhanced*: the working set of a container in percent of its limit, for each pod, and for the pods of a controller together. Not
 * published of a container without a limit.
 */
export const CONTAINER_OF_LIMIT = containerInsights('container_memory_utilization_over_container_limit');

/** *Enhanced*: the same in percent of the memory of its node. */
export const CONTAINER_OF_NODE = containerInsights('container_memory_utilization');

/** The working set of pods in percent of their limits. Not published where one of the pod's containers has no limit. */
export const PODS_OF_LIMIT = containerInsights('pod_memory_utilization_over_pod_limit');
export const PODS_OF_NODE = POD_SHARE;

/** *Enhanced*: the memory of a task in percent of its reservation: on Fargate its limit. */
export const TASK_MEMORY = ecsInsights('TaskMemoryUtilization');

/**
 * Of the tasks of a service together, in percent of what they reserve; ECS publishes it of every service, at no charge. Without Container
 * Insights it is all that there is, and with its plain form too: `MemoryUtilized` has the same average, and needs `MemoryReserved` beside it.
 */
export const SERVICE_MEMORY: MetricName = { Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization' };

/** How many tasks a service should have. */
export const DESIRED_TASKS = ecsInsights('DesiredTaskCount');

/** *Enhanced*, in mebibytes: what the containers of a task use, and what is reserved for the task. */
export const TASK_CONTAINER = ecsInsights('ContainerMemoryUtilized');
export const TASK_RESERVED = ecsInsights('MemoryReserved');
export const MEBIBYTE = 2 ** 20;

/** Dimensions. In Kubernetes `PodName` is the name of the controller, and `FullPodName` that of the pod. */
export const CLUSTER = 'ClusterName';
export const NAMESPACE = 'Namespace';
export const CONTROLLER = 'PodName';
export const POD = 'FullPodName';
export const CONTAINER = 'ContainerName';
export const NODE = 'NodeName';
export const SERVICE = 'ServiceName';
export const DEFINITION = 'TaskDefinitionFamily';
export const TASK = 'TaskId';
