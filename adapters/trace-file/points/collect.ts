/** Collects the rows of one file into series, one for each host, metric and part that are requested. */
import { admits } from '../../../core/model/host-filter.ts';
import { type Part, type PointMetric, type PointReading, partText } from '../../../core/model/points.ts';
import { OVER_FULL, type Resource, type Scope } from '../../../core/model/series.ts';
import type { SourceError } from '../../../core/ports/errors.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import { feedHost, feedPart } from '../../reading/feed-hosts.ts';
import { isShort, pointSeries } from '../../reading/points.ts';
import type { Fault } from '../entry.ts';
import { type Fold, startFold } from '../hosts/fold.ts';
import { createRowFaults, type RowFaults } from '../hosts/row-faults.ts';
import type { TraceOptions } from '../options.ts';
import { printable } from '../printable.ts';
import { factorOf, namedMetric } from './names.ts';
import type { NumberedRow, PointRow } from './row.ts';

/** Periods of all series that are kept at once, 12 bytes each. */
const MOST_PERIODS = 20_000_000;

/** Metrics of a file that a hint names, and their length. */
const MOST_NAMED = 12;
const MOST_SHOWN = 60;

interface Series {
  readonly part: Part;
  readonly fold: Fold;
}

interface Host {
  readonly resource: Resource;
  /** By the metric's name, then by the part as a text. */
  readonly metrics: Map<string, Map<string, Series>>;
}

interface Collected {
  readonly scope: Scope;
  readonly request: PointsRequest;
  readonly unit: TraceOptions['unit'];
  /** By the name of the catalogue, and by the column of a feed. */
  readonly wanted: ReadonlyMap<string, readonly PointMetric[]>;
  /** Those of the file's own hosts, and those that feeds name. */
  readonly hosts: Map<string, Host>;
  /** Ids of hosts that rows name by `host`. */
  readonly own: Set<string>;
  /** Metrics that rows name, the first of them. */
  readonly named: Set<string>;
  readonly faults: RowFaults;
  periods: number;
}

export interface PointCollection {
  add(numbered: NumberedRow): void;
  /** @param brokenOff Why the file could not be read to its end. */
  finish(brokenOff?: SourceError): Iterable<PointReading>;
}

export function collectPoints(scope: Scope, request: PointsRequest, { unit }: TraceOptions): PointCollection {
  const wanted = Map.groupBy(request.metrics, ({ name, feed }) => feed?.column ?? name);
  const collected: Collected = {
    scope,
    request,
    unit,
    wanted,
    hosts: new Map(),
    own: new Set(),
    named: new Set(),
    faults: createRowFaults(scope),
    periods: 0,
  };
  return {
    add({ line, row }) {
      const { host } = row;
      const named = host === undefined ? undefined : { ...scope, id: host };
      if (row.kind === 'malformed')
        collected.faults.add(line, row, named && isAdmitted(collected, named) ? named : undefined);
      else addRow(collected, line, row);
    },
    *finish(brokenOff) {
      if (brokenOff !== undefined) {
        const { reason, message } = brokenOff;
        yield { kind: 'unreadable', scope, metric: null, reason, detail: message };
      }
      for (const unusable of collected.faults.finish((id) => collected.hosts.has(id)))
        yield { ...unusable, metric: null };
      for (const host of collected.hosts.values()) yield* readingsOf(collected, host);
      for (const metric of request.metrics) {
        if (metric.feed && !isNamed(collected, metric)) yield namesNothing(collected, metric);
      }
    },
  };
}

function isAdmitted({ request }: Collected, resource: Resource): boolean {
  return admits(request.filters, resource);
}

function addRow(collected: Collected, line: number, row: PointRow): void {
  const { name, factor } = namedMetric(row.metric);
  // A feed may call its column by a short name, which then is no other's.
  const metrics = [
    ...(collected.wanted.get(row.metric) ?? []),
    ...(name === row.metric ? [] : (collected.wanted.get(name) ?? [])),
  ];
  noteHost(collected, row, name);
  if (collected.named.size < MOST_NAMED) collected.named.add(name);
  if (metrics.length === 0) collected.faults.pass();
  for (const metric of metrics) {
    const value = valueIn(row, metric, metric.feed === undefined ? factor : 1, collected.unit);
    const fault = typeof value === 'number' ? addValue(collected, row, metric, value) : value;
    if (fault === undefined) collected.faults.pass();
    else collected.faults.add(line, fault, { ...collected.scope, id: row.host });
  }
}

/** A host is known by any of its rows, though none of it may be requested. */
function noteHost(collected: Collected, row: PointRow, metric: string): void {
  if (collected.own.has(row.host)) return;
  collected.own.add(row.host);
  const resource = ownResource(collected.scope, row, metric);
  if (isAdmitted(collected, resource) && !collected.hosts.has(resource.id)) {
    collected.hosts.set(resource.id, { resource, metrics: new Map() });
  }
}

function ownResource(scope: Scope, { host, labels }: PointRow, metric: string): Resource {
  const part = partOf(labels, metric);
  const kept = Object.entries(labels).filter(([name]) => part[name] === undefined);
  return { ...scope, id: host, ...(kept.length > 0 && { labels: Object.fromEntries(kept) }) };
}

/** Disks are parts of their host. */
function partOf(labels: PointRow['labels'], metric: string): Part {
  const { mountpoint } = labels;
  return metric === 'system.filesystem.utilization' && mountpoint !== undefined ? { mountpoint } : {};
}

/** In the metric's unit, or what is wrong with it. */
function valueIn(
  { value, unit: stated }: PointRow,
  { name, unit, lower, upper, feed }: PointMetric,
  factor: number,
  traceUnit: TraceOptions['unit'],
): number | Fault {
  const text = stated ?? (unit === '1' ? traceUnit : undefined);
  const scale = text === undefined ? factor : factorOf(text, unit);
  if (scale === undefined) return { why: `the unit is not that of ${name}, which is ${unit}`, example: text ?? '' };
  const scaled = value * scale;
  if (!Number.isFinite(scaled)) return { why: 'the value is no finite number' };
  if (feed !== undefined) return scaled;
  const [least, most] = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY];
  if (scaled < least || scaled > most * OVER_FULL) return { why: outsideText(name, unit), example: String(value) };
  return Math.min(most, scaled);
}

function outsideText(name: string, unit: string): string {
  if (unit !== '1') return `${name} cannot have this value`;
  return `${name} is a fraction from 0 to 1; of percent, state the unit in a column “unit”, or give --unit percent`;
}

function addValue(collected: Collected, row: PointRow, metric: PointMetric, value: number): Fault | undefined {
  const { scope, hosts } = collected;
  const labels = new Map([...Object.entries(row.labels), ['host', row.host] as const]);
  const resource =
    metric.feed === undefined ? ownResource(scope, row, metric.name) : feedHost(scope, metric.feed, labels);
  if (resource === undefined)
    return { why: `the row has no ${metric.feed?.entity.join(', ')}, which make the id of a host` };
  if (!isAdmitted(collected, resource)) return undefined;
  const part = metric.feed === undefined ? partOf(row.labels, metric.name) : feedPart(metric.feed, labels);
  const host = hosts.get(resource.id) ?? { resource, metrics: new Map<string, Map<string, Series>>() };
  hosts.set(resource.id, host);
  const parts = host.metrics.get(metric.name) ?? new Map<string, Series>();
  host.metrics.set(metric.name, parts);
  const text = partText(part);
  const series = parts.get(text) ?? startSeries(collected, part, metric);
  if (series === undefined) return { why: 'the file has more series than can be kept at once: split it by host' };
  parts.set(text, series);
  series.fold.add(row.time, value);
  return undefined;
}

function startSeries(collected: Collected, part: Part, { statistic }: PointMetric): Series | undefined {
  const { window, periodMs } = collected.request;
  const periods = (window.end - window.start) / periodMs;
  if (collected.periods + periods > MOST_PERIODS) return undefined;
  collected.periods += periods;
  return { part, fold: startFold({ window, periodMs, statistic }) };
}

function* readingsOf(collected: Collected, { resource, metrics }: Host): Generator<PointReading> {
  const { request, own, named } = collected;
  for (const metric of request.metrics) {
    const parts = metrics.get(metric.name);
    if (parts === undefined) {
      if (metric.feed === undefined && own.has(resource.id)) yield missing(resource, metric, 'not_reported', named);
      continue;
    }
    for (const { part, fold } of parts.values()) {
      const points = fold.finish();
      if (points.times.length > 0 || isShort(request.window) || metric.sparse)
        yield pointSeries(resource, metric, { part, points }, request);
      else yield missing(resource, metric, 'stopped_reporting', named);
    }
  }
}

function missing(
  resource: Resource,
  { name: metric }: PointMetric,
  reason: 'not_reported' | 'stopped_reporting',
  named: ReadonlySet<string>,
): PointReading {
  const hint =
    reason === 'not_reported'
      ? `No row of the file is ${metric} of ${resource.id}; it has ${[...named].map((name) => printable(name, MOST_SHOWN)).join(', ')}. Record it too, or leave the metric out.`
      : `The rows of ${metric} of ${resource.id} lie outside of the window. Name another with --from and --to.`;
  return { kind: 'not_monitored', resource, metric, reason, hint };
}

function isNamed({ hosts }: Collected, { name }: PointMetric): boolean {
  return [...hosts.values()].some(({ metrics }) => metrics.has(name));
}

function namesNothing({ scope }: Collected, { name: metric, feed }: PointMetric): PointReading {
  const detail = `no row of the file is of ${feed?.column}, with ${feed?.entity.join(', ')}: check the column and the entity of the feed`;
  return { kind: 'unreadable', scope, metric, reason: 'not_found', detail };
}
