/**
 * The metrics of the catalogue in the names of the exporters that are known, as expressions: pure. What is counted is differenced between
 * the ends of periods: a rate within a period loses what is counted between its last sample and the next one, and has no value where a
 * period has one sample.
 *
 * node_exporter: https://github.com/prometheus/node_exporter (collectors cpu, filesystem, netdev, loadavg)
 * windows_exporter: https://github.com/prometheus-community/windows_exporter (collectors cpu, logical_disk, net)
 * OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/system/system-metrics/ and the names that Prometheus makes of them
 */
import { byCluster } from './clusters.ts';
import { duration, is, isNot, type Matcher, matches, range, selector } from './expressions.ts';
import type { MachineKindName } from './machine-kinds.ts';

/** Which hosts, and over how long a period. */
export interface PointQuery {
  /** Labels that identify a host, and stay in the answer. */
  readonly labels: readonly string[];
  /** None for all of them. */
  readonly hosts: readonly Matcher[];
  readonly periodMs: number;
  readonly clusterLabels: readonly string[];
}

/** How a kind of exporter reports a metric. */
export interface PointExpression {
  expression(query: PointQuery): string;
  /** The label that makes a host's series parts of it, and what the part is called; absent where there are no parts. */
  readonly part?: { readonly label: string; readonly name: string };
}

type Exporter = 'node_exporter' | 'windows_exporter' | 'opentelemetry';

const EXPORTERS: Partial<Record<MachineKindName, Exporter>> = {
  node_exporter: 'node_exporter',
  windows_exporter: 'windows_exporter',
  otel_utilization: 'opentelemetry',
  otel_usage_bytes: 'opentelemetry',
  otel_usage: 'opentelemetry',
  otel_utf8: 'opentelemetry',
};

/** Undefined where whoever reports the machine has no such metric, or nobody knows its name for it. */
export function pointExpression(kind: MachineKindName, metric: string): PointExpression | undefined {
  const exporter = EXPORTERS[kind];
  return exporter && EXPRESSIONS[exporter][metric];
}

/** File systems that are no disks. */
const PSEUDO = 'tmpfs|devtmpfs|ramfs|rootfs|overlay|aufs|squashfs|erofs|iso9660|udf|autofs|nsfs|fuse.lxcfs|efivarfs';
const MOUNTED = { label: 'mountpoint', name: 'mountpoint' };

const EXPRESSIONS: Readonly<Record<Exporter, Readonly<Record<string, PointExpression>>>> = {
  node_exporter: {
    'system.cpu.utilization': { expression: (query) => busy(query, 'node_cpu_seconds_total', [], is('mode', 'idle')) },
    'system.filesystem.utilization': { part: MOUNTED, expression: nodeDisks },
    'system.network.errors': {
      expression: (query) =>
        [
          counted(query, { name: 'node_network_receive_errs_total', parts: ['device'] }),
          counted(query, { name: 'node_network_transmit_errs_total', parts: ['device'] }),
        ].join(' + '),
    },
    'system.cpu.load_average.1m': { expression: (query) => folded(query, 'avg', { name: 'node_load1' }) },
  },
  windows_exporter: {
    // Time of interrupts is a part of privileged time.
    'system.cpu.utilization': {
      expression: (query) =>
        busy(query, 'windows_cpu_time_total', [matches('mode', 'idle|user|privileged')], is('mode', 'idle')),
    },
    'system.filesystem.utilization': { part: { label: 'volume', name: 'mountpoint' }, expression: windowsDisks },
    'system.network.errors': {
      expression: (query) =>
        [
          counted(query, { name: 'windows_net_packets_received_errors_total', parts: ['nic'] }),
          counted(query, { name: 'windows_net_packets_outbound_errors_total', parts: ['nic'] }),
        ].join(' + '),
    },
  },
  opentelemetry: {
    'system.cpu.utilization': {
      expression: (query) => {
        const names = ['system_cpu_time_seconds_total', 'system_cpu_time', 'system.cpu.time'];
        const idle = folded(query, 'avg', { name: 'system_cpu_utilization_ratio', matchers: [is('state', 'idle')] });
        return [...names.map((name) => busy(query, name, [], is('state', 'idle'))), `1 - ${idle}`].join(' or ');
      },
    },
    'system.filesystem.utilization': { part: MOUNTED, expression: collectorDisks },
    'system.network.errors': {
      expression: (query) =>
        ['system_network_errors_total', 'system_network_errors', 'system.network.errors']
          .map((name) => counted(query, { name, parts: ['device', 'direction'] }))
          .join(' or '),
    },
    'system.cpu.load_average.1m': {
      expression: (query) =>
        ['system_cpu_load_average_1m', 'system_cpu_load_average_1m_ratio', 'system.cpu.load_average.1m']
          .map((name) => folded(query, 'avg', { name }))
          .join(' or '),
    },
  },
};

interface Series {
  readonly name: string;
  readonly matchers?: readonly Matcher[];
  /** Labels that stay beside those of the host. */
  readonly parts?: readonly string[];
}

/** The samples of each period as one, and the series of a host as one. */
function folded(query: PointQuery, fold: 'min' | 'avg' | 'max', { name, matchers = [], parts = [] }: Series): string {
  const series = selector(name, [...matchers, ...query.hosts]);
  return `${fold} ${grouped(query, parts)} (${fold}_over_time(${series}${range(query.periodMs)}))`;
}

/** What a counter has at the end of a period, without what it had at its start; a counter that was reset adds what it has. */
export function added(series: string, periodMs: number): string {
  const end = `(${series} offset 1ms)`;
  const start = `(${series} offset ${duration(periodMs + 1)})`;
  return `(((${end} - ${start}) >= 0) or (${end} and ${start}))`;
}

/** What was counted, of all parts of a host. Two servers that write the same series count once. */
function counted(query: PointQuery, { name, matchers = [], parts = [] }: Series): string {
  const series = selector(name, [...matchers, ...query.hosts]);
  return `sum ${grouped(query)} (max ${grouped(query, parts)} (${added(series, query.periodMs)}))`;
}

/** The share of time that was not idle, of all processors. Modes add up to the time that has passed, whenever it was scraped. */
function busy(query: PointQuery, name: string, modes: readonly Matcher[], idle: Matcher): string {
  const time = (matchers: readonly Matcher[]) =>
    `sum ${grouped(query)} (${added(selector(name, [...matchers, ...query.hosts]), query.periodMs)})`;
  return `1 - ${time([idle])} / ${time(modes)}`;
}

function nodeDisks(query: PointQuery): string {
  const matchers = [`fstype!~"${PSEUDO}"`, isNot('mountpoint', '')];
  const parts = ['mountpoint'];
  const available = folded(query, 'min', { name: 'node_filesystem_avail_bytes', matchers, parts });
  const size = folded(query, 'max', { name: 'node_filesystem_size_bytes', matchers, parts });
  const isReadOnly = `${folded(query, 'max', { name: 'node_filesystem_readonly', matchers, parts })} == 1`;
  return `1 - ${available} / ${size} unless ${isReadOnly}`;
}

function windowsDisks(query: PointQuery): string {
  // Volumes without a drive name belong to the system's recovery.
  const matchers = ['volume!~"HarddiskVolume.*|_Total"'];
  const parts = ['volume'];
  const free = folded(query, 'min', { name: 'windows_logical_disk_free_bytes', matchers, parts });
  return `1 - ${free} / ${folded(query, 'max', { name: 'windows_logical_disk_size_bytes', matchers, parts })}`;
}

function collectorDisks(query: PointQuery): string {
  const matchers = [`type!~"${PSEUDO}"`, isNot('mode', 'ro'), isNot('mountpoint', '')];
  const parts = ['mountpoint'];
  const stated = folded(query, 'max', { name: 'system_filesystem_utilization_ratio', matchers, parts });
  const computed = ['system_filesystem_usage_bytes', 'system_filesystem_usage', 'system.filesystem.usage'].map(
    (name) => {
      const used = folded(query, 'max', { name, matchers: [...matchers, is('state', 'used')], parts });
      const states = folded(query, 'avg', { name, matchers, parts: [...parts, 'state'] });
      return `${used} / sum ${grouped(query, parts)} (${states})`;
    },
  );
  return [stated, ...computed].join(' or ');
}

function grouped({ labels, clusterLabels }: PointQuery, parts: readonly string[] = []): string {
  return byCluster([...labels, ...parts], clusterLabels);
}
