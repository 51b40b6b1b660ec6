/** Points of what jobs inspect, from what hosts have sent: folded hour by hour, and what is counted differenced. */
import { admits } from '../../core/model/host-filter.ts';
import { type Part, type PointMetric, type PointReading, partText } from '../../core/model/points.ts';
import type { SampleSeries } from '../../core/model/sample.ts';
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import { MEMORY_UTILIZATION, OVER_FULL, type Resource, type Scope } from '../../core/model/series.ts';
import type { Meter, PointsRequest } from '../../core/ports/memory-source.ts';
import { failureFor } from '../reading/failure.ts';
import { type FoldedHost, foldHosts } from './fold-hosts.ts';
import { hourByHour } from './hours.ts';
import { PeriodFold } from './periods.ts';
import type { StoredSamples } from './stored-samples.ts';

/** How far before the window a counter is looked for: what is added in the first period is the difference to it. */
const BEFORE_MS = 30 * 60_000;

/** A window without a point that is shorter states nothing about its host. */
const STOPPED_AFTER_MS = 4 * 3_600_000;

export interface PointsOptions {
  readonly scope: Scope;
  readonly samples: Pick<StoredSamples, 'hosts'>;
  readonly mostHosts: number;
}

export async function* readPoints(
  { scope, samples, mostHosts }: PointsOptions,
  request: PointsRequest,
  meter: Meter,
  signal: AbortSignal,
): AsyncGenerator<PointReading> {
  const { window, periodMs, filters } = request;
  const points = new Points(request, mostHosts);
  const from = { start: window.start - BEFORE_MS, end: window.end };
  const chunks = tapped(hourByHour(samples.hosts(from, meter, signal)), (chunk) => points.add(chunk));
  const isAdmitted = (host: Resource) => admits(filters, host);
  const span = { window, periodMs, statistic: 'average' } as const;
  const { hosts, beyond } = await foldHosts(chunks, { scope, span, isAdmitted, mostHosts });
  for (const host of hosts) yield* points.readingsOf(host);
  for (const { name, feed } of request.metrics) if (feed !== undefined) yield withoutFeeds(scope, name);
  if (beyond > 0) {
    const detail = `it has ${beyond} hosts more than the ${mostHosts} of an account, which are not read: give others an account of their own`;
    yield { kind: 'unreadable', scope, metric: null, ...failureFor('truncated', detail) };
  }
}

async function* tapped(
  chunks: AsyncIterable<SampleChunk>,
  take: (chunk: SampleChunk) => void,
): AsyncGenerator<SampleChunk> {
  for await (const chunk of chunks) {
    take(chunk);
    yield chunk;
  }
}

/** The folds of all hosts, by metric and part. */
class Points {
  readonly #request: PointsRequest;
  readonly #mostHosts: number;
  readonly #wanted: ReadonlyMap<string, PointMetric>;
  readonly #hosts = new Map<string, Map<string, Map<string, Fold>>>();

  constructor(request: PointsRequest, mostHosts: number) {
    this.#request = request;
    this.#mostHosts = mostHosts;
    this.#wanted = new Map(request.metrics.flatMap((metric) => (metric.feed ? [] : [[metric.name, metric]])));
  }

  add({ series }: SampleChunk): void {
    for (const one of series) {
      const metric = this.#wanted.get(one.metric);
      // Memory is folded with its limit.
      if (metric !== undefined && metric.name !== MEMORY_UTILIZATION) this.#foldOf(one, metric)?.add(one);
    }
  }

  #foldOf({ host, part = '' }: SampleSeries, metric: PointMetric): Fold | undefined {
    const metrics = this.#hosts.get(host) ?? new Map<string, Map<string, Fold>>();
    if (!this.#hosts.has(host) && this.#hosts.size >= this.#mostHosts) return undefined;
    this.#hosts.set(host, metrics);
    const parts = metrics.get(metric.name) ?? new Map<string, Fold>();
    metrics.set(metric.name, parts);
    const fold = parts.get(part) ?? foldFor(metric, this.#request);
    parts.set(part, fold);
    return fold;
  }

  *readingsOf(host: FoldedHost): Generator<PointReading> {
    for (const metric of this.#wanted.values()) {
      if (metric.name === MEMORY_UTILIZATION) yield this.#memoryOf(host, metric);
      else yield* this.#ofMetric(host.resource, metric);
    }
  }

  *#ofMetric(resource: Resource, metric: PointMetric): Generator<PointReading> {
    const { window, periodMs } = this.#request;
    const parts = this.#hosts.get(resource.id)?.get(metric.name) ?? new Map<string, Fold>();
    const read =
      metric.statistic === 'sum'
        ? [{ part: {}, ...summed([...parts.values()].map((fold) => fold.result())) }]
        : [...parts].map(([part, fold]) => ({ part: partOf(part), ...fold.result() }));
    const filled = read.filter(({ times }) => times.length > 0).toSorted(byPart);
    for (const { part, times, values } of filled) {
      yield { kind: 'points', resource, metric: metric.name, part, unit: metric.unit, window, periodMs, times, values };
    }
    if (filled.length === 0) yield this.#nothing(resource, metric, parts.size > 0);
  }

  #memoryOf({ resource, unit, times, values }: FoldedHost, metric: PointMetric): PointReading {
    const { window, periodMs } = this.#request;
    if (unit !== '1' || times.length === 0) return this.#nothing(resource, metric, false);
    const most = Math.max(...values);
    if (!(most <= OVER_FULL)) {
      const detail = `it has sent ${most} of the memory in use`;
      return { kind: 'unreadable', scope: resource, metric: metric.name, reason: 'malformed', detail };
    }
    const clamped = values.map((value) => Math.min(1, value));
    return {
      kind: 'points',
      resource,
      metric: metric.name,
      part: {},
      unit: '1',
      window,
      periodMs,
      times,
      values: clamped,
    };
  }

  #nothing(resource: Resource, metric: PointMetric, isKnown: boolean): PointReading {
    const { window, periodMs } = this.#request;
    const isShort = window.end - window.start < STOPPED_AFTER_MS;
    const isOfDisks = metric.name === 'system.filesystem.utilization';
    if (!isOfDisks && (isShort || metric.sparse)) {
      const nothing = { times: new Float64Array(), values: new Float64Array() };
      return {
        kind: 'points',
        resource,
        metric: metric.name,
        part: {},
        unit: metric.unit,
        window,
        periodMs,
        ...nothing,
      };
    }
    const reason = isKnown ? 'stopped_reporting' : 'not_reported';
    return { kind: 'not_monitored', resource, metric: metric.name, reason, hint: hintOf(resource, metric) };
  }
}

interface Fold {
  add(series: SampleSeries): void;
  result(): { readonly times: Float64Array; readonly values: Float64Array };
}

function foldFor({ statistic }: PointMetric, { window, periodMs }: PointsRequest): Fold {
  if (statistic === 'sum') return new Additions({ window, periodMs });
  const fold = new PeriodFold({ window, periodMs, statistic });
  return {
    add({ times, values }) {
      for (const [index, time] of times.entries()) fold.add(time, values[index] ?? 0);
    },
    result: () => fold.result(),
  };
}

/** What was added to a counter in each period. One that was reset adds what it has; the first sample adds nothing. */
class Additions implements Fold {
  readonly #span: Pick<PointsRequest, 'window' | 'periodMs'>;
  readonly #sums = new Map<number, number>();
  #last: number | undefined;

  constructor(span: Pick<PointsRequest, 'window' | 'periodMs'>) {
    this.#span = span;
  }

  add({ times, values }: SampleSeries): void {
    const { window, periodMs } = this.#span;
    for (const [index, time] of times.entries()) {
      const count = values[index] ?? 0;
      const last = this.#last;
      this.#last = count;
      if (last === undefined || time < window.start || time >= window.end) continue;
      const period = window.start + Math.floor((time - window.start) / periodMs) * periodMs;
      this.#sums.set(period, (this.#sums.get(period) ?? 0) + (count >= last ? count - last : count));
    }
  }

  result() {
    return { times: Float64Array.from(this.#sums.keys()), values: Float64Array.from(this.#sums.values()) };
  }
}

/** The interfaces of a host together. */
function summed(parts: readonly ReturnType<Fold['result']>[]): ReturnType<Fold['result']> {
  const sums = new Map<number, number>();
  for (const { times, values } of parts) {
    for (const [index, time] of times.entries()) sums.set(time, (sums.get(time) ?? 0) + (values[index] ?? 0));
  }
  const sorted = [...sums].sort(([a], [b]) => a - b);
  return {
    times: Float64Array.from(sorted, ([time]) => time),
    values: Float64Array.from(sorted, ([, value]) => value),
  };
}

/** `mountpoint=/var` as labels. A mount point may have a comma or an equals sign in it: no other part is stored. */
function partOf(text: string): Part {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  return name === '' ? {} : { [name]: value };
}

function byPart({ part: a }: { readonly part: Part }, { part: b }: { readonly part: Part }): number {
  return partText(a) < partText(b) ? -1 : 1;
}

const SCRAPERS: Readonly<Record<string, string>> = {
  [MEMORY_UTILIZATION]: 'memory, with system.memory.limit or system.memory.utilization',
  'system.cpu.utilization': 'cpu, with system.cpu.utilization',
  'system.filesystem.utilization': 'filesystem, with system.filesystem.utilization',
  'system.network.errors': 'network',
  'system.cpu.load_average.1m': 'load',
};

function hintOf({ id }: Resource, { name }: PointMetric): string {
  return (
    `${id} has sent no ${name} in the window. Turn on the scraper ${SCRAPERS[name] ?? name} of the OpenTelemetry collector’s host metrics receiver; ` +
    'what no job of the account inspects is not kept, so that it is there from the moment at which the job was put.'
  );
}

function withoutFeeds(scope: Scope, metric: string): PointReading {
  const detail = 'of hosts that send by OTLP the metrics of the catalogue alone are kept';
  return { kind: 'unreadable', scope, metric, reason: 'not_found', detail };
}
