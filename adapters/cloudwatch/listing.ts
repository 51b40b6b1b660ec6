/** The namespaces and dimension sets under which a metric is published: all pages of one listing. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Failure } from '../reading/failure.ts';
import { listedSchema, listingPageSchema, malformedListedSchema } from './answers.ts';
import { type DimensionedMetric, instanceOf } from './hosts.ts';
import { AGENT_NAMESPACE, type MetricName } from './metrics.ts';
import { malformedAnswer, pagesOf, type RequestContext } from './pages.ts';

/** A listed metric that is not as documented, and the instance that it names, where it names one. */
export interface Malformed {
  readonly instance: string | undefined;
  readonly why: string;
}

export type MetricListing =
  | ListedSets
  /** Not even the first page came. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: unknown };

export interface ListedSets {
  readonly kind: 'listed';
  readonly metrics: readonly DimensionedMetric[];
  readonly malformed: readonly Malformed[];
  /** Why the listing ended early; undefined where it is complete. */
  readonly truncated: Failure | undefined;
}

/** A listing of one metric: in all namespaces where it names none. */
export type ListingRequest = ListMetricsCommandInput & { readonly MetricName: string };

/** Lists one metric, 500 sets a page. A later page that fails truncates the listing; nothing is thrown. */
export async function listMetrics(
  context: RequestContext,
  what: ListingRequest,
  maxPages: number,
): Promise<MetricListing> {
  const metrics: DimensionedMetric[] = [];
  const nameIn = namesOf(what);
  const malformed: Malformed[] = [];
  const pages = pagesOf(context, {
    call: 'ListMetrics',
    metricsBilled: 0,
    maxPages,
    schema: listingPageSchema,
    send: (NextToken) =>
      context.client.send(new ListMetricsCommand({ ...what, NextToken }), { abortSignal: context.signal }),
  });
  let first = true;
  for await (const answer of pages) {
    if (answer.kind === 'failed') {
      const { failure, cause } = answer;
      return first ? { kind: 'failed', failure, cause } : { kind: 'listed', metrics, malformed, truncated: failure };
    }
    const listed = answer.page.Metrics.map((metric) => ({ metric, ...parseInput(listedSchema, metric) }));
    const bad = listed.flatMap(({ metric, error }) => (error ? [{ metric, error }] : []));
    // Nothing of it can be read: that is no listing with a malformed metric in it.
    if (first && bad[0] && bad.length === listed.length) {
      return { kind: 'failed', failure: malformedAnswer(bad[0].error), cause: bad[0].error };
    }
    for (const { data } of listed) {
      if (data) metrics.push({ metric: nameIn(data.Namespace), dimensions: data.Dimensions ?? [] });
    }
    malformed.push(...bad.map(({ metric, error }) => malformedOf(metric, error)));
    first = false;
  }
  return { kind: 'listed', metrics, malformed, truncated: undefined };
}

/** The metric's name in each namespace that was met: one object each, because thousands of sets share it. */
function namesOf({ Namespace: requested = AGENT_NAMESPACE, MetricName }: ListingRequest) {
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
