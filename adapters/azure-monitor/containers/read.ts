/** The samples of containers: those of the pods of a host, one after the other, are its own. */
import { MEMORY_USAGE, type Reading, type Span } from '../../../core/model/series.ts';
import type { SamplesRequest } from '../../../core/ports/memory-source.ts';
import { failure } from '../../azure/errors.ts';
import { createCircuitBreaker } from '../../reading/circuit-breaker.ts';
import { neverReported } from '../../reading/container-hints.ts';
import type { Failure } from '../../reading/failure.ts';
import { inFlight } from '../../reading/in-flight.ts';
import type { Samples } from '../../reading/samples.ts';
import { joinRuns } from '../../reading/workloads.ts';
import type { Clients } from '../clients.ts';
import { queryRows } from '../logs.ts';
import { NO_COUNTERS } from './hints.ts';
import { QUERY_TIMEOUT_MS } from './lists.ts';
import { type ClusterHost, instanceOf } from './plan.ts';
import { samplesQuery } from './queries.ts';
import { samplesTableSchema } from './tables.ts';

/** Queries under way: Log Analytics queues more than five of one reader. */
export const MAX_AT_ONCE = 2;

/** Containers in one query: each takes some 200 bytes of it, and the query passes over all records of the window once. */
const MOST_CONTAINERS = 500;

/** Bytes of an answer, which may have twice as many, and those of a value in it. */
const MOST_BYTES = 32 * 2 ** 20;
const VALUE_BYTES = 20;

/** One reading for each host; nothing is thrown. */
export async function* readContainers(
  clients: Clients,
  workspace: string,
  hosts: readonly ClusterHost[],
  request: SamplesRequest,
): AsyncGenerator<Reading> {
  // Opens where a right is missing and for nothing else: any other failure may be one query's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const readAll = async (batch: readonly ClusterHost[]): Promise<Reading[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return batch.map((host) => unreadable(host, openedBy));
    const query = samplesQuery(batch.flatMap(instancesOf), request.span);
    const { window } = request.span;
    const answer = await queryRows(
      clients,
      workspace,
      { query, window, timeoutMs: QUERY_TIMEOUT_MS },
      samplesTableSchema,
    );
    if (answer.kind === 'failed') {
      circuitBreaker.record(answer.failure);
      return batch.map((host) => unreadable(host, answer.failure));
    }
    const rows = new Map(answer.rows);
    return batch.map((host) => readingOf(host, rows, request));
  };
  for await (const readings of inFlight(batchesOf(hosts, request.span), MAX_AT_ONCE, readAll)) yield* readings;
}

export function containersPerRequest(span: Pick<Span, 'window' | 'periodMs'>): number {
  return Math.max(1, Math.min(MOST_CONTAINERS, Math.floor(MOST_BYTES / (periodsOf(span) * VALUE_BYTES))));
}

function periodsOf({ window, periodMs }: Pick<Span, 'window' | 'periodMs'>): number {
  return Math.max(1, Math.ceil((window.end - window.start) / periodMs));
}

function* batchesOf(hosts: readonly ClusterHost[], span: Span): Generator<readonly ClusterHost[]> {
  const size = containersPerRequest(span);
  let batch: ClusterHost[] = [];
  let count = 0;
  for (const host of hosts) {
    if (batch.length > 0 && count + host.uids.length > size) {
      yield batch;
      [batch, count] = [[], 0];
    }
    batch.push(host);
    count += host.uids.length;
  }
  if (batch.length > 0) yield batch;
}

function instancesOf({ cluster, container, uids }: ClusterHost): string[] {
  return uids.map((uid) => instanceOf(cluster, uid, container));
}

function readingOf(
  host: ClusterHost,
  rows: ReadonlyMap<string, readonly unknown[]>,
  { span }: SamplesRequest,
): Reading {
  const { resource, limit } = host;
  const samples = instancesOf(host).map((instance) => samplesOf(rows.get(instance), span));
  const failed = samples.find((each) => each.kind === 'failed');
  if (failed) return unreadable(host, failed.failure);
  const { window, periodMs, statistic } = span;
  const { times, values } = joinRuns(
    samples.filter((each) => each.kind === 'samples'),
    periodMs,
  );
  if (times.length === 0) return neverReported(resource, window, NO_COUNTERS);
  const capacity = limit === undefined ? {} : { limit };
  return {
    kind: 'series',
    resource,
    metric: MEMORY_USAGE,
    unit: 'By',
    ...capacity,
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

/** A value for each period: null, or nothing as JSON writes it, where there is none. */
function samplesOf(bytes: readonly unknown[] = [], { window, periodMs }: Span): Samples {
  if (bytes.length > periodsOf({ window, periodMs })) return notAsRequested('more values than the window has periods');
  const times: number[] = [];
  const values: number[] = [];
  for (const [period, value] of bytes.entries()) {
    if (value === null) continue;
    if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value)) {
      return notAsRequested('a value that is no number of bytes');
    }
    times.push(window.start + period * periodMs);
    values.push(value);
  }
  return { kind: 'samples', times: Float64Array.from(times), values: Float64Array.from(values) };
}

function notAsRequested(what: string): Samples {
  return { kind: 'failed', failure: failure('malformed', `Log Analytics gave ${what}`) };
}

function unreadable({ resource }: ClusterHost, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope: resource, reason, detail };
}
