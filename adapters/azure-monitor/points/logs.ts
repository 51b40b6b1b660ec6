/** The points of machines that agents write to a Log Analytics workspace: as many machines in a query as its answer can hold. */
import * as z from 'zod';
import type { Part, PointMetric, PointReading } from '../../../core/model/points.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import { failure } from '../../azure/errors.ts';
import { createCircuitBreaker } from '../../reading/circuit-breaker.ts';
import type { Failure } from '../../reading/failure.ts';
import { chunksOf, inFlight } from '../../reading/in-flight.ts';
import {
  foldTerms,
  isShort,
  joinWays,
  type PartPoints,
  type Points,
  pointSeries,
  pointsFault,
} from '../../reading/points.ts';
import type { Clients } from '../clients.ts';
import { QUERY_TIMEOUT_MS } from '../containers/lists.ts';
import { MAX_AT_ONCE } from '../containers/read.ts';
import { queryRows } from '../logs.ts';
import { addedIn } from './added.ts';
import { type LogMetric, type LogTable, missingHint, PSEUDO_MOUNT } from './catalogue.ts';
import { hostsById, pointsQuery, rowOf } from './queries.ts';
import { unreadable } from './unreadable.ts';

export type PointSpan = Pick<PointsRequest, 'window' | 'periodMs'>;

/** Machines in one query: their ids take some 200 bytes each, and a query may have so many kilobytes. */
const MOST_MACHINES = 200;

/** Bytes of an answer, those of a value in it, and instances that a machine is taken to have. */
const MOST_BYTES = 32 * 2 ** 20;
const VALUE_BYTES = 20;
const INSTANCES = 4;

/** A row's values are checked where they are read: an answer has a million of them. */
const tableSchema = z.object({
  columnDescriptors: z.tuple([z.object({ name: z.literal('key') }), z.object({ name: z.literal('values') })]),
  rows: z.array(z.tuple([z.string(), z.array(z.unknown())])),
});

/** What was found of one host, by instance; or why it could not be read. */
type Found = { readonly instances: ReadonlyMap<string, Points> } | { readonly failure: Failure };

export async function* readLogs(
  clients: Clients,
  workspace: string,
  log: LogMetric,
  metric: PointMetric,
  hosts: readonly Resource[],
  span: PointSpan,
): AsyncGenerator<PointReading> {
  let open = hosts;
  for (const [index, table] of log.tables.entries()) {
    const isLast = index === log.tables.length - 1;
    const missing: Resource[] = [];
    for await (const batch of inBatches(clients, workspace, { log, table, metric, span }, open)) {
      for (const [host, found] of batch) {
        if (!isLast && 'instances' in found && found.instances.size === 0) missing.push(host);
        else yield* readingsOf(host, found, log, metric, span);
      }
    }
    open = missing;
  }
}

interface Asked {
  readonly log: LogMetric;
  readonly table: LogTable;
  readonly metric: PointMetric;
  readonly span: PointSpan;
}

type Batch = readonly (readonly [Resource, Found])[];

function inBatches(
  clients: Clients,
  workspace: string,
  asked: Asked,
  hosts: readonly Resource[],
): AsyncGenerator<Batch> {
  // Opens where a right is missing and for nothing else: any other failure may be one query's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const { window, periodMs } = asked.span;
  const periods = Math.max(1, Math.ceil((window.end - window.start) / periodMs));
  const size = Math.max(1, Math.min(MOST_MACHINES, Math.floor(MOST_BYTES / (periods * VALUE_BYTES * INSTANCES))));
  return inFlight(chunksOf(hosts, size), MAX_AT_ONCE, async (batch): Promise<Batch> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return batch.map((host) => [host, { failure: openedBy }] as const);
    const found = await query(clients, workspace, asked, batch);
    if ('failure' in found) circuitBreaker.record(found.failure);
    return batch.map((host) => [host, 'failure' in found ? found : (found.hosts.get(host.id) ?? NOTHING)] as const);
  });
}

const NOTHING: Found = { instances: new Map() };

async function query(
  clients: Clients,
  workspace: string,
  { log, table, metric, span }: Asked,
  hosts: readonly Resource[],
): Promise<{ readonly failure: Failure } | { readonly hosts: ReadonlyMap<string, Found> }> {
  const { periodMs } = span;
  // What was added in the first period is known by the total of the one before it.
  const window = log.isCounter ? { ...span.window, start: span.window.start - periodMs } : span.window;
  const statistic = log.isCounter || metric.statistic === 'sum' ? 'maximum' : metric.statistic;
  const text = pointsQuery({ table, hosts, window, periodMs, statistic });
  const answer = await queryRows(clients, workspace, { query: text, window, timeoutMs: QUERY_TIMEOUT_MS }, tableSchema);
  if (answer.kind === 'failed') return { failure: answer.failure };
  return { hosts: foundIn(answer.rows, log, hosts, { window, periodMs }) };
}

/** What the rows hold of each host. A machine that got another name, or whose id is written otherwise, has a row of each for one instance. */
export function foundIn(
  rows: readonly (readonly [string, readonly unknown[]])[],
  log: LogMetric,
  hosts: readonly Resource[],
  { window, periodMs }: PointSpan,
): ReadonlyMap<string, Found> {
  const known = hostsById(hosts);
  const found = new Map<string, Found>();
  for (const [key, values] of rows) {
    const row = rowOf(key, known);
    if (row === undefined || (log.part === 'mountpoint' && PSEUDO_MOUNT.test(row.instance))) continue;
    const before = found.get(row.host.id) ?? NOTHING;
    if ('failure' in before) continue;
    const points = pointsIn(values, window, periodMs, log);
    if ('failure' in points) found.set(row.host.id, points);
    else {
      const joined = joinWays([points, before.instances.get(row.instance) ?? EMPTY]);
      found.set(row.host.id, { instances: new Map([...before.instances, [row.instance, joined]]) });
    }
  }
  return found;
}

/** A value for each period: null, or nothing as JSON writes it, where there is none. */
function pointsIn(
  values: readonly unknown[],
  { start, end }: PointSpan['window'],
  periodMs: number,
  { isCounter, divisor }: LogMetric,
): Points | { readonly failure: Failure } {
  if (values.length > Math.ceil((end - start) / periodMs))
    return notAsRequested('more values than the window has periods');
  const found: [number, number][] = [];
  for (const [period, value] of values.entries()) {
    if (value === null) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) return notAsRequested('a value that is no number');
    found.push([start + period * periodMs, value / divisor]);
  }
  const points = {
    times: Float64Array.from(found, ([time]) => time),
    values: Float64Array.from(found, ([, one]) => one),
  };
  return isCounter ? addedIn(points, periodMs) : points;
}

function notAsRequested(what: string) {
  return { failure: failure('malformed', `Log Analytics gave ${what}`) };
}

function readingsOf(
  resource: Resource,
  found: Found,
  log: LogMetric,
  metric: PointMetric,
  span: PointSpan,
): PointReading[] {
  if ('failure' in found) return [unreadable(resource, metric, found.failure)];
  const { parts, failure: bad } = partsOf(found.instances, log, metric);
  const series = parts
    .filter(({ points }) => points.times.length > 0)
    .map((part) => pointSeries(resource, metric, part, span));
  if (bad) return [...series, unreadable(resource, metric, bad)];
  if (series.length > 0) return series;
  if (isShort(span.window) || (metric.sparse && parts.length > 0)) {
    const [first = { part: {}, points: EMPTY }] = parts;
    return [pointSeries(resource, metric, first, span)];
  }
  const hint = missingHint(metric.name, log);
  return [{ kind: 'not_monitored', resource, metric: metric.name, reason: 'not_reported', hint }];
}

const EMPTY: Points = { times: new Float64Array(), values: new Float64Array() };

function partsOf(instances: ReadonlyMap<string, Points>, { part }: LogMetric, metric: PointMetric) {
  const all: PartPoints[] = [];
  let bad: Failure | undefined;
  const checked: Points[] = [];
  for (const [instance, { times, values }] of instances) {
    const fault = pointsFault('Log Analytics', values, metric);
    if (fault.kind === 'failed') {
      bad ??= fault.failure;
      continue;
    }
    const points = { times, values: fault.values };
    const own: Part = part === undefined ? {} : { [part]: instance };
    if (part === undefined) checked.push(points);
    else all.push({ part: own, points });
  }
  const parts = part === undefined && checked.length > 0 ? [{ part: {}, points: foldTerms(checked, metric) }] : all;
  return { parts: part === undefined && bad ? [] : parts, failure: bad };
}
