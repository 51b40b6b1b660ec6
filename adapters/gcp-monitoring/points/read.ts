/** One metric of many machines: as few requests as there can be without paying for another host's series. */
import type { Part, PointMetric, PointReading } from '../../../core/model/points.ts';
import type { Resource, Span } from '../../../core/model/series.ts';
import { createCircuitBreaker } from '../../reading/circuit-breaker.ts';
import type { Failure } from '../../reading/failure.ts';
import { inFlight } from '../../reading/in-flight.ts';
import { isShort, pointSeries } from '../../reading/points.ts';
import type { Samples } from '../../reading/samples.ts';
import { type Batch, batchesOf } from '../batches.ts';
import { listSeriesIfAny } from '../listing.ts';
import { MAX_AT_ONCE } from '../memory.ts';
import type { Hosts } from '../memory-metric.ts';
import type { RequestContext } from '../pages.ts';
import { isInRegion, type Query } from '../requests.ts';
import { createCollector } from '../samples.ts';
import { type MachineMetric, missingHint } from './catalogue.ts';

/** Machines are known by their ids, whatever their names and zones. */
export const BY_ID = { label: 'instance_id', nameOf: ({ id }: Resource) => id } as const;

export type PointSpan = Pick<Span, 'window' | 'periodMs'>;

/** The series of each host's parts, or one reading that states why there are none. Nothing is thrown. */
export async function* readMachines(
  context: RequestContext,
  machine: MachineMetric,
  metric: PointMetric,
  hosts: Hosts,
  span: PointSpan,
): AsyncGenerator<PointReading> {
  // Opens where a right is missing and for nothing else: any other failure may be one host's.
  const circuitBreaker = createCircuitBreaker(Number.POSITIVE_INFINITY);
  const readAll = async (batch: Batch): Promise<PointReading[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return batch.wanted.map((host) => unreadable(host, metric, openedBy));
    const { readings, end } = await readBatch(context, machine, metric, batch, span);
    circuitBreaker.record(end);
    return readings;
  };
  for await (const readings of inFlight(batchesOf(BY_ID, hosts), MAX_AT_ONCE, readAll)) yield* readings;
}

async function readBatch(
  context: RequestContext,
  machine: MachineMetric,
  metric: PointMetric,
  batch: Batch,
  span: PointSpan,
): Promise<{ readonly readings: PointReading[]; readonly end: Failure | undefined }> {
  const query = queryOf(machine, metric, [isInRegion(context.scope.region), ...batch.conditions], span);
  const collector = createCollector(query.span, machine.scale);
  const partsOf = new Map(batch.wanted.map(({ id }): [string, Map<string, Part>] => [id, new Map()]));
  let end: Failure | undefined;
  for await (const listed of listSeriesIfAny(context, query)) {
    if (listed.kind === 'failed') end ??= listed.failure;
    else {
      const { resource, metric: labelled } = listed.head;
      const { [BY_ID.label]: id = '' } = resource.labels;
      const part: Part = machine.part === undefined ? {} : { [machine.part]: labelled.labels[machine.part] ?? '' };
      const key = keyOf(id, part);
      const own = partsOf.get(id);
      if (own === undefined) continue;
      own.set(key, part);
      collector.add(key, listed.series);
    }
  }
  const readings = batch.wanted.flatMap((host) => {
    const parts = [...(partsOf.get(host.id) ?? [])];
    // Where the answer ended early, there may be more of what has every period, but not where a machine has parts.
    const [only] = parts;
    const isComplete = machine.part === undefined && only !== undefined && collector.isComplete(only[0], false);
    if (end && !isComplete) return [unreadable(host, metric, end)];
    return readingsOf(
      host,
      metric,
      span,
      parts.map(([key, part]) => ({ part, samples: collector.take(key) })),
    );
  });
  return { readings, end };
}

function keyOf(id: string, part: Part): string {
  return JSON.stringify([id, part]);
}

function queryOf(
  { type, unit, conditions, isSummed = false, scale }: MachineMetric,
  { statistic }: PointMetric,
  more: readonly string[],
  { window, periodMs }: PointSpan,
): Query {
  return {
    metricType: type,
    resourceType: 'gce_instance',
    unit,
    conditions: [...conditions, ...more],
    span: { window, periodMs, statistic: statistic === 'sum' ? 'average' : statistic },
    ...(scale.isDelta && { isDelta: true }),
    ...(isSummed && { reduction: { reducer: 'REDUCE_SUM', groupBy: ['resource.labels.instance_id'] } as const }),
  };
}

interface PartSamples {
  readonly part: Part;
  readonly samples: Samples;
}

function readingsOf(
  host: Resource,
  metric: PointMetric,
  span: PointSpan,
  parts: readonly PartSamples[],
): PointReading[] {
  const series = parts.flatMap(({ part, samples }) =>
    samples.kind === 'samples' && samples.times.length > 0
      ? [pointSeries(host, metric, { part, points: samples }, span)]
      : [],
  );
  const failed = parts.flatMap(({ samples }) => (samples.kind === 'failed' ? [samples.failure] : []));
  const [failure] = failed;
  if (failure) return [...series, unreadable(host, metric, failure)];
  if (series.length > 0) return series;
  // No listing shows whether it was reported before: a short window proves nothing.
  if (isShort(span.window)) return [pointSeries(host, metric, { part: {}, points: NONE }, span)];
  const hint = missingHint(metric.name, host);
  return [{ kind: 'not_monitored', resource: host, metric: metric.name, reason: 'not_reported', hint }];
}

const NONE = { times: new Float64Array(), values: new Float64Array() };

export function unreadable(
  scope: Resource,
  { name }: Pick<PointMetric, 'name'>,
  { reason, detail }: Pick<Failure, 'reason' | 'detail'>,
): PointReading {
  return { kind: 'unreadable', scope, metric: name, reason, detail };
}
