/** Which hosts there are, and which of them publish their memory: from two listings, not from the samples. */
import { ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import { SourceError } from '../../inspection/errors.ts';
import type { Resource, Scope } from '../../model/series.ts';
import { lacksCredentials } from '../aws-errors.ts';
import type { Failure } from '../failure.ts';
import { listingPageSchema } from './answers.ts';
import { type Dimensions, type Host, hostsOf, instanceOf, isInstance } from './hosts.ts';
import { type Asking, pagesOf } from './pages.ts';

/** Where the CloudWatch agent of a Linux host publishes its used memory, in percent of the total. */
export const AGENT_METRIC = { Namespace: 'CWAgent', MetricName: 'mem_used_percent' };

/**
 * Every running instance has this metric without an agent. `PT3H`, the only value there is, leaves out what has not
 * reported for three hours: what is stopped or terminated. The filter leaves out EC2's aggregates, which cost pages.
 */
const LIVE_INSTANCES: ListMetricsCommandInput = {
  Namespace: 'AWS/EC2',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'InstanceId' }],
  RecentlyActive: 'PT3H',
};

/** Pages of one listing, 500 metrics each: a million metrics is beyond any region, so a longer listing never ends. */
const MAX_LISTING_PAGES = 2_000;

export interface Inventory {
  /** Hosts that publish their memory, or did within the last two weeks. */
  readonly reporting: readonly Host[];
  /** Instances that live and have not published it within the last two weeks. */
  readonly silent: readonly Resource[];
  /** Why the listing of hosts, or that of their metrics, ended early; undefined where it is whole. */
  readonly hostsCut: Failure | undefined;
  readonly metricsCut: Failure | undefined;
}

/** Asks for both listings. Throws `SourceError` where one of them cannot be had at all. */
export async function listInventory(asking: Asking, scope: Scope): Promise<Inventory> {
  // The agent's listing covers two weeks, not three hours, so that an agent that died is found.
  const [live, published] = await Promise.all([
    listMetrics(asking, scope, LIVE_INSTANCES),
    listMetrics(asking, scope, AGENT_METRIC),
  ]);
  const instances = new Set(live.metrics.map(instanceOf).filter((id) => id !== undefined));
  // An instance that EC2 no longer reports is terminated or stopped: not in scope.
  const reporting = hostsOf(published.metrics, scope).filter((host) => !isInstance(host) || instances.has(host.id));
  const reported = new Set(reporting.map(({ id }) => id));
  const silent = [...instances].filter((id) => !reported.has(id)).map((id) => ({ ...scope, id }));
  return { reporting, silent, hostsCut: live.cut, metricsCut: published.cut };
}

interface Listing {
  readonly metrics: readonly Dimensions[];
  readonly cut: Failure | undefined;
}

/** All pages of one listing. A later page that fails cuts it; without the first one nothing is known. */
async function listMetrics(asking: Asking, scope: Scope, what: ListMetricsCommandInput): Promise<Listing> {
  const metrics: Dimensions[] = [];
  const pages = pagesOf(asking, {
    call: 'ListMetrics',
    metricsBilled: 0,
    maxPages: MAX_LISTING_PAGES,
    schema: listingPageSchema,
    send: (NextToken) =>
      asking.client.send(new ListMetricsCommand({ ...what, NextToken }), { abortSignal: asking.signal }),
  });
  let first = true;
  for await (const answer of pages) {
    if (answer.kind === 'failed') {
      if (first) throw unlisted(scope, what, answer.failure, answer.cause);
      return { metrics, cut: answer.failure };
    }
    for (const { Dimensions } of answer.page.Metrics) metrics.push(Dimensions ?? []);
    first = false;
  }
  return { metrics, cut: undefined };
}

function unlisted(scope: Scope, what: ListMetricsCommandInput, failure: Failure, cause: unknown): SourceError {
  // The credentials' own error says what to check in better words.
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = failure;
  const advice =
    reason === 'denied' && !lacksCredentials(cause)
      ? '; check that the role allows cloudwatch:ListMetrics and cloudwatch:GetMetricData'
      : '';
  const where = `account ${scope.account} in ${scope.region}`;
  const message = `cannot list the ${what.Namespace} metrics of ${where}: ${detail}${advice}`;
  return new SourceError(message, { reason, retryable, cause });
}
