/** The samples of a batch of metrics: one GetMetricData request and its pages. */
import { GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Statistic } from '../../core/model/series.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { Samples } from '../reading/samples.ts';
import { dataPageFromJson, dataPageSchema } from './answers.ts';
import type { DimensionedMetric } from './hosts.ts';
import { finish, type Merging, merge, type Periods, startMerging } from './merging.ts';
import { MAX_SAMPLES } from './pace.ts';
import { pagesOf, type RequestContext } from './pages.ts';

/** Queries in one GetMetricData request: the service's limit. */
const MAX_QUERIES = 500;

/** Pages of one batch. A batch is so small that it fits one page: a hundred of them are an answer without end. */
const MAX_PAGES = 100;

const STATISTICS = { average: 'Average', minimum: 'Minimum', maximum: 'Maximum' } as const;

/** The name that CloudWatch has for a statistic. */
export function statOf(statistic: Statistic) {
  return STATISTICS[statistic];
}

/** One metric and statistic to request; `of` is whom the samples are for. */
export interface Query<Of> extends DimensionedMetric {
  readonly of: Of;
  readonly stat: (typeof STATISTICS)[Statistic] | 'Sum' | 'SampleCount';
}

/** How many metrics go into one request: as many as fit one page, which takes the fewest calls that there can be. */
export function batchSize(span: Periods): number {
  return Math.max(1, Math.min(MAX_QUERIES, Math.floor(MAX_SAMPLES / samplesEach(span))));
}

/** The most that one metric can have. */
function samplesEach({ window, periodMs }: Periods): number {
  return Math.max(1, Math.ceil((window.end - window.start) / periodMs));
}

export interface BatchSamples<Of> {
  readonly results: readonly { readonly of: Of; readonly samples: Samples }[];
  /** Why the request failed, or its pages ended early; undefined where it was answered to the end. */
  readonly failure: Failure | undefined;
}

/** Requests every metric of a batch. Nothing is thrown: a failure is the result of every metric that it struck. */
export async function fetchSamples<Of>(
  context: RequestContext,
  batch: readonly Query<Of>[],
  span: Periods,
): Promise<BatchSamples<Of>> {
  const parts = batch.map((query, index) => ({ query, id: idOf(index), merging: startMerging() }));
  const byId = new Map(parts.map(({ id, merging }) => [id, merging]));
  const end = await followPages(context, requestFor(parts, span), byId, parts.length * samplesEach(span));
  const results = parts.map(({ query, merging }) => ({ of: query.of, samples: finish(merging, span, end) }));
  return { results, failure: end };
}

/** Merges page after page. Returns why the pages ended early; undefined where they did not. */
async function followPages(
  context: RequestContext,
  input: GetMetricDataCommandInput,
  byId: ReadonlyMap<string, Merging>,
  points: number,
): Promise<Failure | undefined> {
  const pages = pagesOf(context, {
    call: 'GetMetricData',
    // A further page counts as billed again: the price list does not state that it is free.
    metricsBilled: byId.size,
    points,
    maxPages: MAX_PAGES,
    schema: dataPageSchema,
    fromJson: dataPageFromJson,
    send: (NextToken) =>
      context.client.send(new GetMetricDataCommand({ ...input, NextToken }), { abortSignal: context.signal }),
  });
  for await (const answer of pages) {
    if (answer.kind === 'failed') return answer.failure;
    for (const result of answer.page.MetricDataResults) {
      const merging = byId.get(result.Id);
      if (merging === undefined) return STRANGER;
      merge(merging, result);
    }
  }
  return undefined;
}

const STRANGER = failureFor('malformed', 'CloudWatch answered for a metric that was not requested');

function requestFor(
  parts: readonly { readonly id: string; readonly query: Query<unknown> }[],
  { window, periodMs }: Periods,
): GetMetricDataCommandInput {
  return {
    MetricDataQueries: parts.map(({ id, query: { metric, dimensions, stat } }) => ({
      Id: id,
      MetricStat: { Metric: { ...metric, Dimensions: [...dimensions] }, Period: periodMs / 1000, Stat: stat },
    })),
    StartTime: new Date(window.start),
    EndTime: new Date(window.end),
    ScanBy: 'TimestampAscending',
  };
}

/** An id has to begin with a lower case letter. */
function idOf(index: number): string {
  return `m${index}`;
}
