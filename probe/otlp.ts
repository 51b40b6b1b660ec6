/** Sweeps as the body of POST /v1/metrics: OTLP/HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
import type { HostMemory } from './host-memory.ts';
import type { ProcessSample } from './process-sample.ts';
import type { Sweep } from './sweep.ts';

/** Whose samples they are. */
export interface SendingHost {
  readonly id: string;
  readonly name: string;
  /** As OpenTelemetry writes it: linux, darwin, windows. */
  readonly os: string;
  /** Further resource attributes. */
  readonly labels: Readonly<Record<string, string>>;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

interface Point {
  readonly attributes?: readonly Attribute[];
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly asDouble?: number;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly sum?: {
    readonly dataPoints: readonly Point[];
    readonly aggregationTemporality: 2;
    readonly isMonotonic: false;
  };
}

interface ResourceMetrics {
  readonly resource: { readonly attributes: readonly Attribute[] };
  readonly scopeMetrics: readonly { readonly scope: { readonly name: string }; readonly metrics: readonly Metric[] }[];
}

export interface MetricsRequest {
  readonly resourceMetrics: readonly ResourceMetrics[];
}

/** What the resource of a host is named by, in samples and in requests for selections. */
export function hostAttributes({ id, name, os, labels }: SendingHost): Readonly<Record<string, string>> {
  return { ...labels, 'host.id': id, 'host.name': name, 'os.type': os };
}

/** OpenTelemetry's names where it has them: it has none for the data and the stack segment. */
const PROCESS_METRICS = [
  ['process.memory.usage', 'resident'],
  ['plimsoll.process.memory.data', 'data'],
  ['plimsoll.process.memory.stack', 'stack'],
  ['plimsoll.process.memory.swap', 'swap'],
] as const;

/** One resource for the host and one for each process, with the points of all sweeps. */
export function metricsRequestOf(host: SendingHost, sweeps: readonly Sweep[]): MetricsRequest {
  const attributes = Object.entries(hostAttributes(host)).map(([key, value]) => text(key, value));
  const processes = byProcess(sweeps).map(({ process, samples }) =>
    resource([...attributes, ...processAttributes(process)], processMetrics(samples)),
  );
  const resources = [resource(attributes, hostMetrics(sweeps)), ...processes];
  return { resourceMetrics: resources.filter(({ scopeMetrics: [scope] }) => (scope?.metrics.length ?? 0) > 0) };
}

function resource(attributes: readonly Attribute[], metrics: readonly Metric[]): ResourceMetrics {
  return { resource: { attributes }, scopeMetrics: [{ scope: { name: 'plimsoll-record' }, metrics }] };
}

function processAttributes({ pid, ppid, name, startedAt }: ProcessSample): Attribute[] {
  return [
    { key: 'process.pid', value: { intValue: String(pid) } },
    { key: 'process.parent_pid', value: { intValue: String(ppid) } },
    text('process.executable.name', name),
    text('process.creation.time', new Date(startedAt).toISOString()),
  ];
}

function hostMetrics(sweeps: readonly Sweep[]): Metric[] {
  const pointsOf = (value: (host: HostMemory) => number | undefined, attributes?: readonly Attribute[]) =>
    sweeps.flatMap(({ time, host }) => {
      const bytes = host && value(host);
      return bytes === undefined ? [] : [bytesAt(time, bytes, attributes)];
    });
  const used = [text('system.memory.state', 'used')];
  const utilization = sweeps.flatMap(({ time, host }) =>
    host === undefined ? [] : [{ attributes: used, timeUnixNano: nanoseconds(time), asDouble: host.used / host.limit }],
  );
  return [
    bytes(
      'system.memory.usage',
      pointsOf((host) => host.used, used),
    ),
    bytes(
      'system.memory.limit',
      pointsOf((host) => host.limit),
    ),
    { name: 'system.memory.utilization', unit: '1', gauge: { dataPoints: utilization } },
    bytes(
      'system.paging.usage',
      pointsOf((host) => host.swap, [text('system.paging.state', 'used')]),
    ),
  ].filter(hasPoints);
}

interface TimedSample {
  readonly time: number;
  readonly sample: ProcessSample;
}

function processMetrics(samples: readonly TimedSample[]): Metric[] {
  const metrics = PROCESS_METRICS.map(([name, field]) => {
    const points = samples.flatMap(({ time, sample }) => {
      const value = sample[field];
      return value === undefined ? [] : [bytesAt(time, value)];
    });
    return bytes(name, points);
  });
  return metrics.filter(hasPoints);
}

function byProcess(sweeps: readonly Sweep[]): { readonly process: ProcessSample; readonly samples: TimedSample[] }[] {
  const processes = new Map<string, { readonly process: ProcessSample; readonly samples: TimedSample[] }>();
  for (const { time, processes: sampled } of sweeps) {
    for (const sample of sampled) {
      // A program that replaces itself keeps its pid and its start, and has another name.
      const key = `${sample.pid} ${sample.startedAt} ${sample.name}`;
      const known = processes.get(key);
      if (known === undefined) processes.set(key, { process: sample, samples: [{ time, sample }] });
      else known.samples.push({ time, sample });
    }
  }
  return [...processes.values()];
}

/** Its points may fall: a sum that is not monotonic, as OpenTelemetry has memory. */
function bytes(name: string, dataPoints: readonly Point[]): Metric {
  return { name, unit: 'By', sum: { dataPoints, aggregationTemporality: 2, isMonotonic: false } };
}

function bytesAt(time: number, value: number, attributes?: readonly Attribute[]): Point {
  return { ...(attributes && { attributes }), timeUnixNano: nanoseconds(time), asInt: String(Math.round(value)) };
}

function hasPoints({ sum, gauge }: Metric): boolean {
  return (sum ?? gauge)?.dataPoints.length !== 0;
}

/** More digits than a number holds. */
function nanoseconds(time: number): string {
  return `${time}000000`;
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}
