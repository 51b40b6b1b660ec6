/** The consumers of a host's memory: its processes, or the pods of a node. Read for leaking hosts only. */
import { parseInput } from '../../core/model/issues.ts';
import {
  type Consumer,
  PAGING_USAGE,
  POD_MEMORY,
  PROCESS_MEMORY,
  type Reading,
  type Resource,
} from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import type { Samples } from '../reading/samples.ts';
import { instantSchema, type Labels, rangeSchema } from './answers.ts';
import { queryInstant, queryRange, type RequestContext } from './client.ts';
import { undocumented } from './errors.ts';
import { is, literal, type Matcher, matches } from './expressions.ts';
import { NO_PODS, NO_PROCESSES, NO_PROCESSES_WINDOWS, noProcessesInside } from './hints.ts';
import { addressOf } from './machines.ts';
import { parseNumber, samplesOf } from './points.ts';
import {
  type ConsumerMetric,
  capacity,
  consumerSamples,
  OTEL_PROCESSES,
  OTEL_PROCESSES_UTF8,
  PODS,
  PROCESS_GROUPS,
  swapSamples,
  WINDOWS_PROCESSES,
} from './queries.ts';

export interface ConsumersRequest {
  readonly span: MeanSpan;
  readonly clusterLabels: readonly string[];
}

/** One way in which the consumers of a host may be reported. */
interface Way {
  readonly metric: ConsumerMetric;
  readonly hosts: readonly Matcher[];
}

/**
 * Yields a series in bytes for each consumer, with the host's capacity as its limit where that is known. The first way that gives any
 * counts: pods of a node, else processes. A host without any is `not_monitored`. What fails is one `unreadable` of the host.
 */
export async function* readConsumers(
  context: RequestContext,
  host: Resource,
  { span, clusterLabels }: ConsumersRequest,
): AsyncGenerator<Reading> {
  if (host.kind === 'container') {
    yield { kind: 'not_monitored', resource: host, reason: 'unsupported', hint: noProcessesInside(host) };
    return;
  }
  const inCluster = clusterLabels.flatMap((label) => matcherOf(label, host));
  for (const way of waysOf(host, inCluster)) {
    const { consumers, failure } = await readWay(context, way, span);
    if (consumers.length > 0)
      yield* seriesOf(consumers, host, span, await readCapacity(context, host, { span, inCluster }));
    if (failure) yield { kind: 'unreadable', scope: host, reason: failure.reason, detail: failure.detail };
    if (failure || consumers.length > 0) return;
  }
  yield { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: hintFor(host) };
}

export function matcherOf(label: string, { labels = {} }: Resource): Matcher[] {
  const value = labels[label];
  return value === undefined ? [] : [is(label, value)];
}

function waysOf(host: Resource, inCluster: readonly Matcher[]): Way[] {
  const { instance, host_name: hostName, 'host.name': dotted, 'k8s.node.name': node } = host.labels ?? {};
  const at = instance === undefined ? undefined : [...inCluster, atAddress(instance)];
  const ofOne = (metric: ConsumerMetric, hosts: readonly Matcher[] | undefined): Way[] =>
    hosts === undefined ? [] : [{ metric, hosts }];
  const named = hostName === undefined ? at : [...inCluster, is('host_name', hostName)];
  return [
    ...ofOne(PODS, node === undefined ? undefined : [...inCluster, is('node', node)]),
    ...ofOne(PODS, node === undefined ? undefined : at),
    ...ofOne(PROCESS_GROUPS, at),
    ...ofOne(OTEL_PROCESSES, named),
    ...ofOne(OTEL_PROCESSES_UTF8, dotted === undefined ? undefined : [...inCluster, is('host.name', dotted)]),
    ...ofOne(WINDOWS_PROCESSES, at),
  ];
}

/** Exporters of one machine have an address in common, and each its port. */
export function atAddress(instance: string): Matcher {
  return matches('instance', `${literal(addressOf(instance))}(:[0-9]+)?`);
}

interface Read {
  readonly consumer: Consumer;
  readonly samples: Extract<Samples, { kind: 'samples' }>;
}

/** The consumers that could be read, and why there may be others. */
async function readWay(context: RequestContext, { metric, hosts }: Way, span: MeanSpan) {
  const { window, periodMs } = span;
  const answer = await queryRange(context, consumerSamples(metric, hosts, periodMs), window, periodMs);
  if (answer.kind === 'failed') return { consumers: [], failure: answer.failure };
  let failure: Failure | undefined = answer.incomplete;
  const consumers = new Map<string, Read>();
  for (const series of answer.data.result) {
    const { data, error } = parseInput(rangeSchema, series);
    const samples = error ? undefined : samplesOf(data.values, span, 'By');
    if (samples === undefined || error) failure ??= undocumented(error?.issues[0]?.message ?? 'a series is none');
    else if (samples.kind === 'failed') failure ??= samples.failure;
    else {
      const consumer = consumerOf(metric, data.metric);
      const key = JSON.stringify(consumer);
      if (consumers.has(key)) failure ??= undocumented(`${consumer.name} has two series`);
      else consumers.set(key, { consumer, samples });
    }
  }
  return { consumers: [...consumers.values()], failure };
}

function consumerOf(metric: ConsumerMetric, labels: Labels): Consumer {
  const name = metric.consumer.map((label) => labels[label]).findLast((text) => text !== undefined && text !== '');
  if (metric !== PODS) return { kind: 'process', name: name ?? 'unknown' };
  const { namespace } = labels;
  return { kind: 'pod', name: labels['pod'] ?? 'unknown', ...(namespace !== undefined && { namespace }) };
}

function* seriesOf(
  consumers: readonly Read[],
  resource: Resource,
  span: MeanSpan,
  limit: number | undefined,
): Generator<Reading> {
  for (const { consumer, samples } of consumers) {
    yield {
      kind: 'series',
      resource,
      consumer,
      metric: consumer.kind === 'pod' ? POD_MEMORY : PROCESS_MEMORY,
      unit: 'By',
      ...(limit !== undefined && { limit }),
      ...span,
      times: samples.times,
      values: samples.values,
    };
  }
}

/** A host's memory in bytes, or undefined where it cannot be had: shares of the host are then not known, and that is all. */
async function readCapacity(
  context: RequestContext,
  host: Resource,
  { span: { window }, inCluster }: { readonly span: MeanSpan; readonly inCluster: readonly Matcher[] },
) {
  const { instance } = host.labels ?? {};
  if (instance === undefined) return undefined;
  const hosts = [...inCluster, atAddress(instance)];
  const answer = await queryInstant(context, capacity(hosts), window.end - 1);
  if (answer.kind === 'failed') return undefined;
  const { data } = instantSchema.safeParse(answer.data.result[0]);
  const bytes = data && parseNumber(data.value[1]);
  return bytes !== undefined && bytes > 0 && Number.isFinite(bytes) ? bytes : undefined;
}

function hintFor({ labels = {} }: Resource): string {
  if (labels['k8s.node.name'] !== undefined) return NO_PODS;
  // The port that windows_exporter has by default.
  return labels['instance']?.endsWith(':9182') ? NO_PROCESSES_WINDOWS : NO_PROCESSES;
}

/** The used swap of a machine, where an exporter reports it. */
export async function readSwap(
  context: RequestContext,
  host: Resource,
  { span, clusterLabels }: ConsumersRequest,
): Promise<Reading> {
  const inCluster = clusterLabels.flatMap((label) => matcherOf(label, host));
  const { instance, host_name: name } = host.labels ?? {};
  const here = instance === undefined ? name && is('host_name', name) : atAddress(instance);
  if (host.kind === 'container' || !here) return withoutSwap(host);
  const { window, periodMs } = span;
  const answer = await queryRange(context, swapSamples([...inCluster, here], periodMs), window, periodMs);
  const failed = ({ reason, detail }: Failure): Reading => ({ kind: 'unreadable', scope: host, reason, detail });
  if (answer.kind === 'failed') return failed(answer.failure);
  const [first] = answer.data.result;
  if (first === undefined) return answer.incomplete ? failed(answer.incomplete) : withoutSwap(host);
  const { data, error } = parseInput(rangeSchema, first);
  if (error) return failed(undocumented(error.issues[0]?.message ?? 'a series is none'));
  const samples = samplesOf(data.values, span, 'By');
  if (samples.kind === 'failed') return failed(samples.failure);
  const limit = await readCapacity(context, host, { span, inCluster });
  const { times, values } = samples;
  const stated = { metric: PAGING_USAGE, unit: 'By', ...(limit !== undefined && { limit }) } as const;
  return { kind: 'series', resource: host, ...stated, ...span, times, values };
}

function withoutSwap(resource: Resource): Reading {
  const hint =
    'No exporter reports swap of this host. node_exporter does where it has any: node_memory_SwapTotal_bytes and node_memory_SwapFree_bytes.';
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}
