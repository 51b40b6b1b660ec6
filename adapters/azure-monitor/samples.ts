/**
 * The samples of a batch of hosts: one metrics:getBatch request. Azure has *available* memory, which readings.ts turns
 * into used memory.
 */
import type { MetricsQueryResourcesOptions } from '@azure/monitor-query';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Span, Statistic, UnreadableReason } from '../../core/model/series.ts';
import { failure, failureOf, refusalText } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { isMetricPoint, type MetricAnswer, metricSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import type { Host } from './inventory.ts';

/** Resources in one request, all of one subscription, region and type: the service's limit. */
export const BATCH_SIZE = 50;

/** What Azure measures of a machine's memory without an agent, in order of preference: a percentage needs no total. */
export type MetricName = 'Available Memory Percentage' | 'Available Memory Bytes';

/** The unit in which Azure publishes each: another one would make of bytes a percentage. */
const METRIC_UNITS: Readonly<Record<MetricName, string>> = {
  'Available Memory Percentage': 'Percent',
  'Available Memory Bytes': 'Bytes',
};

/** A metric that Azure keeps of a machine, and how its samples are folded. */
export interface PlatformMetric {
  readonly name: string;
  /** In which it has to come; absent where any will do. */
  readonly unit?: string;
  /** Absent: what Azure itself measures of the kind of machine. */
  readonly namespace?: string;
  readonly aggregate: Aggregate;
}

export type Aggregate = 'average' | 'minimum' | 'maximum' | 'total';

/** The values of one host in order of time, in the metric's unit. */
export type Values =
  | { readonly kind: 'samples'; readonly times: Float64Array; readonly values: Float64Array }
  /** The region does not have the metric. */
  | { readonly kind: 'no_metric' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface FetchedValues {
  readonly host: Host;
  readonly values: Values;
}

/** *Available* memory of one host in order of time, in the metric's unit. */
export type AvailableMemory =
  | { readonly kind: 'samples'; readonly times: Float64Array; readonly available: Float64Array }
  /** The region does not have the metric. */
  | { readonly kind: 'no_metric' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Fetched {
  readonly host: Host;
  readonly samples: AvailableMemory;
}

export function hasSamples({ samples }: Fetched): boolean {
  return samples.kind === 'samples' && samples.times.length > 0;
}

/** The sign flips, and with it the statistic: the least that was used is what was used when the most was available. */
const OF_AVAILABLE: Readonly<Record<Statistic, Aggregate>> = {
  average: 'average',
  minimum: 'maximum',
  maximum: 'minimum',
};

/** The time grains that there are. https://learn.microsoft.com/azure/azure-monitor/metrics/data-platform-metrics */
const MINUTE = 60_000;
const GRAINS: ReadonlyMap<number, string> = new Map([
  [MINUTE, 'PT1M'],
  [5 * MINUTE, 'PT5M'],
  [15 * MINUTE, 'PT15M'],
  [30 * MINUTE, 'PT30M'],
  [60 * MINUTE, 'PT1H'],
  [360 * MINUTE, 'PT6H'],
  [720 * MINUTE, 'PT12H'],
  [1440 * MINUTE, 'P1D'],
]);

/** Azure's message, with status 400, about a metric that a resource type does not have in a region. */
const UNKNOWN_METRIC = 'Failed to find metric configuration';

/** Requests a host's available memory, of at most `BATCH_SIZE` hosts of one kind. Nothing is thrown. */
export async function fetchSamples(
  clients: Clients,
  batch: readonly Host[],
  name: MetricName,
  span: Span,
): Promise<Fetched[]> {
  const metric: PlatformMetric = { name, unit: METRIC_UNITS[name], aggregate: OF_AVAILABLE[span.statistic] };
  const fetched = await fetchMetric(clients, batch, metric, span);
  return fetched.map(({ host, values }) => ({
    host,
    samples: values.kind === 'samples' ? { kind: 'samples', times: values.times, available: values.values } : values,
  }));
}

/**
 * Requests one metric of at most `BATCH_SIZE` hosts of one kind. Nothing is thrown: a failure is the result of every
 * host that it struck.
 */
export async function fetchMetric(
  clients: Clients,
  batch: readonly Host[],
  metric: PlatformMetric,
  span: Periods,
): Promise<FetchedValues[]> {
  const interval = GRAINS.get(span.periodMs);
  if (interval === undefined) return failed(batch, failure('malformed', `Azure has no grain of ${span.periodMs} ms`));
  const { retries, limits } = clients;
  const send = () => requestBatch(clients, batch, metric, span, interval);
  const answer = await retries.metrics.attempt(send, ({ failure: why }) => why, limits.abortSignal);
  if (answer.failure === undefined) return answer.fetched;
  // One that was deleted after the listing must not take the other 49 with it.
  if (answer.failure.reason === 'not_found' && batch.length > 1) return fetchHalves(clients, batch, metric, span);
  return failed(batch, answer.failure);
}

type Periods = Pick<Span, 'window' | 'periodMs'>;

type BatchAnswer = { readonly failure: Failure } | { readonly failure: undefined; readonly fetched: FetchedValues[] };

async function requestBatch(
  { metrics, limits }: Clients,
  batch: readonly Host[],
  metric: PlatformMetric,
  span: Periods,
  interval: string,
): Promise<BatchAnswer> {
  const ids = batch.map(({ resource }) => resource.id);
  const namespace = metric.namespace ?? batch[0]?.kind ?? '';
  try {
    const options = { ...optionsFor(span, metric, interval), ...limits };
    const results = await metrics.queryResources(ids, [metric.name], namespace, options);
    if (results.length === 0) return { failure: failure('malformed', 'Azure Monitor’s answer holds no values') };
    const byId = new Map(results.map(({ resourceId = '', metrics: found }) => [resourceId.toLowerCase(), found]));
    const fetched = batch.map((host) => ({ host, values: valuesOf(byId.get(host.resource.id), metric, span) }));
    return { failure: undefined, fetched };
  } catch (error) {
    if (!refusalText(error).includes(UNKNOWN_METRIC)) return { failure: failureOf(error, limits.abortSignal) };
    return { failure: undefined, fetched: batch.map((host) => ({ host, values: { kind: 'no_metric' } })) };
  }
}

async function fetchHalves(
  clients: Clients,
  batch: readonly Host[],
  metric: PlatformMetric,
  span: Periods,
): Promise<FetchedValues[]> {
  const middle = Math.ceil(batch.length / 2);
  const halves = [batch.slice(0, middle), batch.slice(middle)];
  return (await Promise.all(halves.map((half) => fetchMetric(clients, half, metric, span)))).flat();
}

/** No filter is set: with one, Azure truncates the answer to `top` series without any notice. */
function optionsFor(
  { window }: Periods,
  { aggregate }: PlatformMetric,
  interval: string,
): MetricsQueryResourcesOptions {
  return {
    startTime: new Date(window.start),
    endTime: new Date(window.end),
    interval,
    aggregation: aggregate,
  };
}

function failed(batch: readonly Host[], why: Failure): FetchedValues[] {
  return batch.map((host) => ({ host, values: { kind: 'failed', failure: why } }));
}

function valuesOf(
  metrics: readonly unknown[] | undefined,
  { name, unit, aggregate }: PlatformMetric,
  span: Periods,
): Values {
  if (metrics === undefined) return problem('truncated', 'the answer does not name this host');
  const answers = metrics.map((answer) => parseInput(metricSchema, answer));
  const bad = answers.find(({ success }) => !success);
  if (bad?.error) {
    return problem('malformed', `Azure Monitor’s answer is not as documented: ${describeIssues(bad.error)[0]}`);
  }
  const found = answers.flatMap(({ data }) => (data?.name === name ? [data] : []));
  const [answer, second] = found;
  if (answer === undefined || second !== undefined) {
    return problem('malformed', `the answer holds ${found.length} times ${name}`);
  }
  if (answer.errorCode && answer.errorCode !== 'Success') return refused(answer);
  if (unit !== undefined && answer.unit !== unit) {
    return problem('malformed', `${name} comes in ${answer.unit}, not ${unit}`);
  }
  return valuesFrom(answer, aggregate, span);
}

/** One resource may fail inside a good answer; its code is not documented beyond `Success`. */
function refused({ errorCode, errorMessage }: MetricAnswer): Values {
  const code = String(errorCode);
  const detail = `${code}: ${errorMessage ?? 'Azure Monitor failed to read this host'}`;
  if (/throttl|toomany/i.test(code)) return problem('throttled', detail);
  if (/forbidden|unauthori|authoriz|denied/i.test(code)) return problem('denied', detail);
  if (/notfound/i.test(code)) return problem('not_found', detail);
  return problem('unavailable', detail);
}

/** The periods that hold a sample, inside the window and in order. */
function valuesFrom({ timeseries }: MetricAnswer, field: Aggregate, { window, periodMs }: Periods): Values {
  const times: number[] = [];
  const values: number[] = [];
  // The metrics have no dimension, so that there is one series, or none.
  for (const point of timeseries.flatMap(({ data }) => data ?? [])) {
    if (!isMetricPoint(point, field))
      return problem('malformed', 'Azure Monitor gave a point without a time or a number');
    const time = point.timeStamp.getTime();
    const value = point[field] ?? undefined;
    if (value === undefined) continue;
    if ((time - window.start) % periodMs !== 0) {
      return problem('malformed', `Azure Monitor gave a value for ${isoTime(time)}, where no period begins`);
    }
    times.push(time);
    values.push(value);
  }
  const ordered = inOrder(times, values, window);
  if (ordered.kind === 'ordered') return { kind: 'samples', times: ordered.times, values: ordered.values };
  return problem('malformed', `Azure Monitor gave two values for ${isoTime(ordered.time)}`);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function problem(reason: UnreadableReason, detail: string): Values {
  return { kind: 'failed', failure: failure(reason, detail) };
}
