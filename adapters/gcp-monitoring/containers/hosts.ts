/** Which hosts the containers of clusters are, and what limits them. Pure. */
import type { InRegion, Resource, Scope } from '../../../core/model/series.ts';
import { nodeLimited } from '../../reading/container-limit.ts';
import { type ContainerHost, hostsOfContainers, type PodContainer, workloadOf } from '../../reading/workloads.ts';
import { CLUSTER, CLUSTER_LOCATION } from '../nodes.ts';
import type { ContainerKey, EarlierEntry, LimitEntry, NodeEntry, RunningEntry } from './entries.ts';

/** A container as the lists have it. */
export interface ListedContainer extends PodContainer {
  readonly key: ContainerKey;
  /** Epoch milliseconds: when it was seen last; infinite of one that runs. */
  readonly at: number;
}

export interface ClusterHost {
  readonly resource: Resource;
  readonly key: Omit<ContainerKey, 'pod'>;
  /** The newest first. */
  readonly pods: readonly string[];
  /** Bytes; absent where none are known. */
  readonly limit?: number;
}

/** Pods whose samples make up one host: of a workload that is rolled out more often the oldest are left out. */
const MOST_PODS = 10;

/** A container of two pages, or whose metadata changed, is listed in parts. */
export function runningContainers(entries: readonly RunningEntry[], { region }: InRegion<Scope>): ListedContainer[] {
  const known = entries.filter((entry) => 'pod' in entry);
  return [...Map.groupBy(known, textOf).values()].flatMap((parts) => {
    const described = parts.find(({ atEnd }) => atEnd) ?? parts[0];
    if (described === undefined) return [];
    const { node, owner } = described;
    const presence = {
      atEnd: parts.some(({ atEnd }) => atEnd),
      hourBefore: parts.some(({ hourBefore }) => hourBefore),
    };
    const container = listedContainer(described, region, Number.POSITIVE_INFINITY);
    return [{ ...container, ...(node !== undefined && { node }), ...(owner !== undefined && { owner }), presence }];
  });
}

/** The pods that are not among those that run. */
export function earlierContainers(
  entries: readonly EarlierEntry[],
  running: readonly ListedContainer[],
  { region }: InRegion<Scope>,
): ListedContainer[] {
  const runs = new Set(running.map(({ key }) => textOf(key)));
  const gone = entries.filter((entry) => 'pod' in entry).filter((entry) => !runs.has(textOf(entry)));
  return [...Map.groupBy(gone, textOf).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const at = Math.max(first.at, ...others.map((other) => other.at));
    return [{ ...listedContainer(first, region, at), presence: { atEnd: false, hourBefore: false } }];
  });
}

function listedContainer({ location, cluster, namespace, pod, container }: ContainerKey, region: string, at: number) {
  return {
    key: { location, cluster, namespace, pod, container },
    at,
    // Two clusters of a region may have one name where one of them is in a zone.
    cluster: location === region ? cluster : `${location}/${cluster}`,
    namespace,
    pod,
    container,
  };
}

function textOf({ location, cluster, namespace, pod, container }: ContainerKey): string {
  return [location, cluster, namespace, pod, container].join(' ');
}

/** How the names of a workload's pods begin and end, where its pods get a new name when they are replaced. */
export function earlierPattern(container: Pick<PodContainer, 'owner' | 'pod'>): string[] {
  const { name, kind } = workloadOf(container);
  const suffix = container.pod.startsWith(`${name}-`) ? container.pod.slice(name.length) : '';
  const written = name.replaceAll('.', '[.]');
  if (kind === 'daemonset') return [`${written}-[a-z0-9]{5}`];
  return /^-[a-z0-9]{6,10}-[a-z0-9]{5}$/.test(suffix) ? [`${written}-[a-z0-9]{6,10}-[a-z0-9]{5}`] : [];
}

export interface Limits {
  readonly limits: readonly LimitEntry[];
  /** Whether a container that is not among them is known to have none. */
  readonly limitsAreComplete: boolean;
  readonly nodes: readonly NodeEntry[];
}

/** The hosts that are there at the window's end. */
export function clusterHosts(containers: readonly ListedContainer[], scope: Scope, limits: Limits): ClusterHost[] {
  const limitOf = limitFinder(limits);
  return hostsOfContainers(containers)
    .filter(({ isGone }) => !isGone)
    .map((host) => clusterHost(host, scope, limitOf));
}

function clusterHost(
  { identity, containers }: ContainerHost<ListedContainer>,
  scope: Scope,
  limitOf: ReturnType<typeof limitFinder>,
): ClusterHost {
  const newestFirst = containers.toSorted((a, b) => ageOrder(a) - ageOrder(b) || b.at - a.at);
  const [newest = containers[0]] = newestFirst;
  const { pod: _, ...key } = newest.key;
  const found = limitOf(newest);
  const labels = { ...identity.labels, [CLUSTER]: key.cluster, [CLUSTER_LOCATION]: key.location };
  return {
    resource: { ...scope, ...identity, labels: found?.isOfNode ? nodeLimited(labels) : labels },
    key,
    pods: newestFirst.slice(0, MOST_PODS).map(({ pod }) => pod),
    ...(found !== undefined && { limit: found.bytes }),
  };
}

/** In a rollout the pod that was not there an hour before is the newer one. */
function ageOrder({ presence }: ListedContainer): number {
  if (presence?.atEnd !== true) return 2;
  return presence.hourBefore ? 1 : 0;
}

function limitFinder({ limits, limitsAreComplete, nodes }: Limits) {
  const own = new Map<string, Extract<LimitEntry, { pod: string }>>();
  for (const entry of limits) {
    if ('pod' in entry && !((own.get(textOf(entry))?.at ?? 0) > entry.at)) own.set(textOf(entry), entry);
  }
  const ofNodes = new Map(nodes.flatMap((entry) => ('node' in entry ? [[nodeText(entry), entry.bytes] as const] : [])));
  return ({ key, node = '' }: ListedContainer): { bytes: number; isOfNode: boolean } | undefined => {
    const limit = own.get(textOf(key))?.limit;
    if (limit !== undefined) return { bytes: limit, isOfNode: false };
    const bytes = limitsAreComplete ? ofNodes.get(nodeText({ ...key, node })) : undefined;
    return bytes === undefined ? undefined : { bytes, isOfNode: true };
  };
}

function nodeText({ location, cluster, node }: { location: string; cluster: string; node: string }): string {
  return [location, cluster, node].join(' ');
}
