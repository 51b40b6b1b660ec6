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
const OF_AVAILABLE: Readonly<Record<Statistic, 'average' | 'minimum' | 'maximum'>> = {
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

/**
 * Requests one metric of at most `BATCH_SIZE` hosts of one kind. Nothing is thrown: a failure is the result of every
 * host that it struck.
 */
export async function fetchSamples(
  clients: Clients,
  batch: readonly Host[],
  metric: MetricName,
  span: Span,
): Promise<Fetched[]> {
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

type BatchAnswer = { readonly failure: Failure } | { readonly failure: undefined; readonly fetched: Fetched[] };

async function requestBatch(
  { metrics, limits }: Clients,
  batch: readonly Host[],
  metric: MetricName,
  span: Span,
  interval: string,
): Promise<BatchAnswer> {
  const ids = batch.map(({ resource }) => resource.id);
  const kind = batch[0]?.kind ?? '';
  try {
    const options = { ...optionsFor(span, interval), ...limits };
    const results = await metrics.queryResources(ids, [metric], kind, options);
    if (results.length === 0) return { failure: failure('malformed', 'Azure Monitor’s answer holds no values') };
    const byId = new Map(results.map(({ resourceId = '', metrics: found }) => [resourceId.toLowerCase(), found]));
    const fetched = batch.map((host) => ({ host, samples: samplesOf(byId.get(host.resource.id), metric, span) }));
    return { failure: undefined, fetched };
  } catch (error) {
    if (!refusalText(error).includes(UNKNOWN_METRIC)) return { failure: failureOf(error, limits.abortSignal) };
    return { failure: undefined, fetched: batch.map((host) => ({ host, samples: { kind: 'no_metric' } })) };
  }
}

async function fetchHalves(
  clients: Clients,
  batch: readonly Host[],
  metric: MetricName,
  span: Span,
): Promise<Fetched[]> {
  const middle = Math.ceil(batch.length / 2);
  const halves = [batch.slice(0, middle), batch.slice(middle)];
  return (await Promise.all(halves.map((half) => fetchSamples(clients, half, metric, span)))).flat();
}

/** No filter is set: with one, Azure truncates the answer to `top` series without any notice. */
function optionsFor({ window, statistic }: Span, interval: string): MetricsQueryResourcesOptions {
  return {
    startTime: new Date(window.start),
    endTime: new Date(window.end),
    interval,
    aggregation: OF_AVAILABLE[statistic],
  };
}

function failed(batch: readonly Host[], why: Failure): Fetched[] {
  return batch.map((host) => ({ host, samples: { kind: 'failed', failure: why } }));
}

function samplesOf(metrics: readonly unknown[] | undefined, metric: MetricName, span: Span): AvailableMemory {
  if (metrics === undefined) return problem('truncated', 'the answer does not name this host');
  const answers = metrics.map((answer) => parseInput(metricSchema, answer));
  const bad = answers.find(({ success }) => !success);
  if (bad?.error) {
    return problem('malformed', `Azure Monitor’s answer is not as documented: ${describeIssues(bad.error)[0]}`);
  }
  const found = answers.flatMap(({ data }) => (data?.name === metric ? [data] : []));
  const [answer, second] = found;
  if (answer === undefined || second !== undefined) {
    return problem('malformed', `the answer holds ${found.length} times ${metric}`);
  }
  if (answer.errorCode && answer.errorCode !== 'Success') return refused(answer);
  if (answer.unit !== METRIC_UNITS[metric])
    return problem('malformed', `${metric} comes in ${answer.unit}, not ${METRIC_UNITS[metric]}`);
  return samplesFrom(answer, span);
}

/** One resource may fail inside a good answer; its code is not documented beyond `Success`. */
function refused({ errorCode, errorMessage }: MetricAnswer): AvailableMemory {
  const code = String(errorCode);
  const detail = `${code}: ${errorMessage ?? 'Azure Monitor failed to read this host'}`;
  if (/throttl|toomany/i.test(code)) return problem('throttled', detail);
  if (/forbidden|unauthori|authoriz|denied/i.test(code)) return problem('denied', detail);
  if (/notfound/i.test(code)) return problem('not_found', detail);
  return problem('unavailable', detail);
}

/** The periods that hold a sample, inside the window and in order. */
function samplesFrom({ timeseries }: MetricAnswer, { window, periodMs, statistic }: Span): AvailableMemory {
  const field = OF_AVAILABLE[statistic];
  const times: number[] = [];
  const available: number[] = [];
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
    available.push(value);
  }
  const ordered = inOrder(times, available, window);
  if (ordered.kind === 'ordered') return { kind: 'samples', times: ordered.times, available: ordered.values };
  return problem('malformed', `Azure Monitor gave two values for ${isoTime(ordered.time)}`);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function problem(reason: UnreadableReason, detail: string): AvailableMemory {
  return { kind: 'failed', failure: failure(reason, detail) };
}
