/** Points of what jobs inspect, from what hosts have sent: folded hour by hour, and what is counted differenced. */
import { admits } from '../../core/model/host-filter.ts';
import { type Part, type PointMetric, type PointReading, partText } from '../../core/model/points.ts';
import type { SampleSeries, SentHost } from '../../core/model/sample.ts';
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import { MEMORY_UTILIZATION, OVER_FULL, type Resource, type Scope } from '../../core/model/series.ts';
import type { Meter, PointsRequest } from '../../core/ports/memory-source.ts';
import { failureFor } from '../reading/failure.ts';
import {
  foldTerms,
  isShort,
  MOST_PARTS,
  noPoints,
  type PartPoints,
  type Points,
  pointSeries,
} from '../reading/points.ts';
import { Additions, BEFORE_MS } from './additions.ts';
import { type FoldedHost, foldHosts } from './fold-hosts.ts';
import { hourByHour } from './hours.ts';
import { PeriodFold } from './periods.ts';
import type { StoredSamples } from './stored-samples.ts';

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
  const isAdmitted = (host: Resource) => admits(filters, host);
  const points = new SentSeries(request, (sent) => isAdmitted({ ...scope, ...sent }), mostHosts);
  const from = { start: window.start - BEFORE_MS, end: window.end };
  const chunks = tapped(hourByHour(samples.hosts(from, meter, signal)), (chunk) => points.add(chunk));
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
class SentSeries {
  readonly #request: PointsRequest;
  readonly #isAdmitted: (host: SentHost) => boolean;
  readonly #mostHosts: number;
  readonly #wanted: ReadonlyMap<string, PointMetric>;
  /** Of the hosts that filters admit, those that were seen first. */
  readonly #hosts = new Map<string, Map<string, OfMetric>>();

  constructor(request: PointsRequest, isAdmitted: (host: SentHost) => boolean, mostHosts: number) {
    this.#request = request;
    this.#isAdmitted = isAdmitted;
    this.#mostHosts = mostHosts;
    this.#wanted = new Map(request.metrics.flatMap((metric) => (metric.feed ? [] : [[metric.name, metric]])));
  }

  add({ hosts, series }: SampleChunk): void {
    for (const host of hosts) {
      if (!this.#hosts.has(host.id) && this.#hosts.size < this.#mostHosts && this.#isAdmitted(host))
        this.#hosts.set(host.id, new Map());
    }
    for (const one of series) {
      const metric = this.#wanted.get(one.metric);
      // Memory is folded with its limit.
      if (metric !== undefined && metric.name !== MEMORY_UTILIZATION) this.#foldOf(one, metric)?.add(one);
    }
  }

  #foldOf({ host, part = '' }: SampleSeries, metric: PointMetric): Fold | undefined {
    const metrics = this.#hosts.get(host);
    if (metrics === undefined) return undefined;
    const own = metrics.get(metric.name) ?? { parts: new Map<string, Fold>(), isCrowded: false };
    metrics.set(metric.name, own);
    const known = own.parts.get(part);
    if (known !== undefined) return known;
    if (own.parts.size >= MOST_PARTS) {
      own.isCrowded = true;
      return undefined;
    }
    const fold = foldFor(metric, this.#request);
    own.parts.set(part, fold);
    return fold;
  }

  *readingsOf(host: FoldedHost): Generator<PointReading> {
    for (const metric of this.#wanted.values()) {
      if (metric.name === MEMORY_UTILIZATION) yield this.#memoryOf(host, metric);
      else yield* this.#ofMetric(host.resource, metric);
    }
  }

  *#ofMetric(resource: Resource, metric: PointMetric): Generator<PointReading> {
    const { parts, isCrowded } = this.#hosts.get(resource.id)?.get(metric.name) ?? NO_PARTS;
    if (isCrowded) yield crowded(resource, metric);
    const isSum = metric.statistic === 'sum';
    // A sum of some of its terms is none.
    if (isCrowded && isSum) return;
    const all = [...parts].map(([part, fold]) => ({ part: partOf(part), points: fold.result() }));
    const entire = {
      part: {},
      points: foldTerms(
        all.map(({ points }) => points),
        metric,
      ),
    };
    const filled = (isSum ? [entire] : all).filter(({ points }) => points.times.length > 0).toSorted(byPart);
    for (const part of filled) yield pointSeries(resource, metric, part, this.#request);
    if (filled.length === 0 && !isCrowded) yield this.#nothing(resource, metric, parts.size > 0);
  }

  #memoryOf({ resource, unit, times, values }: FoldedHost, metric: PointMetric): PointReading {
    if (unit !== '1' || times.length === 0) return this.#nothing(resource, metric, false);
    const most = values.reduce((greatest, value) => Math.max(greatest, value), 0);
    if (!(most <= OVER_FULL)) {
      const detail = `it has sent ${most} of the memory in use`;
      return { kind: 'unreadable', scope: resource, metric: metric.name, reason: 'malformed', detail };
    }
    const points = { times, values: values.map((value) => Math.min(1, value)) };
    return pointSeries(resource, metric, { part: {}, points }, this.#request);
  }

  #nothing(resource: Resource, metric: PointMetric, isKnown: boolean): PointReading {
    const isOfDisks = metric.name === 'system.filesystem.utilization';
    if (!isOfDisks && (isShort(this.#request.window) || metric.sparse))
      return noPoints(resource, metric, this.#request);
    const reason = isKnown ? 'stopped_reporting' : 'not_reported';
    return { kind: 'not_monitored', resource, metric: metric.name, reason, hint: hintOf(resource, metric) };
  }
}

interface Fold {
  add(series: SampleSeries): void;
  result(): Points;
}

/** What was sent of one metric of a host. */
interface OfMetric {
  readonly parts: Map<string, Fold>;
  /** Whether there are more parts than have room. */
  isCrowded: boolean;
}

const NO_PARTS: OfMetric = { parts: new Map(), isCrowded: false };

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

/** `mountpoint=/var` as labels. A mount point may have a comma or an equals sign in it: no other part is stored. */
function partOf(text: string): Part {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  return name === '' ? {} : { [name]: value };
}

function crowded(resource: Resource, { name: metric }: PointMetric): PointReading {
  const detail = `it has sent ${metric} of more than the ${MOST_PARTS} parts of a host that are read`;
  return { kind: 'unreadable', scope: resource, metric, reason: 'truncated', detail };
}

function byPart({ part: a }: PartPoints, { part: b }: PartPoints): number {
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
