/** The namespaces and dimension sets under which a metric is published: one page of a listing, or all of them. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Failure } from '../reading/failure.ts';
import { type PageOrFailure, paginate } from '../reading/paginate.ts';
import { listedSchema, listingPageSchema, malformedListedSchema } from './answers.ts';
import { type DimensionedMetric, instanceOf } from './hosts.ts';
import { AGENT_NAMESPACE, type MetricName } from './metrics.ts';
import { malformedAnswer, type RequestContext, requestPage } from './pages.ts';

/** A listed metric that is not as documented, and the instance that it names, where it names one. */
export interface Malformed {
  readonly instance: string | undefined;
  readonly why: string;
}

export type MetricListing =
  | ListedSets
  /** Not even the first page came. */
  | { readonly kind: 'failed'; readonly failure: Failure };

interface ListedSets {
  readonly kind: 'listed';
  readonly metrics: readonly DimensionedMetric[];
  readonly malformed: readonly Malformed[];
  /** Why the listing ended early; undefined where it is complete. */
  readonly truncated: Failure | undefined;
}

/** A listing of one metric: in all namespaces where it names none. */
export type ListingRequest = ListMetricsCommandInput & { readonly MetricName: string };

/** One page of a listing: 500 sets at the most. */
export interface SetsPage {
  readonly metrics: readonly DimensionedMetric[];
  readonly malformed: readonly Malformed[];
  readonly nextToken: string | undefined;
}

/** The name of the request, for the meter and for messages. */
export const LIST_METRICS = 'ListMetrics';

/** Lists one metric. A later page that fails truncates the listing; nothing is thrown. */
export async function listMetrics(
  context: RequestContext,
  what: ListingRequest,
  maxPages: number,
): Promise<MetricListing> {
  const pages = paginate({
    subject: LIST_METRICS,
    maxPages,
    signal: context.signal,
    request: (token) => requestSets(context, what, token),
    nextToken: ({ nextToken }: SetsPage) => nextToken,
  });
  const received: SetsPage[] = [];
  let truncated: Failure | undefined;
  for await (const answer of pages) {
    if (answer.kind === 'page') received.push(answer.page);
    else if (received.length === 0) return { kind: 'failed', failure: answer.failure };
    else truncated = answer.failure;
  }
  const metrics = received.flatMap((page) => page.metrics);
  return { kind: 'listed', metrics, malformed: received.flatMap(({ malformed }) => malformed), truncated };
}

/** Requests one page of a listing. Does not throw. */
export async function requestSets(
  context: RequestContext,
  what: ListingRequest,
  token: string | undefined,
): Promise<PageOrFailure<SetsPage>> {
  const answer = await requestPage(
    context,
    {
      call: LIST_METRICS,
      metricsBilled: 0,
      schema: listingPageSchema,
      send: (NextToken) =>
        context.client.send(new ListMetricsCommand({ ...what, NextToken }), { abortSignal: context.signal }),
    },
    token,
  );
  if (answer.kind === 'failed') return answer;
  const listed = answer.page.Metrics.map((metric) => ({ metric, ...parseInput(listedSchema, metric) }));
  const bad = listed.flatMap(({ metric, error }) => (error ? [{ metric, error }] : []));
  // Nothing of it can be read: that is no listing with a malformed metric in it.
  if (token === undefined && bad[0] && bad.length === listed.length) {
    return { kind: 'failed', failure: malformedAnswer(bad[0].error), cause: bad[0].error };
  }
  const nameIn = namesOf(what);
  const metrics = listed.flatMap(({ data }) =>
    data ? [{ metric: nameIn(data.Namespace), dimensions: data.Dimensions ?? [] }] : [],
  );
  const malformed = bad.map(({ metric, error }) => malformedOf(metric, error));
  return { kind: 'page', page: { metrics, malformed, nextToken: answer.page.NextToken } };
}

/** The metric's name in each namespace that was met: one object each, because thousands of sets share it. */
export function namesOf({ Namespace: requested = AGENT_NAMESPACE, MetricName }: ListingRequest) {
  const names = new Map<string, MetricName>();
  return (Namespace = requested): MetricName => {
    const name = names.get(Namespace) ?? { Namespace, MetricName };
    names.set(Namespace, name);
    return name;
  };
}

function malformedOf(metric: unknown, error: z.ZodError): Malformed {
  const dimensions = malformedListedSchema.safeParse(metric).data?.Dimensions ?? [];
  return { instance: instanceOf(dimensions), why: String(describeIssues(error)[0]) };
}
