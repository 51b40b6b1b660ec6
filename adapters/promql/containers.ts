/** The containers of a server, from what was listed: pods and workloads as hosts, each with its newest limit. Pure. */
import type { Resource, Scope } from '../../core/model/series.ts';
import { limitField, limitLabels } from '../reading/container-limit.ts';
import { newestFirst, podsRead } from '../reading/pod-order.ts';
import { hostsOfContainers, type PodContainer, type Presence, type Workload } from '../reading/workloads.ts';
import type { Labels } from './answers.ts';
import { CONTAINER_KINDS, type ContainerKind } from './container-kinds.ts';
import { idOf, isId, isName, type KnownHost, keyOf, valuesOf } from './known-host.ts';
import { createLimits, type Limits } from './limits.ts';
import type { SeriesEntry } from './list-entries.ts';
import { type OwnerOf, ownerByLabels, ownersIn } from './owners.ts';
import { targetsIn } from './targets.ts';

export interface ContainerLists {
  readonly containers: readonly SeriesEntry[];
  readonly earlier: readonly SeriesEntry[];
  readonly began: readonly SeriesEntry[];
  readonly ended: readonly SeriesEntry[];
  readonly limits: readonly SeriesEntry[];
  readonly owners: readonly SeriesEntry[];
  /** Whether a container that is not among the limits has none. */
  readonly limitsAreComplete: boolean;
  /** The memory of nodes is among them. */
  readonly machines: readonly SeriesEntry[];
  /** Kubelets are among them. */
  readonly targets: readonly SeriesEntry[];
}

export interface Containers {
  readonly hosts: readonly KnownHost[];
  /** Labels of series of which nobody knows the container. */
  readonly nameless: readonly Labels[];
}

/** A pod's container with what it takes to find its samples. */
interface Found extends PodContainer {
  readonly labels: Labels;
  /** Seconds since the epoch, as exactly as the window was looked at. */
  readonly lastSeen: number;
  /** Of all identifying labels. */
  readonly identity: readonly string[];
}

export function containersOf(lists: ContainerLists, scope: Scope): Containers {
  const limits = createLimits(lists.limits, lists.machines, lists.limitsAreComplete);
  const owners = ownersIn(lists.owners);
  const lossOf = createLoss(lists);
  const hosts = new Map<string, KnownHost>();
  const nameless: Labels[] = [];
  for (const kind of CONTAINER_KINDS) {
    const { found, nameless: without } = foundOf(kind, lists, owners);
    nameless.push(...without);
    const ofKind =
      kind.name === 'plain'
        ? plainHosts(kind, found, { limits, lossOf, scope })
        : podHosts(kind, found, { limits, owners, lossOf, scope });
    for (const host of ofKind) {
      if (!isId(host.resource.id)) nameless.push(host.resource.labels ?? {});
      else if (!hosts.has(host.resource.id)) hosts.set(host.resource.id, host);
    }
  }
  return { hosts: [...hosts.values()], nameless };
}

function foundOf(kind: ContainerKind, { containers, earlier, began, ended }: ContainerLists, owners: OwnerOf) {
  const ofKind = (entries: readonly SeriesEntry[]) => entries.filter(({ labels }) => isOfKind(kind, labels));
  const keysOf = (entries: readonly SeriesEntry[]) =>
    new Set(ofKind(entries).map(({ labels }) => keyOf(valuesOf(labels, kind.identity))));
  const live = keysOf(containers);
  const before = keysOf(earlier);
  const timesOf = (entries: readonly SeriesEntry[], fold: (one: number, other: number) => number) => {
    const times = new Map<string, number>();
    for (const { labels, value = 0 } of ofKind(entries)) {
      const key = keyOf(valuesOf(labels, kind.identity));
      times.set(key, fold(times.get(key) ?? value, value));
    }
    return times;
  };
  const firstSeen = timesOf(began, Math.min);
  const lastSeen = timesOf(ended, Math.max);
  const described = new Map<string, Labels>();
  const nameless: Labels[] = [];
  for (const { labels } of ofKind([...containers, ...earlier, ...ended])) {
    const identity = valuesOf(labels, kind.identity);
    const key = keyOf(identity);
    const known = described.get(key);
    if (!identity.slice(1).every(isId)) nameless.push(labels);
    // Of several series of one container the same one counts in whatever order they come.
    else if (known === undefined || isBetterDescribed(labels, known)) described.set(key, labels);
  }
  const found = [...described].map(([key, labels]) =>
    podOf(kind, labels, {
      presence: { atEnd: live.has(key), hourBefore: before.has(key) },
      firstSeen: firstSeen.get(key),
      lastSeen: lastSeen.get(key) ?? 0,
      owners,
    }),
  );
  return { found: found.sort((a, b) => (keyOf(a.identity) < keyOf(b.identity) ? -1 : 1)), nameless };
}

/** The series of live containers have the most labels. */
function isBetterDescribed(labels: Labels, other: Labels): boolean {
  const more = Object.keys(labels).length - Object.keys(other).length;
  return more > 0 || (more === 0 && JSON.stringify(sorted(labels)) < JSON.stringify(sorted(other)));
}

function sorted(labels: Labels): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Which of the kinds a series is of: lists have those of all kinds. */
function isOfKind({ name }: ContainerKind, labels: Labels): boolean {
  const { pod, container, k8s_pod_name: otelPod, k8s_container_name: otelContainer } = labels;
  if (name === 'cadvisor') return Boolean(pod) && Boolean(container) && container !== 'POD';
  if (name === 'otel') return Boolean(otelPod) && Boolean(otelContainer) && !pod;
  return !pod && !otelPod && !container && Boolean(labels['name']);
}

interface Seen extends Pick<Found, 'lastSeen'> {
  readonly presence: Presence;
  /** Seconds since the epoch. */
  readonly firstSeen: number | undefined;
}

/** A rollout takes minutes, and what there is is looked up once in an hour: pods that are seen together no longer may follow each other. */
const TOGETHER_MS = 3_600_000;

function steadyTime({ firstSeen, lastSeen }: Seen): Pick<Found, 'steadily'> {
  if (firstSeen === undefined) return {};
  const steadily = { start: firstSeen * 1000 + TOGETHER_MS, end: lastSeen * 1000 };
  return steadily.start < steadily.end ? { steadily } : {};
}

function podOf(
  kind: ContainerKind,
  labels: Labels,
  { presence, firstSeen, lastSeen, owners }: Seen & { readonly owners: OwnerOf },
): Found {
  const identity = valuesOf(labels, kind.identity);
  const [cluster = '', namespace = '', pod = '', container = ''] = identity;
  const owner: Workload | undefined = kind.name === 'otel' ? ownerByLabels(labels) : owners(cluster, namespace, pod);
  const node = [labels['node'], labels['k8s_node_name']].find(isName);
  const image = [labels['image'], labels['container_image_name']].find(isName);
  const { instance } = labels;
  return {
    ...(cluster !== '' && { cluster }),
    namespace,
    pod,
    container,
    ...(owner && { owner }),
    ...(node && { node }),
    ...(image && { image }),
    presence,
    lastSeen,
    ...steadyTime({ presence, firstSeen, lastSeen }),
    // The kubelet that reports it, by which its node is found.
    labels: { ...(instance !== undefined && { instance }) },
    identity,
  };
}

interface Loss {
  (containers: readonly Found[]): 'gone' | 'lost' | 'down';
  /** Whether who reports them all cannot be scraped. */
  isDown(containers: readonly Found[]): boolean;
}

/**
 * Whether what is not there any more was removed: kube-state-metrics knows of pods, and a kubelet that reports others. Where neither is
 * there, nobody knows.
 */
function createLoss({ owners, containers, targets }: ContainerLists): Loss {
  const { up } = targetsIn(targets);
  const isDown = (found: readonly Found[]) =>
    found.every(({ cluster, labels }) => up.get(keyOf([cluster, labels['instance']])) === false);
  const reporting = new Set(containers.map(({ labels }) => keyOf([labels['cluster'], labels['instance']])));
  const lossOf = (found: readonly Found[]) => {
    const isKnown =
      owners.length > 0 || found.some(({ cluster, labels }) => reporting.has(keyOf([cluster, labels['instance']])));
    if (isKnown) return 'gone';
    return isDown(found) ? 'down' : 'lost';
  };
  return Object.assign(lossOf, { isDown });
}

interface Described {
  readonly lossOf: Loss;
  readonly limits: Limits;
  readonly owners: OwnerOf;
  readonly scope: Scope;
}

function podHosts(
  kind: ContainerKind,
  found: readonly Found[],
  { limits, owners, lossOf, scope }: Described,
): KnownHost[] {
  const live = new Set(found.filter(({ presence }) => presence?.atEnd).map(podKey));
  const stateOfEnded = (pods: readonly Found[], { kind: owner }: Workload): KnownHost['state'] => {
    // A Job's pods stay when it has completed, and so does a pod of which one container has ended, as those that prepare others do.
    if (owner === 'job') return 'gone';
    const isExpected = pods.some(
      (one) => owners.isExpected(one.cluster ?? '', one.namespace, one.pod, one.container) && !live.has(podKey(one)),
    );
    if (!isExpected) return lossOf(pods);
    return lossOf.isDown(pods) ? 'down' : 'stopped';
  };
  return hostsOfContainers(found).map(({ identity, workload, isGone, containers }) => {
    const newest = newestFirst(containers, ({ lastSeen }) => lastSeen);
    const limit = limits(newest[0] ?? containers[0], newest);
    const read = podsRead(newest.map(({ pod }) => pod));
    const { instance: _, ...labels } = identity.labels;
    const resource: Resource = {
      ...scope,
      ...identity,
      labels: { ...limitLabels(labels, limit), ...read.labels },
    };
    return {
      resource,
      source: kind.name,
      at: newest[0] === undefined ? [] : withoutRequested(kind, newest[0].identity),
      names: [...read.pods],
      ...limitField(limit),
      state: isGone ? stateOfEnded(newest, workload) : 'live',
    };
  });
}

function podKey({ cluster, namespace, pod }: PodContainer): string {
  return keyOf([cluster, namespace, pod]);
}

/** Containers of Docker: one that is made anew under its name is the same. */
function plainHosts(
  kind: ContainerKind,
  found: readonly Found[],
  { limits, lossOf, scope }: Omit<Described, 'owners'>,
): KnownHost[] {
  return found.map((one) => {
    const [cluster = '', instance = '', name = ''] = one.identity;
    const limit = limits(one, [one]);
    const image = one.image === undefined ? {} : { 'container.image.name': one.image };
    const labels = { 'container.name': name, 'host.name': instance, ...image };
    return {
      resource: {
        ...scope,
        kind: 'container',
        id: idOf(cluster, instance, name),
        name,
        labels: limitLabels(labels, limit),
      },
      source: kind.name,
      at: withoutRequested(kind, one.identity),
      names: [instance],
      ...limitField(limit),
      state: one.presence?.atEnd ? 'live' : lossOf([one]),
    };
  });
}

function withoutRequested({ identity, requested }: ContainerKind, values: readonly string[]): string[] {
  return values.filter((_, index) => identity[index] !== requested);
}
