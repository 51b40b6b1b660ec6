/** From the dimensions of Container Insights to containers of Kubernetes, and to workloads where it publishes no more. Pure. */
import type { Resource, Scope } from '../../../core/model/series.ts';
import { limitLabels, nodeLimited } from '../../reading/container-limit.ts';
import {
  type ContainerHost,
  cronJobOf,
  groupOf,
  hostsOfContainers,
  type PodContainer,
  type Workload,
  workloadOf,
} from '../../reading/workloads.ts';
import { type Dimensions, dimensionValue, type Host, moreSpecificFirst } from '../hosts.ts';
import {
  CLUSTER,
  CONTAINER,
  CONTAINER_OF_LIMIT,
  CONTAINER_OF_NODE,
  CONTROLLER,
  NAMESPACE,
  NODE,
  POD,
  PODS_OF_LIMIT,
  PODS_OF_NODE,
} from './metrics.ts';

/** A label of a host that is several pods or tasks together: what is read of it is their average. */
export const AGGREGATE = 'plimsoll.aggregate';

/** A host, and whether its limit is its own. */
export interface LimitedHost {
  readonly host: Host;
  readonly hasLimit: boolean;
  readonly cluster: string;
}

/** The bytes of a node of clusters, by the cluster's name. */
export type NodeMemory = ReadonlyMap<string, number>;

interface ListedContainer extends PodContainer {
  readonly cluster: string;
  readonly dimensions: Dimensions;
}

/** Containers of clusters whose Container Insights is *enhanced*. */
export function containersOf(
  sets: readonly Dimensions[],
  limited: readonly Dimensions[],
  memory: NodeMemory,
  scope: Scope,
): LimitedHost[] {
  const withLimit = new Set(listedContainers(limited).map(keyOf));
  return hostsOfContainers(listedContainers(sets)).map((host) => {
    const hasLimit = host.containers.some((container) => withLimit.has(keyOf(container)));
    const { cluster } = host.containers[0];
    const labels = hasLimit ? host.identity.labels : unlimited(host.identity.labels, memory.get(cluster));
    return { host: hostOf(host, labels, hasLimit, scope), hasLimit, cluster };
  });
}

type Labels = Readonly<Record<string, string>>;

/** What is read is a share of a node: without the node's bytes it stays one. */
function unlimited(labels: Labels, nodeBytes: number | undefined): Labels {
  return nodeBytes === undefined ? nodeLimited(labels) : limitLabels(labels, { kind: 'none', nodeBytes });
}

function hostOf(host: ContainerHost<ListedContainer>, labels: Labels, hasLimit: boolean, scope: Scope): Host {
  const { identity, containers, isWorkload } = host;
  const [first] = containers;
  const resource: Resource = { ...scope, ...identity, labels };
  const together = isWorkload ? workloadSet(first.dimensions) : undefined;
  const best = {
    metric: hasLimit ? CONTAINER_OF_LIMIT : CONTAINER_OF_NODE,
    dimensions: together ?? first.dimensions,
    resource,
  };
  return { id: identity.id, best, others: [] };
}

/**
 * The set of a workload's container over all of its pods: where there is one pod at a time it is that pod's memory, one metric over
 * all rollouts. Undefined where the publisher does not name the controller.
 */
function workloadSet(dimensions: Dimensions): Dimensions | undefined {
  const names = [CONTAINER, CONTROLLER, NAMESPACE, CLUSTER];
  const together = dimensions.filter(({ Name }) => names.includes(Name));
  return together.length === names.length ? together : undefined;
}

/** Each container once: a publisher's own declarations may name its node as well. */
function listedContainers(sets: readonly Dimensions[]): ListedContainer[] {
  const listed = new Map<string, ListedContainer>();
  for (const dimensions of [...sets].sort(moreSpecificFirst)) {
    const container = containerOf(dimensions);
    if (container && !listed.has(keyOf(container))) listed.set(keyOf(container), container);
  }
  return [...listed.values()];
}

function containerOf(dimensions: Dimensions): ListedContainer | undefined {
  const value = (name: string) => dimensionValue(dimensions, name);
  const [cluster, namespace, pod, container] = [value(CLUSTER), value(NAMESPACE), value(POD), value(CONTAINER)];
  if (cluster === undefined || namespace === undefined || pod === undefined || container === undefined)
    return undefined;
  const node = value(NODE);
  const owner = controllerOf(pod, value(CONTROLLER));
  return {
    cluster,
    namespace,
    pod,
    container,
    dimensions,
    ...(owner && { owner }),
    ...(node !== undefined && { node }),
  };
}

/**
 * The controller's name is published without its kind, which the pod's name implies where it begins with it. Of a Job it is that of the
 * CronJob, or of the run, as the agent is configured; of a pod that nobody owns it is the pod's own.
 */
function controllerOf(pod: string, controller: string | undefined): Workload | undefined {
  if (controller === undefined) return undefined;
  if (controller === pod) return { kind: 'pod', name: pod };
  const implied = workloadOf({ pod });
  return [controller, cronJobOf(controller)?.name].includes(implied.name) ? implied : { name: controller };
}

function keyOf({ cluster, namespace, pod, container }: ListedContainer): string {
  return JSON.stringify([cluster, namespace, pod, container]);
}

/**
 * The pods of a controller together, of clusters whose Container Insights is not enhanced.
 *
 * @param enhanced The sets of containers: of their clusters more is known.
 */
export function podAverages(
  sets: readonly Dimensions[],
  limited: readonly Dimensions[],
  enhanced: readonly Dimensions[],
  memory: NodeMemory,
  scope: Scope,
): LimitedHost[] {
  const known = new Set(enhanced.map((dimensions) => dimensionValue(dimensions, CLUSTER)));
  const withLimit = new Set(limited.flatMap((dimensions) => averageOf(dimensions)?.id ?? []));
  const averages = sets
    .flatMap((dimensions) => averageOf(dimensions) ?? [])
    .filter(({ cluster }) => !known.has(cluster));
  return [...new Map(averages.map((average) => [average.id, average])).values()].map((average) => {
    const hasLimit = withLimit.has(average.id);
    const { id, cluster, dimensions } = average;
    const { labels, ...described } = averageResource(average, scope);
    const resource = { ...described, labels: hasLimit ? labels : unlimited(labels, memory.get(cluster)) };
    const metric = hasLimit ? PODS_OF_LIMIT : PODS_OF_NODE;
    return { host: { id, best: { metric, dimensions, resource }, others: [] }, hasLimit, cluster };
  });
}

interface PodAverage {
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly controller: string;
  readonly dimensions: Dimensions;
}

function averageOf(dimensions: Dimensions): PodAverage | undefined {
  const value = (name: string) => dimensionValue(dimensions, name);
  const [cluster, namespace, controller] = [value(CLUSTER), value(NAMESPACE), value(CONTROLLER)];
  if (cluster === undefined || namespace === undefined || controller === undefined) return undefined;
  if (dimensions.length > [CLUSTER, NAMESPACE, CONTROLLER].length) return undefined;
  return { id: groupOf({ cluster, namespace }, controller), cluster, namespace, controller, dimensions };
}

function averageResource({ id, cluster, namespace, controller }: PodAverage, scope: Scope) {
  const labels = { 'k8s.cluster.name': cluster, 'k8s.namespace.name': namespace, [AGGREGATE]: 'average of its pods' };
  return { ...scope, kind: 'container', id, name: controller, group: id, labels } as const;
}
