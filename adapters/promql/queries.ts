/**
 * Every expression that is sent to a server: pure. Inventories are instant queries at the end of the window (or of an hour before) and
 * over it; samples are range queries with one point for each period.
 */
import type { Statistic, Window } from '../../core/model/series.ts';
import { byCluster } from './clusters.ts';
import { CONTAINER_KINDS, type ContainerKind, WORKING_SET } from './container-kinds.ts';
import { anyOf, by, described, duration, is, isNot, type Matcher, matches, range, selector } from './expressions.ts';
import { MACHINE_KINDS, type MachineKind, type Metric } from './machine-kinds.ts';

/**
 * The range of a period ends with its last millisecond. Prometheus 3 leaves the beginning of a range out, so that it is the period
 * exactly; servers before it have the millisecond before as well, in which hardly ever a sample is.
 */

/** How samples are requested: of which hosts, and how each period is folded. */
export interface SampleQuery {
  /** Labels that stay in the answer. */
  readonly labels: readonly string[];
  /** Which hosts: none for all of them. */
  readonly hosts: readonly Matcher[];
  readonly periodMs: number;
  readonly statistic: Statistic;
  readonly clusterLabels: readonly string[];
}

const FOLDS: Readonly<Record<Statistic, Fold>> = { minimum: 'min', average: 'avg', maximum: 'max' };

/** A minimum of used memory is a maximum of available memory, and of the total. */
const OPPOSITE: Readonly<Record<Statistic, Fold>> = { minimum: 'max', average: 'avg', maximum: 'min' };

type Fold = 'min' | 'avg' | 'max';

/**
 * Used memory of machines as fractions. Everything is aggregated to the labels that are needed: the two replicas of a pair that scrapes
 * twice are one, and a machine that was scraped as two jobs as well.
 */
export function machineSamples({ usage }: MachineKind, query: SampleQuery): string {
  const used = (metric: Metric) => folded(metric, query, FOLDS[query.statistic]);
  const other = (metric: Metric) => folded(metric, query, OPPOSITE[query.statistic]);
  switch (usage.kind) {
    case 'available':
      return `1 - ${other(usage.available)} / ${other(usage.total)}`;
    case 'used':
      return `${used(usage.used)} / ${other(usage.total)}`;
    case 'states': {
      // Means of the states add up to the total; their minima do not.
      const states = folded(usage.states, { ...query, labels: [...query.labels, 'state'] }, 'avg');
      return `${used(usage.used)} / sum ${byCluster(query.labels, query.clusterLabels)} (${states})`;
    }
    case 'fraction':
      return used(usage.fraction);
  }
}

/** Bytes of containers. One that was started again within a period has two series in it: a control group each. */
export function containerSamples({ matchers }: ContainerKind, query: SampleQuery): string {
  return folded({ name: WORKING_SET, matchers }, query, FOLDS[query.statistic]);
}

function folded({ name, matchers = [] }: Metric, query: SampleQuery, fold: Fold): string {
  const { labels, hosts, periodMs, clusterLabels } = query;
  const series = selector(name, [...matchers, ...hosts]);
  return `${fold} ${byCluster(labels, clusterLabels)} (${fold}_over_time(${series}${range(periodMs)}))`;
}

/**
 * How long after its last sample a host is live. A server by itself looks back five minutes, and would half of the time not find a
 * target that is scraped every ten.
 */
const LIVE_MS = 900_000;

function live(series: string, offset = ''): string {
  return `last_over_time(${series}[${duration(LIVE_MS)}]${offset})`;
}

/** What makes a machine, of all exporters: in one expression, because an exporter that nobody has costs nothing in it. */
const MACHINE_SERIES = MACHINE_KINDS.map(({ presence }) => selector(presence.name, presence.matchers));

export const MACHINES = MACHINE_SERIES.map((series) => live(series)).join(' or ');

/** Machines of a window with the labels that they had last. */
export function machinesOver(window: Window): string {
  return `last_over_time((${MACHINE_SERIES.join(' or ')})${looks(window)})`;
}

/** Moments at which a server looks what there is: what was there in none of them was there for a hundredth of the window. */
const LOOKS = 100;

/** Every server finds what it has of the last five minutes. */
const SHORTEST_LOOK_MS = 300_000;

function looks({ start, end }: Window): string {
  const step = Math.max(SHORTEST_LOOK_MS, Math.ceil((end - start) / LOOKS / 60_000) * 60_000);
  return `[${duration(end - start)}:${duration(step)}]`;
}

/**
 * Targets of the jobs that report machines: 1 where the last scrape succeeded, 0 where it failed. And how many targets a server has found
 * for each of its jobs, where it reports itself: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
export function targets(clusterLabels: readonly string[]): string {
  const labels = byCluster(['cluster', 'job', 'instance'], clusterLabels);
  // Those as well that have all stopped within the last hours: that they fail is known.
  const jobs = `group ${by(['job'])} (last_over_time((${MACHINES})[3h:${duration(LIVE_MS)}]))`;
  const pools = `max ${byCluster(['cluster', 'scrape_job'], clusterLabels)} (prometheus_target_scrape_pool_targets)`;
  return `min ${labels} (${live('up')} and on (job) ${jobs}) or ${pools}`;
}

/** What machines call themselves. */
export function names(clusterLabels: readonly string[]): string {
  const labels = byCluster(['cluster', 'instance', 'nodename', 'hostname'], clusterLabels);
  return `group ${labels} (${anyOf(['node_uname_info', 'windows_cs_hostname', 'windows_os_hostname'])})`;
}

/** The series whose labels are the containers of all kinds. */
const CONTAINER_SERIES: readonly string[] = CONTAINER_KINDS.map(({ matchers }) => selector(WORKING_SET, matchers));

/** Labels that a container may have: those that identify it, and what is good to know of it. */
const CONTAINER_LABELS: readonly string[] = [
  ...new Set([
    ...CONTAINER_KINDS.flatMap(({ identity }) => identity),
    'image',
    'node',
    'k8s_node_name',
    'k8s_deployment_name',
    'k8s_statefulset_name',
    'k8s_daemonset_name',
    'k8s_job_name',
    'container_image_name',
  ]),
];

/** Containers that are live at the time of the query. */
export function containers(clusterLabels: readonly string[]): string {
  return `group ${byCluster(CONTAINER_LABELS, clusterLabels)} (${CONTAINER_SERIES.map((series) => live(series)).join(' or ')})`;
}

/** Labels that identify containers of any kind. */
const CONTAINER_IDENTITY = [...new Set(CONTAINER_KINDS.flatMap(({ identity }) => identity))];

/** Containers that were live an hour before. */
export function earlierContainers(clusterLabels: readonly string[]): string {
  const earlier = CONTAINER_SERIES.map((series) => live(series, ' offset 1h')).join(' or ');
  return `group ${byCluster(CONTAINER_IDENTITY, clusterLabels)} (${earlier})`;
}

/** Containers of a window, with the second in which each was seen first, or last. */
export function containersOver(seen: 'first' | 'last', window: Window, clusterLabels: readonly string[]): string {
  const fold = seen === 'first' ? 'min' : 'max';
  const times = CONTAINER_KINDS.map(({ matchers, identity }) => {
    // The kubelet that reported it.
    const labels = [...new Set([...identity, 'instance'])];
    const series = selector(WORKING_SET, matchers);
    return `${fold} ${byCluster(labels, clusterLabels)} (timestamp(${series}))`;
  });
  return `${fold}_over_time((${times.join(' or ')})${looks(window)})`;
}

/** Limits in bytes. */
export function limits(clusterLabels: readonly string[]): string {
  return CONTAINER_KINDS.flatMap(({ identity, limits: ofKind }) =>
    ofKind.map((limit) => `max ${byCluster(identity, clusterLabels)} (${limit})`),
  ).join(' or ');
}

/**
 * Who owns each pod that exists; which of the pods have ended, with their `phase`; and which containers have, by name and without an owner.
 * https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/pod-metrics.md
 */
export function owners(clusterLabels: readonly string[]): string {
  const grouped = (labels: readonly string[], series: string) =>
    `group ${byCluster(['cluster', 'namespace', 'pod', ...labels], clusterLabels)} (${series})`;
  const ofPod = ['namespace', 'pod'];
  const ended = selector('kube_pod_status_phase', [matches('phase', 'Succeeded|Failed')]);
  const terminated = ENDED_CONTAINERS.map((metric) => `${described(metric, [...ofPod, 'container'])} == 1`);
  return [
    grouped(['owner_kind', 'owner_name'], described('kube_pod_owner', ofPod)),
    grouped(['phase'], `${described(ended, ofPod)} == 1`),
    grouped(['container'], terminated.join(' or ')),
  ].join(' or ');
}

/** 1 for what has ended and is not started again. */
const ENDED_CONTAINERS = ['kube_pod_container_status_terminated', 'kube_pod_init_container_status_terminated'];

/** Who uses the memory of one host. */
export interface ConsumerMetric extends Metric {
  /** The labels that make several series one consumer. */
  readonly name: string;
  readonly consumer: readonly string[];
  /** The labels that distinguish the parts of a consumer: its processes, or its containers. */
  readonly parts: readonly string[];
}

/**
 * Mean bytes of each consumer. Sums of what was seen over the number of looks: a process that is forked anew each minute has a series in
 * each of them, and they never were there together. What is there all the time was seen at every look.
 */
export function consumerSamples(metric: ConsumerMetric, hosts: readonly Matcher[], periodMs: number): string {
  const { name, matchers = [], consumer, parts } = metric;
  const samples = `${selector(name, [...matchers, ...hosts])}${range(periodMs)}`;
  const sums = `max ${by([...consumer, ...parts])} (sum_over_time(${samples}))`;
  return `sum ${by(consumer)} (${sums}) / on () group_left () max(count_over_time(${samples}))`;
}

/** process-exporter: https://github.com/ncabatoff/process-exporter */
export const PROCESS_GROUPS: ConsumerMetric = {
  name: 'namedprocess_namegroup_memory_bytes',
  matchers: [is('memtype', 'resident')],
  consumer: ['groupname'],
  parts: [],
};

/** The host metrics receiver: https://opentelemetry.io/docs/specs/semconv/system/process-metrics/ */
export const OTEL_PROCESSES: ConsumerMetric = {
  name: 'process_memory_usage_bytes',
  consumer: ['process_executable_name'],
  parts: ['process_pid'],
};

/** The same with names as they were sent. */
export const OTEL_PROCESSES_UTF8: ConsumerMetric = {
  name: 'process.memory.usage',
  consumer: ['process_executable_name', 'process.executable.name'],
  parts: ['process_pid', 'process.pid'],
};

/** windows_exporter's collector process. Committed memory, as the host's own is. */
export const WINDOWS_PROCESSES: ConsumerMetric = {
  name: 'windows_process_private_bytes',
  matchers: [`process!~"Idle|_Total"`],
  consumer: ['process'],
  parts: ['process_id'],
};

/** Pods of a node. */
export const PODS: ConsumerMetric = {
  name: WORKING_SET,
  matchers: [isNot('container', ''), isNot('container', 'POD'), isNot('pod', '')],
  consumer: ['namespace', 'pod'],
  parts: ['container', 'id'],
};

/** The memory of one host in bytes, whoever reports it. */
export function capacity(hosts: readonly Matcher[]): string {
  const totals = MACHINE_KINDS.filter(({ presenceIsTotal }) => presenceIsTotal).map(({ presence }) => presence.name);
  return `max(${anyOf(totals, hosts)})`;
}

/** Mean bytes of used swap of one host, by the exporter that reports it: node_exporter, or the host metrics receiver. */
export function swapSamples(hosts: readonly Matcher[], periodMs: number): string {
  const mean = (name: string, matchers: readonly Matcher[] = []) =>
    `(avg_over_time(${selector(name, [...matchers, ...hosts])}${range(periodMs)}))`;
  const total = `max ${mean('node_memory_SwapTotal_bytes')}`;
  // A host without swap has a total of 0, and is left out.
  const node = `${total} - max ${mean('node_memory_SwapFree_bytes')} and ${total} > 0`;
  return `${node} or sum ${mean('system_paging_usage_bytes', [is('state', 'used')])}`;
}
