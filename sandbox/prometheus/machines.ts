/**
 * What exporters publish of a machine: node_exporter, windows_exporter, the OpenTelemetry collector, and process-exporter beside them.
 * Metric names are those of the projects' documentation.
 */
import { activityMetrics, pageFaultMetrics } from './activity.ts';
import type { StoredSeries } from './series.ts';
import { constant, type Metric, scraped, type Target, upOf } from './targets.ts';
import type { Machine, PrometheusWorld, Publication } from './world.ts';

export function publishMachines({ machines, scrapedEvery }: PrometheusWorld): StoredSeries[] {
  return machines.flatMap((machine) => {
    const { port, job, metrics } = EXPORTERS[machine.publishes];
    const target = targetOf(machine, job, port, scrapedEvery);
    return [
      upOf(target),
      ...scraped(target, [...metrics(machine), ...activityMetrics(machine), ...pageFaultMetrics(machine)]),
      ...publishProcesses(machine, scrapedEvery),
    ];
  });
}

function targetOf(
  { address, runs, reports, labels }: Machine,
  job: string,
  port: number,
  every: number | undefined,
): Target {
  return { labels: { ...labels, job, instance: `${address}:${port}` }, runs, reports, every };
}

interface Exporter {
  readonly job: string;
  readonly port: number;
  readonly metrics: (machine: Machine) => Metric[];
}

const EXPORTERS: Readonly<Record<Publication, Exporter>> = {
  node_exporter: { job: 'node', port: 9100, metrics: nodeMetrics },
  windows_exporter: { job: 'windows', port: 9182, metrics: (machine) => windowsMetrics(machine, PHYSICAL_TOTAL) },
  windows_exporter_old: {
    job: 'windows',
    port: 9182,
    metrics: (machine) => windowsMetrics(machine, PHYSICAL_TOTAL_OLD),
  },
  opentelemetry: { job: 'otel-collector', port: 8889, metrics: (machine) => collectorMetrics(machine, UNDERSCORED) },
  opentelemetry_utf8: { job: 'otel-collector', port: 8889, metrics: (machine) => collectorMetrics(machine, DOTTED) },
};

/** Without fractions: exporters count bytes. */
const bytesOf = ({ bytes, used }: Machine, share: (used: number) => number) => {
  return (time: number) => Math.round(bytes * share(used(time)));
};

/** A third of the available memory is free, and the rest are caches. */
function nodeMetrics(machine: Machine): Metric[] {
  return [
    { name: 'node_memory_MemTotal_bytes', value: constant(machine.bytes) },
    { name: 'node_memory_MemAvailable_bytes', value: bytesOf(machine, (used) => 1 - used) },
    { name: 'node_memory_MemFree_bytes', value: bytesOf(machine, (used) => (1 - used) / 3) },
    { name: 'node_memory_Cached_bytes', value: bytesOf(machine, (used) => (1 - used) / 2) },
    { name: 'node_memory_Buffers_bytes', value: bytesOf(machine, (used) => (1 - used) / 6) },
    ...swapMetrics(machine),
    {
      name: 'node_uname_info',
      labels: {
        nodename: machine.name,
        sysname: 'Linux',
        machine: 'x86_64',
        release: '6.1.0-13-amd64',
        version: '#1 SMP Debian 6.1.55-1',
        domainname: '(none)',
      },
      value: constant(1),
    },
  ];
}

/** node_exporter reports swap of every host: of one that has none a total of 0. */
function swapMetrics({ swap }: Machine): Metric[] {
  const { bytes = 0, used = () => 0 } = swap ?? {};
  return [
    { name: 'node_memory_SwapTotal_bytes', value: constant(bytes) },
    { name: 'node_memory_SwapFree_bytes', value: (time) => Math.round(bytes * (1 - used(time))) },
  ];
}

const PHYSICAL_TOTAL = 'windows_memory_physical_total_bytes';
const PHYSICAL_TOTAL_OLD = 'windows_cs_physical_memory_bytes';

/** Windows commits memory against a limit that page files extend: a quarter beyond what the machine has. */
const COMMIT_LIMIT = 1.25;

function windowsMetrics(machine: Machine, total: string): Metric[] {
  return [
    { name: total, value: constant(machine.bytes) },
    { name: 'windows_memory_available_bytes', value: bytesOf(machine, (used) => 1 - used) },
    { name: 'windows_memory_committed_bytes', value: bytesOf(machine, (used) => used * COMMIT_LIMIT) },
    { name: 'windows_memory_commit_limit', value: constant(machine.bytes * COMMIT_LIMIT) },
    {
      name: 'windows_os_hostname',
      labels: { hostname: machine.name, domain: '', fqdn: machine.name },
      value: constant(1),
    },
  ];
}

interface CollectorNames {
  readonly usage: string;
  readonly utilization: string;
  readonly processUsage: string;
  readonly host: string;
}
const UNDERSCORED: CollectorNames = {
  usage: 'system_memory_usage_bytes',
  utilization: 'system_memory_utilization_ratio',
  processUsage: 'process_memory_usage_bytes',
  host: 'host_name',
};
const DOTTED: CollectorNames = {
  usage: 'system.memory.usage',
  utilization: 'system.memory.utilization',
  processUsage: 'process.memory.usage',
  host: 'host.name',
};

/** Slabs are a part of used or cached memory. */
const STATES: Readonly<Record<string, (used: number) => number>> = {
  used: (used) => used,
  free: (used) => 0.35 * (1 - used),
  cached: (used) => 0.6 * (1 - used),
  buffered: (used) => 0.05 * (1 - used),
  slab_reclaimable: (used) => 0.05 * (1 - used),
};

function collectorMetrics(machine: Machine, names: CollectorNames): Metric[] {
  const host = { [names.host]: machine.name };
  const states = Object.entries(STATES).flatMap(([state, share]): Metric[] => [
    { name: names.usage, labels: { ...host, state }, value: bytesOf(machine, share) },
    { name: names.utilization, labels: { ...host, state }, value: (time) => share(machine.used(time)) },
  ]);
  const processes = (machine.processes ?? []).map(
    ({ name, bytes }, index): Metric => ({
      name: names.processUsage,
      labels: { ...host, process_executable_name: name, process_pid: String(1_000 + index) },
      value: (time) => Math.round(bytes(time)),
    }),
  );
  return [
    ...states,
    ...processes,
    { name: 'target_info', labels: { host_name: machine.name, os_type: 'linux' }, value: constant(1) },
  ];
}

/** The kinds of memory that process-exporter shows, as multiples of the resident one. */
const MEMORY_TYPES: Readonly<Record<string, number>> = { resident: 1, virtual: 3, swapped: 0 };

/** process-exporter has a port of its own, and so another `instance` than the machine's exporter. */
function publishProcesses(machine: Machine, every: number | undefined): StoredSeries[] {
  const { publishes, processes } = machine;
  if (publishes !== 'node_exporter' || processes === undefined) return [];
  const target = targetOf(machine, 'process', 9256, every);
  const metrics = processes.flatMap(({ name, bytes }): Metric[] => [
    { name: 'namedprocess_namegroup_num_procs', labels: { groupname: name }, value: constant(1) },
    ...Object.entries(MEMORY_TYPES).map(([memtype, factor]) => ({
      name: 'namedprocess_namegroup_memory_bytes',
      labels: { groupname: name, memtype },
      value: (time: number) => Math.round(factor * bytes(time)),
    })),
  ]);
  return [upOf(target), ...scraped(target, metrics)];
}
