/**
 * The bytes of consumers, from what CloudWatch folds them to. Processes of one name, and pods of one controller, publish under
 * one dimension set, several samples each time that they are looked at: an average is that of one of them. What all of them
 * use is the sum of the samples over the number of looks, which another metric counts.
 */
import type { Consumer, Resource, Series, Span } from '../../core/model/series.ts';
import { POD_MEMORY, PROCESS_MEMORY } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import { NO_SAMPLES, type Samples } from '../reading/samples.ts';
import type { DimensionedMetric } from './hosts.ts';
import type { RequestContext } from './pages.ts';
import { batchSize, fetchSamples, type Query } from './samples.ts';

/** Where a consumer's memory is published, and what has one sample each time that it was looked at. */
export interface Consumed {
  readonly consumer: Consumer;
  readonly memory: DimensionedMetric;
  /** Several count in turn, and are added up. None where nothing counts: the average of one of several has to do. */
  readonly looks: readonly DimensionedMetric[];
}

/** The metrics of one host's consumers. */
export interface Consumption {
  readonly consumed: readonly Consumed[];
  /** Where the host's capacity is published, in bytes. */
  readonly capacity: DimensionedMetric | undefined;
}

/** A consumer that could not be read. */
export interface Unread {
  readonly kind: 'unread';
  readonly consumer: Consumer;
  readonly failure: Failure;
}

/** GetMetricData requests under way for one host: most hosts need one. */
const REQUESTS_IN_FLIGHT = 2;

/** One series for each consumer that has samples in the span, or why it could not be read. */
export async function readConsumed(
  context: RequestContext,
  { consumed, capacity }: Consumption,
  host: Resource,
  span: Span,
): Promise<(Series | Unread)[]> {
  const lookKeys = new Map(consumed.flatMap(({ looks }) => looks.map((listed) => [keyOf(listed), listed] as const)));
  const queries: Query<string | Consumed>[] = [
    ...consumed.map((one) => ({
      ...one.memory,
      of: one,
      stat: one.looks.length > 0 ? ('Sum' as const) : ('Average' as const),
    })),
    ...[...lookKeys].map(([key, listed]) => ({ ...listed, of: key, stat: 'SampleCount' as const })),
    ...(capacity ? [{ ...capacity, of: CAPACITY, stat: 'Maximum' as const }] : []),
  ];
  const samples = await fetchAll(context, queries, span);
  const limit = lastOf(samples.get(CAPACITY));
  return consumed.flatMap((one): (Series | Unread)[] => {
    const bytes = totalOf(
      samples.get(one),
      one.looks.map((listed) => samples.get(keyOf(listed)) ?? NO_SAMPLES),
    );
    if (bytes.kind === 'failed') return [{ kind: 'unread', consumer: one.consumer, failure: bytes.failure }];
    return bytes.times.length === 0 ? [] : [seriesOf(one.consumer, bytes, host, span, limit)];
  });
}

const CAPACITY = 'capacity';

function keyOf({ metric, dimensions }: DimensionedMetric): string {
  return JSON.stringify([metric, dimensions]);
}

async function fetchAll(context: RequestContext, queries: readonly Query<string | Consumed>[], span: Span) {
  const batches = chunksOf(queries, batchSize(span));
  const found = new Map<string | Consumed, Samples>();
  for await (const { results } of inFlight(batches, REQUESTS_IN_FLIGHT, (batch) =>
    fetchSamples(context, batch, span),
  )) {
    for (const { of, samples } of results) found.set(of, samples);
  }
  return found;
}

/** Sums over looks, period by period. A period in which nobody counted the looks is left out. */
function totalOf(memory: Samples = NO_SAMPLES, looks: readonly Samples[]): Samples {
  if (memory.kind === 'failed' || looks.length === 0) return memory;
  const counts = new Map<number, number>();
  for (const one of looks) {
    if (one.kind === 'failed') return one;
    for (const [index, time] of one.times.entries())
      counts.set(time, (counts.get(time) ?? 0) + (one.values[index] ?? 0));
  }
  const counted = [...memory.times.keys()].filter((index) => (counts.get(memory.times[index] ?? Number.NaN) ?? 0) > 0);
  return {
    kind: 'samples',
    times: Float64Array.from(counted, (index) => memory.times[index] ?? Number.NaN),
    values: Float64Array.from(
      counted,
      (index) => (memory.values[index] ?? Number.NaN) / (counts.get(memory.times[index] ?? Number.NaN) ?? 1),
    ),
  };
}

/** A capacity that could not be read is not known: shares are then of what the consumers grew by. */
function lastOf(samples: Samples | undefined): number | undefined {
  return samples?.kind === 'samples' ? samples.values.at(-1) : undefined;
}

function seriesOf(
  consumer: Consumer,
  { times, values }: Extract<Samples, { kind: 'samples' }>,
  resource: Resource,
  { window, periodMs }: Span,
  limit: number | undefined,
): Series {
  return {
    kind: 'series',
    resource,
    consumer,
    metric: consumer.kind === 'process' ? PROCESS_MEMORY : POD_MEMORY,
    unit: 'By',
    ...(limit !== undefined && { limit }),
    statistic: 'average',
    window,
    periodMs,
    times,
    values,
  };
}
