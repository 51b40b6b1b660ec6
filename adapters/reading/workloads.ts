/**
 * Which pods are one host. Pure, and shared by all sources of containers, so that the same container is the same host wherever its
 * memory is read.
 *
 * A pod is replaced, not repaired: a rollout, a drained node and an eviction each give its successor another name. A workload of one
 * pod is therefore one host, whose pods follow each other as a machine's restarts do: a leak is one incident over many rollouts.
 * Of a workload with more pods each pod is a host, as each instance of a group is, and can be compared with the others.
 */
import type { Resource, Window } from '../../core/model/series.ts';

/** What owns a pod. A pod that nothing owns is its own workload. */
export interface Workload {
  readonly name: string;
  /** Absent where only the pod's name is known, which is the same for a DaemonSet and a Job. */
  readonly kind?: WorkloadKind;
}

export const WORKLOAD_KINDS = ['deployment', 'statefulset', 'daemonset', 'job', 'pod'] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** A container of one pod. Parts of one pod (another id of a container that was killed and started again) count as one pod. */
export interface PodContainer {
  /** Absent where the provider knows one cluster only, and does not name it. */
  readonly cluster?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Where the provider names it; else it is taken from the pod's name. */
  readonly owner?: Workload;
  readonly node?: string;
  readonly image?: string;
  /** Labels of the pod, or others that the provider has. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent where it is known only that the pod reported within the last hours, as CloudWatch lists metrics. */
  readonly presence?: Presence;
  /**
   * From when until when (epoch milliseconds) it ran for certain, without the time in which the pod before it may have been ending. Absent
   * where that is not known, or never was.
   */
  readonly steadily?: Window;
}

/** When a pod was live. */
export interface Presence {
  /** At the end of the window. */
  readonly atEnd: boolean;
  /** An hour before that: a rollout of one pod takes minutes. */
  readonly hourBefore: boolean;
}

/** A host, and the containers whose samples are its own. */
export interface ContainerHost<Container extends PodContainer> {
  readonly identity: ContainerIdentity;
  readonly workload: Workload;
  /** Whether the workload is the host, and not one pod of several. */
  readonly isWorkload: boolean;
  /** Whether none of its pods is live any more. */
  readonly isGone: boolean;
  /** In no order: who came first is in their samples. */
  readonly containers: readonly [Container, ...Container[]];
}

/** What is known of a container host besides its scope. */
export type ContainerIdentity = Required<Pick<Resource, 'id' | 'name' | 'group' | 'labels'>> & {
  readonly kind: 'container';
};

/**
 * The hosts that the containers are: each container is in exactly one of them, and no two have one id.
 *
 * A workload with at most one pod at a time is one host. Its pods are counted at the window's end and an hour before, and the smaller
 * count holds: so neither the second pod of a rollout that is under way, nor a rollout of many pods, is taken for something else. Where
 * it is known when they ran, the greatest count within the window holds, so that a workload that is scaled daily has the same hosts all day.
 * Where times are not known, the pods of one revision are counted: a rollout makes another revision, and replicas share one.
 */
export function hostsOfContainers<Container extends PodContainer>(
  containers: readonly Container[],
): ContainerHost<Container>[] {
  const podNames = Map.groupBy(containers, (each) => keyOf(each, each.pod));
  const workloads = Map.groupBy(containers, (each) => keyOf(each, workloadOf(each).name));
  return [...workloads.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { name } = workloadOf(first);
    // Another workload's pod may be called as this workload is.
    const isTaken = podNames.get(keyOf(first, name))?.some((other) => workloadOf(other).name !== name) === true;
    if (podsAtATime(members) <= 1 && !isTaken) return hostOf(members, name, true);
    return [...Map.groupBy(members, ({ pod }) => pod)].flatMap(([pod, parts]) => hostOf(parts, pod, false));
  });
}

/** The workload of a pod: its owner, or what its name implies. */
export function workloadOf({ owner, pod }: Pick<PodContainer, 'owner' | 'pod'>): Workload {
  return owner ?? parseName(pod).workload;
}

/** How a group is written: `CLUSTER/NAMESPACE/WORKLOAD`, so that workloads of one name in two namespaces are two groups. */
export function groupOf(owner: Pick<PodContainer, 'cluster' | 'namespace'>, workload: string): string {
  return pathOf(owner.cluster, owner.namespace, workload);
}

type Location = Pick<PodContainer, 'cluster' | 'namespace' | 'container'>;

/** Names of Kubernetes have no such character. */
const SEPARATOR = '\u0000';

function keyOf({ cluster = '', namespace, container }: Location, name: string): string {
  return [cluster, namespace, container, name].join(SEPARATOR);
}

function pathOf(cluster: string | undefined, ...names: readonly string[]): string {
  return [...(cluster === undefined ? [] : [cluster]), ...names].join('/');
}

function podsAtATime(containers: readonly PodContainer[]): number {
  const pods = new Map<string, readonly PodContainer[]>(Map.groupBy(containers, ({ pod }) => pod));
  const count = (isCounted: (part: PodContainer) => boolean) =>
    [...pods.values()].filter((parts) => parts.some(isCounted)).length;
  const recent = [...pods].filter(([, parts]) => parts.some(({ presence }) => presence === undefined));
  const ofRevision = Map.groupBy(recent, ([pod]) => parseName(pod).revision);
  const most = Math.max(0, ...[...ofRevision.values()].map(({ length }) => length));
  const atEnd = count(({ presence }) => presence?.atEnd === true);
  const before = count(({ presence }) => presence?.hourBefore === true);
  // A workload that was not there an hour ago has as many pods as it has now.
  return Math.max(most, before === 0 ? atEnd : Math.min(atEnd, before), mostTogether(pods.values()));
}

/** The greatest number of pods that ran steadily at one time. */
function mostTogether(pods: Iterable<readonly PodContainer[]>): number {
  const changes = [...pods].flatMap((parts) => {
    const times = parts.flatMap(({ steadily }) => steadily ?? []);
    if (times.length === 0) return [];
    const begin = Math.min(...times.map(({ start }) => start));
    return [
      { at: begin, by: 1 },
      { at: Math.max(...times.map(({ end }) => end)), by: -1 },
    ];
  });
  let most = 0;
  let together = 0;
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    together += by;
    most = Math.max(most, together);
  }
  return most;
}

/** @param subject The workload where it is the host, else the pod. */
function hostOf<Container extends PodContainer>(
  containers: readonly Container[],
  subject: string,
  isWorkload: boolean,
): ContainerHost<Container>[] {
  const [first, ...others] = containers;
  if (first === undefined) return [];
  const { cluster, namespace, container } = first;
  const workload = containers.map(workloadOf).find(({ kind }) => kind !== undefined) ?? workloadOf(first);
  const identity: ContainerIdentity = {
    kind: 'container',
    id: pathOf(cluster, namespace, subject, container),
    name: `${subject}/${container}`,
    group: groupOf(first, workload.name),
    labels: labelsOf(containers, workload),
  };
  const isGone = containers.every(({ presence }) => presence?.atEnd === false);
  return [{ identity, workload, isWorkload, isGone, containers: [first, ...others] }];
}

/** OpenTelemetry's names. What differs between the pods of one host (their names, their nodes) is that of the live one. */
function labelsOf(containers: readonly PodContainer[], workload: Workload): Readonly<Record<string, string>> {
  const live = containers.filter(({ presence }) => presence?.atEnd !== false);
  const [first] = containers;
  const pods = new Set((live.length > 0 ? live : containers).map(({ pod }) => pod));
  // Of two pods in a rollout it is not known which one stays.
  const [described] = pods.size === 1 ? (live.length > 0 ? live : containers) : [];
  const identity = {
    ...given('k8s.cluster.name', first?.cluster),
    ...given('k8s.namespace.name', first?.namespace),
    ...given(workloadLabel(workload), workload.name),
    ...given('k8s.pod.name', described?.pod),
    ...given('k8s.container.name', first?.container),
    ...given('k8s.node.name', described?.node),
    ...given('container.image.name', described?.image),
  };
  // First, because messages keep the first labels alone.
  return { ...identity, ...described?.labels, ...identity };
}

function given(label: string | undefined, value: string | undefined): Readonly<Record<string, string>> {
  return label === undefined || value === undefined ? {} : { [label]: value };
}

/** A pod that nothing owns is named by its own label. */
function workloadLabel({ kind }: Workload): string | undefined {
  return kind === undefined || kind === 'pod' ? undefined : `k8s.${kind}.name`;
}

interface PodName {
  readonly workload: Workload;
  /**
   * Of a Deployment the hash of its template, which a rollout changes and all replicas share; of a CronJob the minute that a run was due.
   * Else the empty text.
   */
  readonly revision: string;
}

/**
 * Kubernetes writes hashes and random suffixes without vowels and without what looks like them (k8s.io/apimachinery, util/rand), so
 * that no word is one by chance.
 */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';

/** The hash is a number of 32 bits in decimal, written in that alphabet: shorter ones than six digits are one in 40,000. */
const DEPLOYMENT = new RegExp(`^(.+)-(${SAFE}{6,10})-${SAFE}{5}$`);
const STATEFUL_SET = /^(.+)-(?:0|[1-9]\d*)$/;
const SUFFIXED = new RegExp(`^(.+)-${SAFE}{5}$`);
const REPLICA_SET = new RegExp(`^(.+)-${SAFE}{6,10}$`);

/** A Job of a CronJob is called as that one and the minute it was due, counted from 1970. */
const RUN = /^(.+)-(\d{8,})$/;

/** The Deployment of a ReplicaSet; undefined where none has made it. */
export function deploymentOf(replicaSet: string): string | undefined {
  return REPLICA_SET.exec(replicaSet)?.[1];
}

/** The CronJob of a Job, and which run it is; undefined of another Job. */
export function cronJobOf(job: string): { readonly name: string; readonly run: string } | undefined {
  const [, name, run = ''] = RUN.exec(job) ?? [];
  return name === undefined ? undefined : { name, run };
}

function parseName(pod: string): PodName {
  const [, suffixed] = SUFFIXED.exec(pod) ?? [];
  const cronJob = suffixed === undefined ? undefined : cronJobOf(suffixed);
  if (cronJob) return { workload: { kind: 'job', name: cronJob.name }, revision: cronJob.run };
  const [, deployment, revision = ''] = DEPLOYMENT.exec(pod) ?? [];
  if (deployment !== undefined) return { workload: { kind: 'deployment', name: deployment }, revision };
  const [, statefulSet] = STATEFUL_SET.exec(pod) ?? [];
  if (statefulSet !== undefined) return { workload: { kind: 'statefulset', name: statefulSet }, revision: '' };
  if (suffixed !== undefined) return { workload: { name: suffixed }, revision: '' };
  return { workload: { kind: 'pod', name: pod }, revision: '' };
}

/** Samples in order of time (epoch milliseconds), as many values as times. */
export interface SampleRun {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** How much later the last sample of one pod may be than that of another that ran as long: one sample may be late. */
const PERIODS_LATE = 2;

/**
 * The samples of several pods, one after the other, as those of one host. Read from the end: the pod that reports last, from its first
 * sample on; before that the pod that reported last until then; and so on. Of several that overlap, the one that began last: a pod that
 * was replaced ends where its successor begins, and one that came and went beside it is left out.
 */
export function joinRuns(runs: readonly SampleRun[], periodMs: number): SampleRun {
  const pieces: SampleRun[] = [];
  let bound = Number.POSITIVE_INFINITY;
  for (;;) {
    const next = lastBefore(runs, bound, periodMs);
    if (next === undefined) break;
    const end = countBefore(next.times, bound);
    pieces.push({ times: next.times.subarray(0, end), values: next.values.subarray(0, end) });
    bound = firstOf(next);
  }
  const inOrder = pieces.reverse();
  return {
    times: Float64Array.from(inOrder.flatMap(({ times }) => [...times])),
    values: Float64Array.from(inOrder.flatMap(({ values }) => [...values])),
  };
}

function lastBefore(runs: readonly SampleRun[], bound: number, periodMs: number): SampleRun | undefined {
  const open = runs
    .filter((run) => firstOf(run) < bound)
    .map((run) => ({ run, last: run.times[countBefore(run.times, bound) - 1] ?? Number.NEGATIVE_INFINITY }));
  const latest = open.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY);
  return open
    .filter(({ last }) => last >= latest - PERIODS_LATE * periodMs)
    .map(({ run }) => run)
    .reduce<SampleRun | undefined>((best, run) => (best && firstOf(best) >= firstOf(run) ? best : run), undefined);
}

function firstOf({ times }: SampleRun): number {
  return times[0] ?? Number.POSITIVE_INFINITY;
}

/** The number of times before `bound`. */
function countBefore(times: Float64Array, bound: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
