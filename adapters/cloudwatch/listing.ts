/** The dimension sets under which a metric is published: all pages of one listing. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import type { Failure } from '../reading/failure.ts';
import { listedSchema, listingPageSchema, oddListedSchema } from './answers.ts';
import { type Dimensions, instanceOf } from './hosts.ts';
import { type Asking, malformed, pagesOf } from './pages.ts';

/** A listed metric that is not as documented, and whose it is, where it says so. */
export interface Odd {
  readonly instance: string | undefined;
  readonly why: string;
}

export type Listing =
  | {
      readonly kind: 'listed';
      readonly sets: readonly Dimensions[];
      readonly odd: readonly Odd[];
      /** Why the listing ended early; undefined where it is whole. */
      readonly cut: Failure | undefined;
    }
  /** Not even the first page was had. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: unknown };

/** Lists one metric, 500 sets a page. A later page that fails cuts the listing; nothing is thrown. */
export async function listMetrics(asking: Asking, what: ListMetricsCommandInput, maxPages: number): Promise<Listing> {
  const sets: Dimensions[] = [];
  const odd: Odd[] = [];
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
      return first ? { kind: 'failed', failure, cause } : { kind: 'listed', sets, odd, cut: failure };
    }
    const listed = answer.page.Metrics.map((metric) => ({ metric, ...listedSchema.safeParse(metric) }));
    const bad = listed.flatMap(({ metric, error }) => (error ? [{ metric, error }] : []));
    // Nothing of it can be read: that is no listing with an odd metric.
    if (first && bad[0] && bad.length === listed.length) {
      return { kind: 'failed', failure: malformed(bad[0].error), cause: bad[0].error };
    }
    sets.push(...listed.flatMap(({ data }) => (data ? [data.Dimensions ?? []] : [])));
    odd.push(...bad.map(({ metric, error }) => oddOf(metric, error)));
    first = false;
  }
  return { kind: 'listed', sets, odd, cut: undefined };
}

function oddOf(metric: unknown, error: z.ZodError): Odd {
  const dimensions = oddListedSchema.safeParse(metric).data?.Dimensions ?? [];
  return { instance: instanceOf(dimensions) || undefined, why: String(describeIssues(error)[0]) };
}
