/** Folds the metrics of a request into hosts and series: what is kept of them, and why the rest is not. */
import type { RejectedPoints, Rejection } from '../model/ingest-outcome.ts';
import {
  POINT_SAMPLE_METRICS,
  type PointSampleMetric,
  PROCESS_DATA,
  PROCESS_STACK,
  PROCESS_SWAP,
  type SampleMetric,
  type SampleSeries,
  type SentHost,
  type SentProcess,
} from '../model/sample.ts';
import type { SentMetric, SentMetrics, SentPoint, SentResource } from '../model/sent-metrics.ts';
import { MEMORY_UTILIZATION, PROCESS_MEMORY } from '../model/series.ts';
import { HOST_METRICS, HostMemory } from './host-memory.ts';
import { hostOf, processOf } from './host-of.ts';
import { HostPoints } from './host-points.ts';
import { LIMITS } from './limits.ts';
import { RejectionCount } from './rejections.ts';
import type { SenderSettings } from './sender.ts';

const PROCESS_METRICS = [PROCESS_MEMORY, PROCESS_DATA, PROCESS_STACK, PROCESS_SWAP] as const;

/** The names of the metrics that are read. */
export const READ_METRICS: ReadonlySet<string> = new Set([...HOST_METRICS, ...PROCESS_METRICS]);

/** Those that are read of a sender: what no job inspects is not kept. */
export function readMetricsOf({ pointMetrics }: SenderSettings): ReadonlySet<string> {
  return pointMetrics === undefined ? READ_METRICS : READ_METRICS.union(pointMetrics);
}

/** Fractions: nothing is used more than entirely. */
const UTILIZATIONS: ReadonlySet<string> = new Set([
  MEMORY_UTILIZATION,
  'system.cpu.utilization',
  'system.filesystem.utilization',
]);

export interface FoldedMetrics {
  readonly hosts: readonly SentHost[];
  readonly series: readonly SampleSeries[];
  readonly acceptedPoints: number;
  readonly rejectedPoints: RejectedPoints;
}

/** @param receivedAt Epoch milliseconds. */
export function foldMetrics(sent: SentMetrics, settings: SenderSettings, receivedAt: number): FoldedMetrics {
  const folding = new Folding(settings, receivedAt);
  for (const resource of sent.resources) folding.addResource(resource);
  return folding.result();
}

interface KeptHost {
  sent: SentHost;
  readonly memory: HostMemory;
  readonly points: HostPoints;
}

interface KeptSeries {
  readonly host: string;
  readonly process: SentProcess;
  readonly metric: SampleMetric;
  readonly points: Map<number, number>;
}

class Folding {
  readonly #settings: SenderSettings;
  readonly #receivedAt: number;
  readonly #hosts = new Map<string, KeptHost>();
  readonly #processes = new Map<string, KeptSeries>();
  readonly #rejected = new RejectionCount();
  #accepted = 0;
  #pointSeries = 0;

  constructor(settings: SenderSettings, receivedAt: number) {
    this.#settings = settings;
    this.#receivedAt = receivedAt;
  }

  addResource({ attributes, metrics }: SentResource): void {
    const kept = this.#keepHost(hostOf(attributes, this.#settings));
    if (typeof kept === 'string') {
      this.#rejectAll(metrics, kept);
      return;
    }
    const ofHost = metrics.filter(({ name }) => HOST_METRICS.has(name));
    for (const metric of ofHost) this.#addPoints(metric, (point) => addToHost(kept, metric, point));
    for (const name of POINT_SAMPLE_METRICS) {
      if (this.#settings.pointMetrics?.has(name) !== true) continue;
      const inspected = metrics.filter((metric) => metric.name === name);
      for (const metric of inspected) this.#addPoints(metric, (point) => this.#addPoint(kept, name, point));
    }
    this.#addProcess(kept.sent.id, processOf(attributes, this.#settings), metrics);
  }

  /** What a later resource of the same host states goes before what an earlier one did. */
  #keepHost(host: SentHost | 'text' | undefined): KeptHost | Rejection {
    if (host === undefined) return 'no_host';
    if (host === 'text') return 'text';
    const known = this.#hosts.get(host.id);
    if (known === undefined && this.#hosts.size >= LIMITS.hosts) return 'hosts';
    const kept = known ?? { sent: host, memory: new HostMemory(), points: new HostPoints() };
    kept.sent = { ...kept.sent, ...host };
    this.#hosts.set(host.id, kept);
    return kept;
  }

  #addProcess(host: string, process: SentProcess | 'text' | undefined, metrics: readonly SentMetric[]): void {
    for (const name of PROCESS_METRICS) {
      const ofProcess = metrics.filter((metric) => metric.name === name);
      if (process === undefined) this.#rejectAll(ofProcess, 'no_process');
      else if (process === 'text') this.#rejectAll(ofProcess, 'text');
      else
        for (const metric of ofProcess) this.#addPoints(metric, (point) => this.#addSample(host, process, name, point));
    }
  }

  #addPoints({ name, kind, points }: SentMetric, add: (point: SentPoint) => Rejection | undefined): void {
    for (const point of points) {
      const reason = kind === 'value' ? (this.#faultOf(name, point) ?? add(point)) : 'kind';
      if (reason === undefined) this.#accepted += 1;
      else this.#rejected.add(reason);
    }
  }

  #faultOf(metric: string, { time, value }: SentPoint): Rejection | undefined {
    const age = this.#receivedAt - time;
    if (!(age <= LIMITS.pastMs && age >= -LIMITS.futureMs)) return 'time';
    const most = UTILIZATIONS.has(metric) ? 1 : Number.MAX_SAFE_INTEGER;
    return value >= 0 && value <= most ? undefined : 'value';
  }

  #addPoint({ points }: KeptHost, metric: PointSampleMetric, point: SentPoint): Rejection | undefined {
    const before = points.size;
    const reason = points.add(metric, point, this.#pointSeries < LIMITS.pointSeries);
    this.#pointSeries += points.size - before;
    return reason;
  }

  #addSample(host: string, process: SentProcess, metric: SampleMetric, point: SentPoint): Rejection | undefined {
    const started = withStart(process, point);
    const key = JSON.stringify([host, started.pid, started.name, started.startedAt, metric]);
    const known = this.#processes.get(key);
    if (known === undefined && this.#processes.size >= LIMITS.processSeries) return 'series';
    const kept = known ?? { host, process: started, metric, points: new Map<number, number>() };
    if (kept.points.size >= LIMITS.samples) return 'samples';
    kept.points.set(point.time, point.value);
    this.#processes.set(key, kept);
    return undefined;
  }

  #rejectAll(metrics: readonly SentMetric[], reason: Rejection): void {
    for (const { points } of metrics) this.#rejected.add(reason, points.length);
  }

  result(): FoldedMetrics {
    const ofHosts = [...this.#hosts].flatMap(([host, { memory, points: inspected }]) =>
      [...memory.series(), ...inspected.series()].map(({ points, ...series }) => ({
        host,
        ...series,
        ...columnsOf(points),
      })),
    );
    const ofProcesses = [...this.#processes.values()].map(({ points, ...series }) => ({
      ...series,
      ...columnsOf(points),
    }));
    const series = [...ofHosts, ...ofProcesses];
    const sending = new Set(series.map(({ host }) => host));
    return {
      hosts: [...this.#hosts.values()].map(({ sent }) => sent).filter(({ id }) => sending.has(id)),
      series,
      acceptedPoints: this.#accepted,
      rejectedPoints: this.#rejected.counts,
    };
  }
}

/** What the conventions call the type of a page fault, and called it before, and the collector. */
const FAULT_TYPES = ['system.paging.fault.type', 'system.paging.type', 'type'];

function addToHost({ memory }: KeptHost, { name }: SentMetric, point: SentPoint): Rejection | undefined {
  const { attributes, time, value } = point;
  const prefix = name.startsWith('system.paging') ? 'system.paging.state' : 'system.memory.state';
  // The collector has had `state` and `device` for years, and the conventions the longer names.
  const state = attributes.get(prefix) ?? attributes.get('state') ?? '';
  const device = attributes.get('system.device') ?? attributes.get('device') ?? '';
  const type = FAULT_TYPES.map((attribute) => attributes.get(attribute)).find((one) => one !== undefined) ?? '';
  return memory.add(name, time, value, { state, device, type }) ? undefined : 'samples';
}

/** A pid comes back. The collector states when a process started as the time since which its metrics count. */
function withStart(process: SentProcess, { startTime, time }: SentPoint): SentProcess {
  if (process.startedAt !== undefined || startTime === undefined) return process;
  return startTime > 0 && startTime <= time ? { ...process, startedAt: startTime } : process;
}

/** In order of time. */
function columnsOf(points: ReadonlyMap<number, number>): Pick<SampleSeries, 'times' | 'values'> {
  const sorted = [...points].toSorted(([a], [b]) => a - b);
  return { times: sorted.map(([time]) => time), values: sorted.map(([, value]) => value) };
}
