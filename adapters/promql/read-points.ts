/** Reads points of machines: as few requests as the points in an answer allow, one expression for each metric and kind of exporter. */
import { parseInput } from '../../core/model/issues.ts';
import { type Part, type PointMetric, type PointReading, partText } from '../../core/model/points.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import type { PointsRequest } from '../../core/ports/memory-source.ts';
import { createCircuitBreaker } from '../reading/circuit-breaker.ts';
import type { Failure } from '../reading/failure.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import { type Labels, rangeSchema } from './answers.ts';
import { queryRange, type RequestContext } from './client.ts';
import { withCluster } from './clusters.ts';
import { undocumented } from './errors.ts';
import type { Matcher } from './expressions.ts';
import { isId, type KnownHost, keyOf, valuesOf } from './known-host.ts';
import { MACHINE_KINDS } from './machine-kinds.ts';
import { pointExpression } from './point-queries.ts';
import {
  neverThere,
  type PartPieces,
  type PointTerms,
  readingsOf,
  ruleOf,
  unreadable,
  withoutSeries,
} from './point-readings.ts';
import { checkedSamples } from './points.ts';
import { requestFor, type SampleSource, sampleSource, seriesKeysOf } from './sample-sources.ts';
import { bounded, hostsPerRequest, MAX_AT_ONCE, MAX_PERIODS, MOST_HALVINGS, MOST_NAMED_ANYWAY } from './samples.ts';
import { seriesFault } from './series-text.ts';

/** One metric of some hosts of one kind of exporter. */
interface Task {
  readonly metric: PointMetric;
  readonly source: SampleSource;
  readonly hosts: readonly KnownHost[];
  /** Whether the server has no others there. */
  readonly isAll: boolean;
  readonly part: { readonly label: string; readonly name: string } | undefined;
  expression(hosts: readonly Matcher[], periodMs: number): string;
  readonly halvings: { left: number };
}

export interface MachinePoints {
  readonly hosts: readonly KnownHost[];
  /** All machines of the server; undefined where it may have others. */
  readonly known: readonly KnownHost[] | undefined;
  readonly clusterLabels: readonly string[];
}

/** Mounts of a machine, for the size of an answer. */
const USUAL_PARTS = 8;

/** For each machine and metric its series, or why there is none; nothing is thrown. */
export async function* readMachinePoints(
  context: RequestContext,
  machines: MachinePoints,
  request: PointsRequest,
): AsyncGenerator<PointReading> {
  const metrics = request.metrics.filter(({ feed }) => feed === undefined);
  const tasks: Task[] = [];
  for (const [key, hosts] of Map.groupBy(machines.hosts, ({ source }) => source)) {
    for (const metric of metrics) {
      const task = taskOf(key, hosts, metric, machines);
      if (task === undefined) for (const { resource } of hosts) yield neverThere(resource, metric, titleOf(key));
      else tasks.push(...partsOf(task, request));
    }
  }
  // Opens where a right is missing and for nothing else: any other failure may be one part's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const read = async (task: Task): Promise<PointReading[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy !== undefined) return allFailed(task, openedBy);
    return await readTask(context, task, request, (failure) => circuitBreaker.record(failure));
  };
  for await (const readings of inFlight(tasks, MAX_AT_ONCE, read)) yield* readings;
}

function taskOf(key: string, hosts: readonly KnownHost[], metric: PointMetric, machines: MachinePoints) {
  const { known, clusterLabels } = machines;
  const [kind] = key.split(' ');
  const machine = MACHINE_KINDS.find(({ name }) => name === kind);
  const source = machine && sampleSource(key, [], clusterLabels);
  if (machine === undefined || source === undefined) return undefined;
  const isAll = known?.filter((host) => host.source === key).length === hosts.length;
  const common = { metric, source, hosts, isAll, halvings: { left: MOST_HALVINGS } };
  if (metric.name === MEMORY_UTILIZATION) {
    const expression: Task['expression'] = (named, periodMs) =>
      source.expression(named, { periodMs, statistic: 'average' });
    return { ...common, part: undefined, expression };
  }
  const stated = pointExpression(machine.name, metric.name);
  if (stated === undefined) return undefined;
  const expression: Task['expression'] = (named, periodMs) =>
    stated.expression({ labels: source.identity, hosts: named, periodMs, clusterLabels });
  return { ...common, part: stated.part, expression };
}

function titleOf(key: string): string {
  const [kind] = key.split(' ');
  return MACHINE_KINDS.find(({ name }) => name === kind)?.title ?? 'The query of the config';
}

function partsOf(task: Task, span: PointsRequest): Task[] {
  const size = Math.max(1, Math.floor(hostsPerRequest(span) / (task.part === undefined ? 1 : USUAL_PARTS)));
  return Array.from(chunksOf(task.hosts, size), (hosts) => ({
    ...task,
    hosts,
    isAll: task.isAll && hosts.length === task.hosts.length,
  }));
}

/** Notes why a request failed; undefined where it did not. */
type RecordFailure = (failure: Failure | undefined) => void;

async function readTask(
  context: RequestContext,
  task: Task,
  request: PointsRequest,
  record: RecordFailure,
): Promise<PointReading[]> {
  const { metric, source, hosts } = task;
  const isNamed = !task.isAll || hosts.length <= MOST_NAMED_ANYWAY;
  const expression = task.expression(isNamed ? requestFor(source, hosts) : [], request.periodMs);
  const series = task.part === undefined ? 1 : USUAL_PARTS;
  const collected: Collected = { byHost: new Map(), unusable: undefined };
  for (const slice of slicesOf(request)) {
    const answer = await queryRange(bounded(context, task, slice, series), expression, slice.window, slice.periodMs);
    const failure = answer.kind === 'failed' ? answer.failure : answer.incomplete;
    if (failure?.reason === 'truncated' && canHalve(task)) return await readHalves(context, task, request, record);
    record(failure);
    if (failure !== undefined || answer.kind === 'failed') return allFailed(task, failure ?? undocumented('nothing'));
    collect(collected, answer.data.result, task, slice);
  }
  const terms = { ...request, metric };
  return hosts.flatMap((host) => hostReadings(host, task, collected, terms));
}

function canHalve({ hosts, halvings }: Task): boolean {
  return hosts.length > 1 && halvings.left-- > 0;
}

async function readHalves(
  context: RequestContext,
  task: Task,
  request: PointsRequest,
  record: RecordFailure,
): Promise<PointReading[]> {
  const middle = Math.ceil(task.hosts.length / 2);
  const read: PointReading[] = [];
  for (const hosts of [task.hosts.slice(0, middle), task.hosts.slice(middle)])
    read.push(...(await readTask(context, { ...task, hosts, isAll: false }, request, record)));
  return read;
}

/** The window in pieces, where it has more points than one request may have. */
export function slicesOf<Sliced extends Pick<PointsRequest, 'window' | 'periodMs'>>(
  span: Sliced,
  most = MAX_PERIODS,
): Sliced[] {
  const { window, periodMs } = span;
  const slices: Sliced[] = [];
  for (let { start } = window; start < window.end; start += most * periodMs) {
    slices.push({ ...span, window: { start, end: Math.min(window.end, start + most * periodMs) } });
  }
  return slices;
}

interface Collected {
  /** By the key of the host's series, then by the part as a text. */
  readonly byHost: Map<string, Map<string, PartPieces>>;
  /** What is wrong with a series that cannot be attributed. */
  unusable: Failure | undefined;
}

function collect(collected: Collected, result: readonly unknown[], task: Task, slice: PointsRequest): void {
  const { source, part: of, metric } = task;
  const seen = new Set<string>();
  for (const series of result) {
    const { data, error } = parseInput(rangeSchema, series);
    if (error) {
      collected.unusable = undocumented(seriesFault(series, error));
      continue;
    }
    const labels = withCluster(data.metric, source.clusterLabels);
    const key = keyOf(valuesOf(labels, source.identity));
    const part = partOf(labels, of);
    if (part === undefined) {
      collected.unusable = undocumented('the name of a part of a host is empty, or no text that can be shown');
      continue;
    }
    const text = partText(part);
    const twice = seen.has(keyOf([key, text]));
    seen.add(keyOf([key, text]));
    const samples = checkedSamples(data.values, slice, ruleOf(metric));
    addPiece(collected.byHost, key, { part, text }, twice ? TWICE : samples);
  }
}

const TWICE = { kind: 'failed', failure: undocumented('one host has two series') } as const;

function addPiece(
  byHost: Collected['byHost'],
  key: string,
  { part, text }: { readonly part: Part; readonly text: string },
  samples: PartPieces['pieces'][number],
): void {
  const parts = byHost.get(key) ?? new Map<string, PartPieces>();
  byHost.set(key, parts);
  const known = parts.get(text);
  if (known === undefined) parts.set(text, { part, pieces: [samples] });
  else known.pieces.push(samples);
}

function partOf(labels: Labels, of: Task['part']): Part | undefined {
  if (of === undefined) return {};
  const value = labels[of.label] ?? '';
  return isId(value) ? { [of.name]: value } : undefined;
}

function hostReadings(host: KnownHost, task: Task, { byHost, unusable }: Collected, terms: PointTerms): PointReading[] {
  const { resource, state } = host;
  const [key = ''] = seriesKeysOf(task.source, host);
  const parts = [...(byHost.get(key) ?? new Map<string, PartPieces>())].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (parts.length > 0)
    return [
      ...readingsOf(
        resource,
        parts.map(([, pieces]) => pieces),
        terms,
      ),
    ];
  if (unusable !== undefined) return [unreadable(resource, terms.metric.name, unusable)];
  if (state === 'lost') return [];
  return [withoutSeries(resource, terms, { hasParts: task.part !== undefined })];
}

function allFailed({ hosts, metric }: Task, failure: Failure): PointReading[] {
  return hosts.map(({ resource }) => unreadable(resource, metric.name, failure));
}
