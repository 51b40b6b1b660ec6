/** The dimension sets under which a metric is published: all pages of one listing. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Failure } from '../failure.ts';
import { listedMetricSchema, listingPageSchema } from './answers.ts';
import type { Dimensions } from './hosts.ts';
import { type Asking, malformed, pagesOf } from './pages.ts';

export type Listing =
  | {
      readonly kind: 'listed';
      readonly sets: readonly Dimensions[];
      /** Why it ended early, or lacks a metric that could not be understood; undefined where it is whole. */
      readonly cut: Failure | undefined;
    }
  /** Not even the first page was had. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: unknown };

/** Lists one metric, 500 sets a page. A later page that fails cuts the listing, an odd metric is left out; nothing is thrown. */
export async function listMetrics(asking: Asking, what: ListMetricsCommandInput, maxPages: number): Promise<Listing> {
  const sets: Dimensions[] = [];
  const pages = pagesOf(asking, {
    call: 'ListMetrics',
    metricsBilled: 0,
    maxPages,
    schema: listingPageSchema,
    send: (NextToken) =>
      asking.client.send(new ListMetricsCommand({ ...what, NextToken }), { abortSignal: asking.signal }),
  });
  let odd: Failure | undefined;
  let first = true;
  for await (const answer of pages) {
    if (answer.kind === 'failed') {
      const { failure, cause } = answer;
      return first ? { kind: 'failed', failure, cause } : { kind: 'listed', sets, cut: failure };
    }
    for (const metric of answer.page.Metrics) {
      const { success, data, error } = listedMetricSchema.safeParse(metric);
      if (success) sets.push(data.Dimensions ?? []);
      else odd ??= malformed(error);
    }
    first = false;
  }
  return { kind: 'listed', sets, cut: odd };
}
