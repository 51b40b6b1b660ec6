/** Reads the samples of many hosts: as few requests as the points in an answer allow. */

import { parseInput } from '../../core/model/issues.ts';
import type { Span } from '../../core/model/series.ts';
import { createCircuitBreaker } from '../reading/circuit-breaker.ts';
import type { Failure } from '../reading/failure.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import { NO_SAMPLES, type Samples } from '../reading/samples.ts';
import { joinRuns } from '../reading/workloads.ts';
import { type Labels, rangeSchema } from './answers.ts';
import { queryRange, type RequestContext } from './client.ts';
import { withCluster } from './clusters.ts';
import { undocumented } from './errors.ts';
import { type KnownHost, keyOf, valuesOf } from './known-host.ts';
import { samplesOf } from './points.ts';
import { requestFor, type SampleSource, seriesKeysOf } from './sample-sources.ts';
import { seriesFault } from './series-text.ts';

export interface HostSamples {
  readonly host: KnownHost;
  readonly source: SampleSource;
  readonly samples: Samples;
}

/** The hosts of one source, and whether the server has no others there. */
export interface SourceHosts {
  readonly source: SampleSource;
  readonly hosts: readonly KnownHost[];
  readonly isAll: boolean;
}

/** Points in an answer, some 3 MB: where a server allows fewer and refuses, less is requested. */
const MAX_POINTS = 100_000;

/** Hosts that a request names: each is some 20 to 60 bytes of it. */
const MAX_NAMED = 1_000;

/** Hosts that are named though they are all that there are: an answer about others is then known as such. */
export const MOST_NAMED_ANYWAY = 100;

/** Points of one series: a server's limit is 11,000. https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
export const MAX_PERIODS = 10_000;

/** Requests under way at once. A server shares its processors with whoever looks at dashboards. */
export const MAX_AT_ONCE = 4;

/** Parts that are halved, of one read, because an answer was too large. A server that always answers too much ends with this. */
export const MOST_HALVINGS = 32;

export function hostsPerRequest({ window, periodMs }: Pick<Span, 'window' | 'periodMs'>): number {
  const periods = Math.max(1, (window.end - window.start) / periodMs);
  return Math.max(1, Math.min(MAX_NAMED, Math.floor(MAX_POINTS / periods)));
}

interface Part extends SourceHosts {
  readonly halvings: { left: number };
}

/** One `HostSamples` for each host; nothing is thrown. */
export async function* readSamples(
  context: RequestContext,
  groups: readonly SourceHosts[],
  span: Span,
): AsyncGenerator<HostSamples> {
  const halvings = { left: MOST_HALVINGS };
  const parts = groups.flatMap((group) => partsOf(group, span).map((part): Part => ({ ...part, halvings })));
  // Opens where a right is missing and for nothing else: any other failure may be one part's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const read = async (part: Part): Promise<HostSamples[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return allFailed(part, openedBy);
    const hostSamples = await readPart(context, part, span);
    for (const { samples } of hostSamples)
      circuitBreaker.record(samples.kind === 'failed' ? samples.failure : undefined);
    return hostSamples;
  };
  for await (const hostSamples of inFlight(parts, MAX_AT_ONCE, read)) yield* hostSamples;
}

function partsOf(group: SourceHosts, span: Span): SourceHosts[] {
  const { source, hosts, isAll } = group;
  if (hosts.length === 0) return [];
  // An expression that is taken as it is gives all hosts each time.
  if (source.requested === undefined) return [group];
  const size = hostsPerRequest(span);
  return Array.from(chunksOf(hosts, size), (part) => ({
    source,
    hosts: part,
    isAll: isAll && part.length === hosts.length,
  }));
}

async function readPart(context: RequestContext, part: Part, span: Span): Promise<HostSamples[]> {
  const { source, hosts } = part;
  const collected = new Map<string, Samples[]>();
  const isNamed = source.requested !== undefined && (!part.isAll || hosts.length <= MOST_NAMED_ANYWAY);
  const expression = source.expression(isNamed ? requestFor(source, hosts) : [], span);
  const isRequested = isNamed ? requestedBy(source, hosts) : undefined;
  let unnamed: Failure | undefined;
  for (const slice of slicesOf(part, span)) {
    const answer = await queryRange(bounded(context, part, slice), expression, slice.window, span.periodMs);
    const failure = answer.kind === 'failed' ? answer.failure : answer.incomplete;
    if (failure?.reason === 'truncated' && canHalve(part)) return await readHalves(context, part, span);
    if (failure !== undefined || answer.kind === 'failed') return allFailed(part, failure ?? undocumented('nothing'));
    unnamed = collect(collected, answer.data.result, { source, slice, isRequested }) ?? unnamed;
  }
  return hosts.map((host) => ({ host, source, samples: samplesOfHost(host, source, { collected, unnamed, span }) }));
}

/** Bytes of a point, and of the labels of a series, as the longest are written. */
const POINT_BYTES = 50;
const LABELS_BYTES = 1000;

/** Other series may come than were requested: pods of one name in several clusters. */
const MOST_BYTES = { times: 4, atLeast: 2 ** 20 };

/** Objects take many times the memory of their text, and several answers are read at once: no more is read than was requested. */
export function bounded(
  context: RequestContext,
  { hosts }: Pick<Part, 'hosts'>,
  { window, periodMs }: Pick<Span, 'window' | 'periodMs'>,
  seriesOfHost = 1,
): RequestContext {
  const series = seriesOfHost * hosts.reduce((sum, { names }) => sum + names.length, 0);
  const points = (seriesOfHost * hosts.length * (window.end - window.start)) / periodMs;
  const bytes = MOST_BYTES.times * (points * POINT_BYTES + series * LABELS_BYTES);
  return { ...context, maxBytes: Math.min(context.maxBytes, Math.max(MOST_BYTES.atLeast, bytes)) };
}

function canHalve({ source, hosts, halvings }: Part): boolean {
  return source.requested !== undefined && hosts.length > 1 && halvings.left-- > 0;
}

async function readHalves(context: RequestContext, part: Part, span: Span): Promise<HostSamples[]> {
  const middle = Math.ceil(part.hosts.length / 2);
  const halves = [part.hosts.slice(0, middle), part.hosts.slice(middle)];
  const read: HostSamples[] = [];
  for (const hosts of halves) read.push(...(await readPart(context, { ...part, hosts, isAll: false }, span)));
  return read;
}

/** The window in pieces, where it has more points than one request may have. */
function slicesOf({ source, hosts }: Part, span: Span): Span[] {
  const { window, periodMs } = span;
  const most =
    source.requested === undefined ? Math.min(MAX_PERIODS, Math.ceil(MAX_POINTS / hosts.length)) : MAX_PERIODS;
  const slices: Span[] = [];
  for (let { start } = window; start < window.end; start += most * periodMs) {
    slices.push({ ...span, window: { start, end: Math.min(window.end, start + most * periodMs) } });
  }
  return slices;
}

type IsRequested = (labels: Labels) => boolean;

/** Whether a series has one of the names that were requested. */
function requestedBy({ requested = '' }: SampleSource, hosts: readonly KnownHost[]): IsRequested {
  const wanted = new Set(hosts.flatMap(({ names }) => names));
  return (labels) => wanted.has(labels[requested] ?? '');
}

interface Requested {
  readonly source: SampleSource;
  readonly slice: Span;
  /** Undefined where no names were requested. */
  readonly isRequested: IsRequested | undefined;
}

/** Adds the series of an answer by their keys. Returns what is wrong with one that names no host, or none that was requested. */
function collect(
  collected: Map<string, Samples[]>,
  result: readonly unknown[],
  { source: { identity, unit, clusterLabels }, slice, isRequested }: Requested,
): Failure | undefined {
  const seen = new Set<string>();
  let unnamed: Failure | undefined;
  for (const series of result) {
    const { data, error } = parseInput(rangeSchema, series);
    if (error) {
      unnamed = undocumented(seriesFault(series, error));
      continue;
    }
    if (isRequested?.(data.metric) === false) {
      unnamed = undocumented('it has series of hosts that were not requested');
      continue;
    }
    const key = keyOf(valuesOf(withCluster(data.metric, clusterLabels), identity));
    const samples = seen.has(key) ? TWICE : samplesOf(data.values, slice, unit);
    seen.add(key);
    const known = collected.get(key);
    if (known === undefined) collected.set(key, [samples]);
    else known.push(samples);
  }
  return unnamed;
}

const TWICE: Samples = { kind: 'failed', failure: undocumented('one host has two series') };

interface Collected {
  readonly collected: ReadonlyMap<string, readonly Samples[]>;
  readonly unnamed: Failure | undefined;
  readonly span: Span;
}

/** Slices follow each other; pods of one workload do as well, and may overlap. */
function samplesOfHost(host: KnownHost, source: SampleSource, { collected, unnamed, span }: Collected): Samples {
  const runs: Extract<Samples, { kind: 'samples' }>[] = [];
  for (const key of seriesKeysOf(source, host)) {
    const pieces = collected.get(key) ?? [];
    const failure = pieces.find((piece) => piece.kind === 'failed');
    if (failure !== undefined) return failure;
    const run = chained(pieces.filter((piece) => piece.kind === 'samples'));
    if (run.times.length > 0) runs.push(run);
  }
  const [first, ...others] = runs;
  if (first === undefined) return unnamed === undefined ? NO_SAMPLES : { kind: 'failed', failure: unnamed };
  return others.length === 0 ? first : { kind: 'samples', ...joinRuns(runs, span.periodMs) };
}

/** Pieces of one series as one. */
export function chained(
  pieces: readonly Extract<Samples, { kind: 'samples' }>[],
): Extract<Samples, { kind: 'samples' }> {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  return {
    kind: 'samples',
    times: Float64Array.from(pieces.flatMap(({ times }) => [...times])),
    values: Float64Array.from(pieces.flatMap(({ values }) => [...values])),
  };
}

function allFailed({ hosts, source }: SourceHosts, failure: Failure): HostSamples[] {
  return hosts.map((host) => ({ host, source, samples: { kind: 'failed', failure } }));
}
