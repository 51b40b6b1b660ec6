/** Which hosts the containers of clusters are, and what limits them. Pure. */
import type { InRegion, Resource, Scope } from '../../../core/model/series.ts';
import { type ContainerLimit, limitField, limitLabels } from '../../reading/container-limit.ts';
import { newestFirst, podsRead } from '../../reading/pod-order.ts';
import { type ContainerHost, hostsOfContainers, type PodContainer, type Workload } from '../../reading/workloads.ts';
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
  /** Bytes; absent where there is none, or none is known. */
  readonly limit?: number;
}

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

/**
 * How the names of pods begin and end that those of today may have replaced: of workloads with one pod at a time, whose pods get a new
 * name. The pods of other workloads are hosts of their own, and a series that is not needed is billed all the same.
 */
export function earlierPatterns(running: readonly ListedContainer[]): string[] {
  const single = hostsOfContainers(running).filter(({ isWorkload, isGone }) => isWorkload && !isGone);
  const patterns = single.flatMap(({ workload, containers: [{ pod }] }) => patternOf(workload, pod) ?? []);
  return [...new Set(patterns)].sort();
}

/** Undefined where a pod keeps its name, and of Jobs: each run of a CronJob begins anew. */
function patternOf({ name, kind }: Workload, pod: string): string | undefined {
  const suffix = pod.startsWith(`${name}-`) ? pod.slice(name.length) : '';
  const written = name.replaceAll('.', '[.]');
  if (kind === 'job') return undefined;
  if (kind === 'daemonset') return `${written}-[a-z0-9]{5}`;
  return /^-[a-z0-9]{6,10}-[a-z0-9]{5}$/.test(suffix) ? `${written}-[a-z0-9]{6,10}-[a-z0-9]{5}` : undefined;
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
  const inOrder = newestFirst(containers, ({ at }) => at);
  const [newest = containers[0]] = inOrder;
  const { pod: _, ...key } = newest.key;
  const limit = limitOf(newest);
  const read = podsRead(inOrder.map(({ pod }) => pod));
  const labels = { ...identity.labels, [CLUSTER]: key.cluster, [CLUSTER_LOCATION]: key.location, ...read.labels };
  return {
    resource: { ...scope, ...identity, labels: limitLabels(labels, limit) },
    key,
    pods: read.pods,
    ...limitField(limit),
  };
}

function limitFinder({ limits, limitsAreComplete, nodes }: Limits) {
  const own = new Map<string, Extract<LimitEntry, { pod: string }>>();
  for (const entry of limits) {
    if ('pod' in entry && !((own.get(textOf(entry))?.at ?? 0) > entry.at)) own.set(textOf(entry), entry);
  }
  const ofNodes = new Map(nodes.flatMap((entry) => ('node' in entry ? [[nodeText(entry), entry.bytes] as const] : [])));
  return ({ key, node = '' }: ListedContainer): ContainerLimit | undefined => {
    const bytes = own.get(textOf(key))?.limit;
    if (bytes !== undefined) return { kind: 'own', bytes };
    if (!limitsAreComplete) return undefined;
    const nodeBytes = ofNodes.get(nodeText({ ...key, node }));
    return { kind: 'none', ...(nodeBytes !== undefined && { nodeBytes }) };
  };
}

function nodeText({ location, cluster, node }: { location: string; cluster: string; node: string }): string {
  return [location, cluster, node].join(' ');
}
