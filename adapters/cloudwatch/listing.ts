/** The dimension sets under which a metric is published: all pages of one listing. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Failure } from '../failure.ts';
import { listingPageSchema } from './answers.ts';
import type { Dimensions } from './hosts.ts';
import { type Asking, pagesOf } from './pages.ts';

export type Listing =
  | {
      readonly kind: 'listed';
      readonly sets: readonly Dimensions[];
      /** Why the listing ended early; undefined where it is whole. */
      readonly cut: Failure | undefined;
    }
  /** Not even the first page was had. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: unknown };

/** Lists one metric, 500 sets a page. A later page that fails cuts the listing; nothing is thrown. */
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
  let first = true;
  for await (const answer of pages) {
    if (answer.kind === 'failed') {
      const { failure, cause } = answer;
      return first ? { kind: 'failed', failure, cause } : { kind: 'listed', sets, cut: failure };
    }
    for (const { Dimensions } of answer.page.Metrics) sets.push(Dimensions ?? []);
    first = false;
  }
  return { kind: 'listed', sets, cut: undefined };
}
