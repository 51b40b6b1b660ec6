/** From the lists of containers to the hosts that are read, and each of them as JSON that another invocation reads back. Pure. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import type { InRegion, NotMonitored, Resource, Scope } from '../../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../../core/ports/memory-source.ts';
import { type ContainerLimit, limitField, limitLabels } from '../../reading/container-limit.ts';
import { hostsMissing } from '../../reading/failure.ts';
import { entryOf, listedOf, requireEntries } from '../../reading/host-list.ts';
import { newestFirst, podsRead } from '../../reading/pod-order.ts';
import { type ContainerHost, hostsOfContainers, type PodContainer } from '../../reading/workloads.ts';
import { noContainersHint, unknownRegionHint } from './hints.ts';
import {
  type ContainerEntry,
  clusterNames,
  containerEntrySchema,
  isCluster,
  type LimitEntry,
  type ListedEntry,
  limitEntrySchema,
} from './tables.ts';

/** A host, and the pods whose samples it is, by their uids: the newest first. */
export interface ClusterHost {
  readonly resource: Resource;
  readonly cluster: string;
  readonly container: string;
  readonly uids: readonly string[];
  /** Bytes; absent where there is none, or none is known. */
  readonly limit?: number;
}

const hostEntrySchema = z.strictObject({
  cluster: z.string(),
  container: z.string(),
  uids: z.array(z.string()).min(1).readonly(),
  limit: z.number().positive().exactOptional(),
});

type ListedContainer = PodContainer & { readonly entry: ListedEntry };

/** Throws `SourceError` where no container can be known. */
export function planOf(
  listed: ReadonlyMap<string, Listed>,
  scope: InRegion<Scope>,
  filters: readonly HostFilter[],
): HostPlan {
  const containers = listedOf(listed, 'containers', containerEntrySchema);
  const limits = listedOf(listed, 'limits', limitEntrySchema);
  requireEntries(containers);
  const known = containers.entries.filter((entry) => 'uid' in entry);
  const [here, unknown] = [known.filter(({ region }) => isIn(scope, region)), known.filter(({ region }) => !region)];
  const limitOf = limitFinder(limits.entries);
  const hosts = hostsOfContainers(here.map(listedContainer))
    .filter(({ isGone }) => !isGone)
    .map((host) => clusterHost(host, scope, limitOf));
  const missing = [...withoutRecords(containers.entries, scope), ...withoutRegion(unknown, scope)];
  return {
    hosts: hosts.filter(({ resource }) => admits(filters, resource)).map(plan),
    readings: [
      ...missing.filter(({ resource }) => admits(filters, resource)),
      ...(containers.failure ? [hostsMissing(scope, containers.failure)] : []),
      ...(limits.failure && here.length > 0 ? [limitsMissing(scope, limits.failure)] : []),
    ],
  };
}

/** Azure writes a region in lower case, and so does Kubernetes. */
function isIn(scope: InRegion<Scope>, region: string | undefined): boolean {
  return region?.toLowerCase() === scope.region;
}

/** Containers are then read as if they had no limit: a run that does not know it must not look complete. */
function limitsMissing(scope: Scope, { reason, detail }: NonNullable<Listed['failure']>) {
  return {
    kind: 'unreadable',
    scope,
    reason,
    detail: `the limits of some containers are not known: ${detail}`,
  } as const;
}

/** One reading stands for all containers: how many there are is not known. */
function withoutRecords(entries: readonly ContainerEntry[], scope: Scope): NotMonitored[] {
  const missing = entries.find((entry) => 'missing' in entry)?.missing;
  if (missing === undefined) return [];
  const resource = { ...scope, kind: 'container', id: 'aks/containers', name: 'containers of AKS' } as const;
  return [{ kind: 'not_monitored', resource, reason: 'unsupported', hint: noContainersHint(missing) }];
}

function withoutRegion(entries: readonly ListedEntry[], scope: Scope): NotMonitored[] {
  return [...new Set(entries.map(({ cluster }) => cluster))].map((cluster) => {
    const { name } = clusterNames(cluster);
    const labels = { 'k8s.cluster.name': name };
    const id = `${pathOf(cluster)}/containers`;
    const resource = { ...scope, kind: 'container', id, name: `containers of ${name}`, labels } as const;
    return { kind: 'not_monitored', resource, reason: 'unsupported', hint: unknownRegionHint(name) };
  });
}

function listedContainer(entry: ListedEntry): ListedContainer {
  const { cluster, namespace, pod, container, owner, node, atEnd, hourBefore } = entry;
  return {
    entry,
    cluster: pathOf(cluster),
    namespace,
    pod,
    container,
    owner,
    ...(node !== undefined && { node }),
    presence: { atEnd, hourBefore },
  };
}

/** Names of clusters are unique in a resource group. In lower case: Azure mixes cases. */
function pathOf(cluster: string): string {
  const { group, name } = clusterNames(cluster);
  return `${group}/${name}`.toLowerCase();
}

function clusterHost(
  { identity, containers }: ContainerHost<ListedContainer>,
  scope: Scope,
  limitOf: ReturnType<typeof limitFinder>,
): ClusterHost {
  const inOrder = newestFirst(containers, ({ entry }) => entry.at).map(({ entry }) => entry);
  const [newest = containers[0].entry] = inOrder;
  const limit = limitOf(newest);
  // A pod of a StatefulSet keeps its name and gets another uid.
  const read = podsRead(inOrder.map(({ uid }) => uid));
  const labels = { ...identity.labels, 'k8s.cluster.name': clusterNames(newest.cluster).name, ...read.labels };
  return {
    resource: { ...scope, ...identity, labels: limitLabels(labels, limit) },
    cluster: newest.cluster,
    container: newest.container,
    uids: read.pods,
    ...limitField(limit),
  };
}

/**
 * The agent records what a node's pods may have together as the limit of a container that has none. A pod may have moved, and a node be
 * called otherwise in another table: it is compared with all nodes of the cluster.
 */
function limitFinder(entries: readonly LimitEntry[]) {
  const bytesOf = new Map(entries.map(({ instance, bytes }) => [instance, bytes]));
  const ofNodes = new Set(entries.flatMap(({ instance, bytes }) => nodeBytesOf(instance, bytes) ?? []));
  return ({ cluster, uid, container }: ListedEntry): ContainerLimit | undefined => {
    const bytes = bytesOf.get(instanceOf(cluster, uid, container));
    if (bytes === undefined) return undefined;
    return ofNodes.has(`${cluster}/${bytes}`) ? { kind: 'none', nodeBytes: bytes } : { kind: 'own', bytes };
  };
}

/** Of an instance `CLUSTER-ID/NODE`; undefined of a container's. */
function nodeBytesOf(instance: string, bytes: number): string | undefined {
  const cluster = instance.slice(0, instance.lastIndexOf('/'));
  return isCluster(cluster) ? `${cluster}/${bytes}` : undefined;
}

/** As the agent names a container's counters. */
export function instanceOf(cluster: string, uid: string, container: string): string {
  return `${cluster}/${uid}/${container}`;
}

function plan({ resource, ...entry }: ClusterHost): PlannedHost {
  return { resource, entry: { ...entry } };
}

/** Throws `SourceError` for a host that another version planned. */
export function plannedHost(planned: PlannedHost): ClusterHost {
  return { resource: planned.resource, ...entryOf(planned, hostEntrySchema) };
}
