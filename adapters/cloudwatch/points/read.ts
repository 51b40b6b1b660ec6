/** The points of many targets: batches of GetMetricData, in which all of a target stands together. */
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import { createCircuitBreaker } from '../../reading/circuit-breaker.ts';
import type { Failure } from '../../reading/failure.ts';
import { inFlight } from '../../reading/in-flight.ts';
import {
  foldTerms,
  isShort,
  joinWays,
  type PartPoints,
  type Points,
  pointSeries,
  pointsFault,
  stopped,
} from '../../reading/points.ts';
import type { RequestContext } from '../pages.ts';
import { MAX_FAILURES, REQUESTS_IN_FLIGHT } from '../rounds.ts';
import { batchSize, fetchSamples, type Query } from '../samples.ts';
import type { Target, TargetPart, Term } from './targets.ts';

/** Queries in one request: the service's limit. A target with more is truncated there, which is reported. */
const MOST_QUERIES = 500;

export type PointSpan = Pick<PointsRequest, 'window' | 'periodMs'>;

/** One reading for each part of each target, or why there are none. Nothing is thrown. */
export async function* readTargets(
  context: RequestContext,
  targets: readonly Target[],
  span: PointSpan,
): AsyncGenerator<PointReading> {
  const circuitBreaker = createCircuitBreaker(MAX_FAILURES);
  const readBatch = async (batch: readonly Target[]): Promise<PointReading[]> => {
    const openedBy = circuitBreaker.openedBy();
    if (openedBy) return batch.map((target) => unreadable(target, openedBy));
    const { results, failure } = await fetchSamples(context, batch.flatMap(queriesOf), span);
    circuitBreaker.record(failure);
    const found = Map.groupBy(results, ({ of }) => of.target);
    return batch.flatMap((target) => readingsOf(target, found.get(target) ?? [], span));
  };
  for await (const readings of inFlight(batchesOf(targets, batchSize(span)), REQUESTS_IN_FLIGHT, readBatch)) {
    yield* readings;
  }
}

interface Asked {
  readonly target: Target;
  readonly part: TargetPart;
  readonly term: Term;
}

const STATS = { average: 'Average', minimum: 'Minimum', maximum: 'Maximum', sum: 'Sum' } as const;
/** For space that is left. */
const STATS_OF_REST = { ...STATS, minimum: 'Maximum', maximum: 'Minimum' } as const;

function queriesOf(target: Target): Query<Asked>[] {
  const { statistic } = target.metric;
  return target.parts
    .flatMap((part) =>
      part.terms.flatMap((term) =>
        term.ways.map((way) => ({
          ...way,
          of: { target, part, term },
          stat: (term.isRest ? STATS_OF_REST : STATS)[statistic],
        })),
      ),
    )
    .slice(0, MOST_QUERIES);
}

/** As many targets as fill a page, and at least one. */
function* batchesOf(targets: readonly Target[], size: number): Generator<readonly Target[]> {
  let batch: Target[] = [];
  let count = 0;
  for (const target of targets) {
    const own = queriesOf(target).length;
    if (batch.length > 0 && count + own > size) {
      yield batch;
      [batch, count] = [[], 0];
    }
    batch.push(target);
    count += own;
  }
  if (batch.length > 0) yield batch;
}

type Result = Awaited<ReturnType<typeof fetchSamples<Asked>>>['results'][number];

function readingsOf(target: Target, results: readonly Result[], span: PointSpan): PointReading[] {
  const byTerm = Map.groupBy(results, ({ of }) => of.term);
  const { found, failure } = partsIn(target, byTerm);
  const series = found.filter(({ points }) => points.times.length > 0);
  const shown = series.length > 0 ? series : isShort(span.window) || target.metric.sparse ? found : [];
  const failed = failure ? [unreadable(target, failure)] : [];
  if (shown.length === 0 && failed.length === 0)
    return [stopped(target.resource, target.metric.name, span.window, CHECK)];
  return [...shown.map((one) => pointSeries(target.resource, target.metric, one, span)), ...failed];
}

const CHECK =
  'Check that the CloudWatch agent runs (amazon-cloudwatch-agent-ctl -a status) and may call PutMetricData.';

/** What could be read of each part, and the first failure. */
function partsIn(target: Target, byTerm: ReadonlyMap<Term, readonly Result[]>) {
  const found: PartPoints[] = [];
  let failure: Failure | undefined;
  for (const { part, terms } of target.parts) {
    const read = terms.map((term) => termPoints(target, term, byTerm.get(term) ?? []));
    const bad = read.find((one) => one.kind === 'failed');
    if (bad) failure ??= bad.failure;
    else
      found.push({
        part,
        points: foldTerms(
          read.flatMap((one) => (one.kind === 'points' ? [one.points] : [])),
          target.metric,
        ),
      });
  }
  return { found, failure };
}

type Read =
  | { readonly kind: 'points'; readonly points: Points }
  | { readonly kind: 'failed'; readonly failure: Failure };

const TRUNCATED: Failure = {
  reason: 'truncated',
  retryable: false,
  detail: `the host has more parts than one request takes (${MOST_QUERIES} metrics): leave some of them out of what its agent publishes`,
};

function termPoints({ metric, divisor }: Target, { ways, isRest }: Term, results: readonly Result[]): Read {
  if (results.length < ways.length) return { kind: 'failed', failure: TRUNCATED };
  const read: Points[] = [];
  for (const { samples } of results) {
    if (samples.kind === 'failed') return samples;
    const values = samples.values.map((value) => (isRest ? divisor - value : value) / divisor);
    const checked = pointsFault('CloudWatch', values, metric);
    if (checked.kind === 'failed') return checked;
    read.push({ times: samples.times, values: checked.values });
  }
  return { kind: 'points', points: joinWays(read) };
}

export function unreadable(
  { resource, metric }: { readonly resource: Target['resource']; readonly metric: Pick<PointMetric, 'name'> },
  { reason, detail }: Pick<Failure, 'reason' | 'detail'>,
): PointReading {
  return { kind: 'unreadable', scope: resource, metric: metric.name, reason, detail };
}
