/** From the lists of containers to the hosts that are read, and each of them as JSON that another invocation reads back. Pure. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import type { InRegion, NotMonitored, Resource, Scope } from '../../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../../core/ports/memory-source.ts';
import { nodeLimited } from '../../reading/container-limit.ts';
import { hostsMissing } from '../../reading/failure.ts';
import { entryOf, listedOf, requireEntries } from '../../reading/host-list.ts';
import { type ContainerHost, hostsOfContainers, type PodContainer } from '../../reading/workloads.ts';
import { noContainersHint, unknownRegionHint } from './hints.ts';
import {
  type ContainerEntry,
  clusterNames,
  containerEntrySchema,
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
  /** Bytes; absent where none are known. */
  readonly limit?: number;
}

const hostEntrySchema = z.strictObject({
  cluster: z.string(),
  container: z.string(),
  uids: z.array(z.string()).min(1).readonly(),
  limit: z.number().positive().exactOptional(),
});

/** Pods whose samples make up one host: of a workload that is rolled out more often the oldest are left out. */
const MOST_PODS = 10;

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
    ...(owner !== undefined && { owner }),
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
  const newestFirst = containers
    .map(({ entry }) => entry)
    .toSorted((a, b) => ageOrder(a) - ageOrder(b) || b.at - a.at || (a.uid < b.uid ? -1 : 1));
  const [newest = containers[0].entry] = newestFirst;
  const found = limitOf(newest);
  const labels = { ...identity.labels, 'k8s.cluster.name': clusterNames(newest.cluster).name };
  return {
    resource: { ...scope, ...identity, labels: found?.isOfNode ? nodeLimited(labels) : labels },
    cluster: newest.cluster,
    container: newest.container,
    // A pod of a StatefulSet keeps its name and gets another uid.
    uids: [...new Set(newestFirst.map(({ uid }) => uid))].slice(0, MOST_PODS),
    ...(found !== undefined && { limit: found.bytes }),
  };
}

/** In a rollout the pod that was not there an hour before is the newer one. */
function ageOrder({ atEnd, hourBefore }: ListedEntry): number {
  if (!atEnd) return 2;
  return hourBefore ? 1 : 0;
}

/** The agent records what a node's pods may have together as the limit of a container that has none. */
function limitFinder(entries: readonly LimitEntry[]) {
  const bytesOf = new Map(entries.map(({ instance, bytes }) => [instance, bytes]));
  return ({ cluster, uid, container, node = '' }: ListedEntry): { bytes: number; isOfNode: boolean } | undefined => {
    const bytes = bytesOf.get(instanceOf(cluster, uid, container));
    return bytes === undefined ? undefined : { bytes, isOfNode: bytes === bytesOf.get(`${cluster}/${node}`) };
  };
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
