/** Which hosts are nodes of a GKE cluster, and of which: several clusters of a project may have nodes of one name. */
import type { Resource } from '../../core/model/series.ts';
import { type Condition, is, isLocatedIn } from './requests.ts';

/** OpenTelemetry's name. For where a cluster is, a region or a zone, it has none. */
export const CLUSTER = 'k8s.cluster.name';
export const CLUSTER_LOCATION = 'k8s.cluster.location';

/** OpenTelemetry's name. */
export const ZONE = 'cloud.availability_zone';

/**
 * Labels that GKE gives to the machines of its nodes:
 * https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels
 */
export const GKE_LABELS = {
  [CLUSTER]: 'goog-k8s-cluster-name',
  [CLUSTER_LOCATION]: 'goog-k8s-cluster-location',
} as const;

/** Nodes of GKE clusters, and of Autopilot ones: https://cloud.google.com/kubernetes-engine/docs/concepts/node-images */
const NODE_NAME = /^gk[e3]-/;

/** Whether the host is known to be a node: its machine's labels name a cluster, or a cluster has reported its memory. */
export function isNode({ labels = {} }: Resource): boolean {
  return labels[CLUSTER] !== undefined;
}

/** Whether to request the host's memory from a cluster. Any machine may have been given a node's name. */
export function mayBeNode(host: Resource): boolean {
  return isNode(host) || NODE_NAME.test(host.name ?? '');
}

/** The cluster whose series this is, by the labels of its resource. */
export interface Cluster {
  readonly name: string | undefined;
  readonly location: string | undefined;
}

export function clusterOf({ cluster_name: name, location }: Readonly<Record<string, string>>): Cluster {
  return { name, location };
}

/**
 * Which of the hosts that go by the name of a cluster's node it can be. A host without a cluster's labels can
 * be any in its region, but one in the cluster's own zone comes first: names are unique in a zone.
 */
export function nodesOf({ name, location }: Cluster, hosts: readonly Resource[]): readonly Resource[] {
  const known = hosts.filter(
    ({ labels = {} }) => labels[CLUSTER] === name && (labels[CLUSTER_LOCATION] ?? location) === location,
  );
  if (known.length > 0) return known;
  const possible = hosts.filter((host) => !isNode(host) && isIn(host.region ?? '', location));
  const inZone = possible.filter(({ labels = {} }) => labels[ZONE] === location);
  return inZone.length > 0 ? inZone : possible;
}

function isIn(region: string, location = ''): boolean {
  return location === region || location.startsWith(`${region}-`);
}

/** The host with the cluster that turned out to be its own. */
export function asNode(host: Resource, { name, location }: Cluster): Resource {
  return {
    ...host,
    labels: {
      ...host.labels,
      ...(name !== undefined && { [CLUSTER]: name }),
      ...(location !== undefined && { [CLUSTER_LOCATION]: location }),
    },
  };
}

/** What a series' resource has to be for it to be of the node's own cluster. */
export function isOfClusterOf({ region, labels = {} }: Resource): Condition[] {
  const { [CLUSTER]: cluster, [CLUSTER_LOCATION]: location } = labels;
  return [
    ...(cluster === undefined ? [] : [is('resource.labels.cluster_name', cluster)]),
    location === undefined ? isLocatedIn(region ?? '') : is('resource.labels.location', location),
  ];
}
