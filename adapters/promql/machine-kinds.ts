/**
 * The exporters that report the memory of machines, as data. Of a machine that several of them report, the first in this order counts.
 *
 * node_exporter: https://github.com/prometheus/node_exporter (collector meminfo)
 * windows_exporter: https://github.com/prometheus-community/windows_exporter (collector memory)
 * OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/system/system-metrics/ and the names that Prometheus makes of them
 * kubelet: what cAdvisor in it reports of the node itself
 */
import { is, type Matcher, matches } from './expressions.ts';

/** A metric, and the series of it that are meant. */
export interface Metric {
  readonly name: string;
  readonly matchers?: readonly Matcher[];
}

/** How used memory follows from the metrics that are reported. */
export type Usage =
  | { readonly kind: 'available'; readonly available: Metric; readonly total: Metric }
  | { readonly kind: 'used'; readonly used: Metric; readonly total: Metric }
  /** The total is the sum of the states. */
  | { readonly kind: 'states'; readonly used: Metric; readonly states: Metric }
  | { readonly kind: 'fraction'; readonly fraction: Metric };

export interface MachineKind {
  readonly name: MachineKindName;
  /** Whoever reports it, for people. */
  readonly title: string;
  /** One series of it a machine: whoever has it is a machine. Its labels are the machine's. */
  readonly presence: Metric;
  /** Whether the value of `presence` is the machine's memory in bytes. */
  readonly presenceIsTotal: boolean;
  readonly usage: Usage;
  /** The labels of which the first that is there names the machine. */
  readonly identity: readonly string[];
}

export const MACHINE_KIND_NAMES = [
  'node_exporter',
  'windows_exporter',
  'otel_utilization',
  'otel_usage_bytes',
  'otel_usage',
  'otel_utf8',
  'kubelet',
] as const;
export type MachineKindName = (typeof MACHINE_KIND_NAMES)[number];

/** One collector may report many machines: its own `instance` is none of theirs where they have names. */
const OTEL_IDENTITY = ['host_name', 'host_id', 'instance'];

const USED = is('state', 'used');

/** States of Linux and Windows that exclude each other: those of slabs are parts of others. */
const STATES = matches('state', 'used|free|buffered|cached|inactive');

function otelUsage(name: MachineKindName, metric: string, identity = OTEL_IDENTITY): MachineKind {
  const used = { name: metric, matchers: [USED] };
  return {
    name,
    title: 'OpenTelemetry',
    presence: used,
    presenceIsTotal: false,
    usage: { kind: 'states', used, states: { name: metric, matchers: [STATES] } },
    identity,
  };
}

const UTILIZATION: Metric = { name: 'system_memory_utilization_ratio', matchers: [USED] };

export const MACHINE_KINDS: readonly MachineKind[] = [
  {
    name: 'node_exporter',
    title: 'node_exporter',
    presence: { name: 'node_memory_MemTotal_bytes' },
    presenceIsTotal: true,
    usage: {
      kind: 'available',
      available: { name: 'node_memory_MemAvailable_bytes' },
      total: { name: 'node_memory_MemTotal_bytes' },
    },
    identity: ['instance'],
  },
  {
    // Committed memory against its limit, as on AWS: it is what programs have requested, and it is what runs out.
    name: 'windows_exporter',
    title: 'windows_exporter',
    presence: { name: 'windows_memory_commit_limit' },
    presenceIsTotal: true,
    usage: {
      kind: 'used',
      used: { name: 'windows_memory_committed_bytes' },
      total: { name: 'windows_memory_commit_limit' },
    },
    identity: ['instance'],
  },
  {
    name: 'otel_utilization',
    title: 'OpenTelemetry',
    presence: UTILIZATION,
    presenceIsTotal: false,
    usage: { kind: 'fraction', fraction: UTILIZATION },
    identity: OTEL_IDENTITY,
  },
  otelUsage('otel_usage_bytes', 'system_memory_usage_bytes'),
  otelUsage('otel_usage', 'system_memory_usage'),
  // Names as they were sent, which Prometheus 3 keeps where it is configured so.
  otelUsage('otel_utf8', 'system.memory.usage', ['host.name', 'host.id', 'instance']),
  {
    name: 'kubelet',
    title: 'kubelet',
    presence: { name: 'machine_memory_bytes' },
    presenceIsTotal: true,
    usage: {
      kind: 'used',
      used: { name: 'container_memory_working_set_bytes', matchers: [is('id', '/')] },
      total: { name: 'machine_memory_bytes' },
    },
    identity: ['instance'],
  },
];
