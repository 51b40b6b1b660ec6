/**
 * What exporters publish of a machine beside its memory: times of its processors, file systems, errors of its network and its load, in the
 * names of node_exporter, windows_exporter and the OpenTelemetry collector. A machine that reports again was started again: its counters
 * begin anew.
 */
import type { Activity, FileSystem } from '../scenario/activity.ts';
import { constant, type Metric } from './targets.ts';
import type { Machine } from './world.ts';

const MINUTE = 60_000;
const PROCESSORS = 2;
const DISK_BYTES = 100 * 2 ** 30;

/** How far back a counter counts where a machine has always run. */
const COUNTED_MINUTES = 60 * 24 * 60;

/** Counters of page faults, by the exporters that have them. */
export function pageFaultMetrics(machine: Machine): Metric[] {
  const { majorFaults, publishes, name } = machine;
  if (majorFaults === undefined) return [];
  const major = floored(counter(startsOf(machine), (time) => 60 * majorFaults(time)));
  if (publishes === 'node_exporter') return [{ name: 'node_vmstat_pgmajfault', value: major }];
  const names = COLLECTORS[publishes];
  if (names === undefined) return [];
  // Most faults find their page in memory.
  const minor = (time: number) => 1000 + 50 * major(time);
  return Object.entries({ major, minor }).map(([type, value]) => {
    return { name: names.faults, labels: { [names.host]: name, type }, value };
  });
}

const COLLECTORS: Partial<Record<Machine['publishes'], { readonly faults: string; readonly host: string }>> = {
  opentelemetry: { faults: 'system_paging_faults_total', host: 'host_name' },
  opentelemetry_utf8: { faults: 'system.paging.faults', host: 'host.name' },
};

/** What is shown of a machine's activity by each exporter; nothing of a machine that has none. */
export function activityMetrics(machine: Machine): Metric[] {
  const { activity, publishes } = machine;
  if (activity === undefined) return [];
  const of = { activity, starts: startsOf(machine) };
  switch (publishes) {
    case 'node_exporter':
      return nodeMetrics(of);
    case 'windows_exporter':
    case 'windows_exporter_old':
      return windowsMetrics(of);
    case 'opentelemetry':
      return collectorMetrics(of, UNDERSCORED, { host_name: machine.name });
    case 'opentelemetry_utf8':
      return collectorMetrics(of, DOTTED, { 'host.name': machine.name });
  }
}

interface Active {
  readonly activity: Activity;
  /** Epoch milliseconds at which counters are 0, in order. */
  readonly starts: readonly number[];
}

function startsOf({ runs, reports }: Machine): number[] {
  return reports.map(({ start }) => Math.ceil(Math.max(start, runs.start) / MINUTE) * MINUTE).sort((a, b) => a - b);
}

/** What was added since the machine was started, of what each minute adds; within a minute evenly. */
function counter(starts: readonly number[], perMinute: (time: number) => number): (time: number) => number {
  const counts = new Map<number, (time: number) => number>();
  return (time) => {
    const since = starts.findLast((start) => start <= time) ?? starts[0] ?? time;
    const count = counts.get(since) ?? countedSince(since, perMinute);
    counts.set(since, count);
    return count(time);
  };
}

function countedSince(since: number, perMinute: (time: number) => number): (time: number) => number {
  const sums = [0];
  return (time) => {
    const minutes = Math.min(COUNTED_MINUTES, Math.max(0, (time - since) / MINUTE));
    const full = Math.floor(minutes);
    for (let at = sums.length; at <= full; at++) sums.push((sums[at - 1] ?? 0) + perMinute(since + (at - 1) * MINUTE));
    return (sums[full] ?? 0) + (minutes - full) * perMinute(since + full * MINUTE);
  };
}

/** Errors are integers. */
function floored(count: (time: number) => number): (time: number) => number {
  return (time) => Math.floor(count(time));
}

/** Seconds of all processors by mode: what is not idle is divided between two. */
function processorTimes({
  activity: { cpu },
  starts,
}: Active): Readonly<Record<'idle' | 'user' | 'system', (time: number) => number>> {
  const seconds = (share: (busy: number) => number) => counter(starts, (time) => 60 * share(cpu(time)));
  return {
    idle: seconds((busy) => 1 - busy),
    user: seconds((busy) => 0.7 * busy),
    system: seconds((busy) => 0.3 * busy),
  };
}

/** One counter for each processor and mode. */
function timesOf(of: Active, name: string, label: string, names: Readonly<Record<string, string>> = {}): Metric[] {
  const times = Object.entries(processorTimes(of));
  return Array.from({ length: PROCESSORS }, (_, cpu) => cpu).flatMap((cpu) =>
    times.map(([mode, value]) => ({ name, labels: { cpu: String(cpu), [label]: names[mode] ?? mode }, value })),
  );
}

function nodeMetrics(of: Active): Metric[] {
  const { activity, starts } = of;
  const disks = [...activity.fileSystems, CD_ROM].flatMap((system): Metric[] => {
    const labels = { device: `/dev/${system.device}`, fstype: system.type, mountpoint: system.mountpoint };
    const isReadOnly = system === CD_ROM ? 1 : 0;
    return [
      { name: 'node_filesystem_size_bytes', labels, value: constant(DISK_BYTES) },
      { name: 'node_filesystem_avail_bytes', labels, value: freeBytes(system) },
      { name: 'node_filesystem_readonly', labels, value: constant(isReadOnly) },
    ];
  });
  const { received, sent } = activity.errors;
  return [
    ...timesOf(of, 'node_cpu_seconds_total', 'mode'),
    ...disks,
    { name: 'node_network_receive_errs_total', labels: { device: 'eth0' }, value: floored(counter(starts, received)) },
    { name: 'node_network_receive_errs_total', labels: { device: 'lo' }, value: constant(0) },
    { name: 'node_network_transmit_errs_total', labels: { device: 'eth0' }, value: floored(counter(starts, sent)) },
    { name: 'node_network_transmit_errs_total', labels: { device: 'lo' }, value: constant(0) },
    { name: 'node_load1', value: activity.load },
  ];
}

/** What is mounted and never written to: full, and no fault. */
const CD_ROM: FileSystem = { mountpoint: '/snap/core', device: 'loop0', type: 'ext4', used: () => 1 };

function freeBytes({ used }: FileSystem): (time: number) => number {
  return (time) => Math.round(DISK_BYTES * (1 - used(time)));
}

const DRIVES = ['C:', 'D:'];

function windowsMetrics(of: Active): Metric[] {
  const { activity, starts } = of;
  const volumes = [...activity.fileSystems.slice(0, DRIVES.length)].flatMap((system, index): Metric[] => {
    const labels = { volume: DRIVES[index] ?? '' };
    return [
      { name: 'windows_logical_disk_size_bytes', labels, value: constant(DISK_BYTES) },
      { name: 'windows_logical_disk_free_bytes', labels, value: freeBytes(system) },
    ];
  });
  const recovery = { volume: 'HarddiskVolume1' };
  const nic = { nic: 'Ethernet' };
  const { received, sent } = activity.errors;
  return [
    ...timesOf(of, 'windows_cpu_time_total', 'mode', { system: 'privileged' }),
    ...volumes,
    { name: 'windows_logical_disk_size_bytes', labels: recovery, value: constant(2 ** 29) },
    { name: 'windows_logical_disk_free_bytes', labels: recovery, value: constant(2 ** 20) },
    { name: 'windows_net_packets_received_errors_total', labels: nic, value: floored(counter(starts, received)) },
    { name: 'windows_net_packets_outbound_errors_total', labels: nic, value: floored(counter(starts, sent)) },
  ];
}

interface CollectorNames {
  readonly time: string;
  readonly disk: string;
  readonly errors: string;
  readonly load: string;
}
const UNDERSCORED: CollectorNames = {
  time: 'system_cpu_time_seconds_total',
  disk: 'system_filesystem_usage_bytes',
  errors: 'system_network_errors_total',
  load: 'system_cpu_load_average_1m',
};
const DOTTED: CollectorNames = {
  time: 'system.cpu.time',
  disk: 'system.filesystem.usage',
  errors: 'system.network.errors',
  load: 'system.cpu.load_average.1m',
};

function collectorMetrics(of: Active, names: CollectorNames, host: Readonly<Record<string, string>>): Metric[] {
  const { activity, starts } = of;
  const disks = activity.fileSystems.flatMap((system): Metric[] => {
    const { mountpoint, device, type } = system;
    const labels = { ...host, device: `/dev/${device}`, mode: 'rw', mountpoint, type };
    const free = freeBytes(system);
    return [
      { name: names.disk, labels: { ...labels, state: 'free' }, value: free },
      { name: names.disk, labels: { ...labels, state: 'used' }, value: (time) => DISK_BYTES - free(time) },
    ];
  });
  const errors = Object.entries({ receive: activity.errors.received, transmit: activity.errors.sent });
  return [
    ...timesOf(of, names.time, 'state').map((metric) => ({ ...metric, labels: { ...metric.labels, ...host } })),
    ...disks,
    ...errors.map(([direction, value]) => ({
      name: names.errors,
      labels: { ...host, device: 'eth0', direction },
      value: floored(counter(starts, value)),
    })),
    { name: names.load, labels: host, value: activity.load },
  ];
}
