/** The samples of a batch of metrics: one GetMetricData request and its pages. */
import { GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Statistic } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { dataPageSchema } from './answers.ts';
import type { Listed } from './hosts.ts';
import { finish, type Merging, merge, type Periods, type Samples, startMerging } from './merging.ts';
import { pagesOf, type RequestContext } from './pages.ts';

/** Queries in one GetMetricData request: the service's limit. */
const MAX_QUERIES = 500;

/** Samples in one page of GetMetricData: the service's limit, and its default. */
const MAX_SAMPLES = 100_800;

/** Pages of one batch. A batch is cut so that it fits one page: a hundred of them are an answer that never ends. */
const MAX_PAGES = 100;

const STATISTICS = { average: 'Average', minimum: 'Minimum', maximum: 'Maximum' } as const;

/** The name that CloudWatch has for a statistic. */
export function statOf(statistic: Statistic) {
  return STATISTICS[statistic];
}

/** What is asked for, and for whom. */
export interface Query<Of> extends Listed {
  readonly of: Of;
  readonly stat: (typeof STATISTICS)[Statistic] | 'Sum' | 'SampleCount';
}

/** How many metrics go into one request: as many as fit one page, which takes the fewest calls that there can be. */
export function batchSize({ window, periodMs }: Periods): number {
  const samplesEach = Math.max(1, Math.ceil((window.end - window.start) / periodMs));
  return Math.max(1, Math.min(MAX_QUERIES, Math.floor(MAX_SAMPLES / samplesEach)));
}

export interface Answers<Of> {
  readonly answers: readonly { readonly of: Of; readonly samples: Samples }[];
  /** Why the request as a whole failed; undefined where it was answered to its end. */
  readonly failure: Failure | undefined;
}

/** Asks for each metric. Nothing is thrown: a failure is told for every metric that it struck. */
export async function fetchSamples<Of>(
  context: RequestContext,
  batch: readonly Query<Of>[],
  span: Periods,
): Promise<Answers<Of>> {
  const parts = batch.map((query, index) => ({ query, id: idOf(index), merging: startMerging() }));
  const byId = new Map(parts.map(({ id, merging }) => [id, merging]));
  const end = await followPages(context, requestFor(parts, span), byId);
  const answers = parts.map(({ query, merging }) => ({ of: query.of, samples: finish(merging, span, end) }));
  return { answers, failure: end };
}

/** Merges page after page, and says why the pages ended early; undefined where they did not. */
async function followPages(
  context: RequestContext,
  input: GetMetricDataCommandInput,
  byId: ReadonlyMap<string, Merging>,
): Promise<Failure | undefined> {
  const pages = pagesOf(context, {
    call: 'GetMetricData',
    // A further page is counted as billed again: the price list does not say that it is free.
    metricsBilled: byId.size,
    maxPages: MAX_PAGES,
    schema: dataPageSchema,
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

const STRANGER: Failure = {
  reason: 'malformed',
  retryable: false,
  detail: 'CloudWatch answered for a metric that was not asked for',
};

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
