/** The lists that the hosts of an account and region are put together from, and the JSON that is kept of each listed metric. */
import * as z from 'zod';
import type { Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { isNotSignedIn } from '../aws/errors.ts';
import type { HostList } from '../reading/host-list.ts';
import type { FailedPage } from '../reading/paginate.ts';
import type { DimensionedMetric, Dimensions } from './hosts.ts';
import { LIST_METRICS, type ListingRequest, type Malformed, namesOf, requestSets, type SetsPage } from './listing.ts';
import { LINUX_MEMORY, NODE_MEMORY, WINDOWS_MEMORY } from './metrics.ts';
import type { RequestContext } from './pages.ts';

/**
 * Every running instance has this metric without an agent. `PT3H`, the only value there is, leaves out what has not
 * reported for three hours: what is stopped or terminated. The filter leaves out EC2's aggregates, which cost pages.
 */
const LIVE_INSTANCES: ListingRequest = {
  Namespace: 'AWS/EC2',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'InstanceId' }],
  RecentlyActive: 'PT3H',
};

/**
 * By the name of the list. The listings of memory cover two weeks, not three hours, so that an agent that died is found. An agent may
 * publish in a namespace of its own, so its metrics are listed in all of them: a page holds 500 sets, whichever namespaces they are
 * in. Of clusters only sets with an instance are listed, because they publish many roll-ups without one.
 */
const LISTINGS = {
  live: LIVE_INSTANCES,
  linux: { MetricName: LINUX_MEMORY.MetricName },
  windows: { MetricName: WINDOWS_MEMORY.MetricName },
  nodes: { ...NODE_MEMORY, Dimensions: [{ Name: 'InstanceId' }] },
} as const satisfies Record<string, ListingRequest>;

export type MetricListName = keyof typeof LISTINGS;

/** Those of the hosts' memory. */
export const MEMORY_LISTS = ['linux', 'windows', 'nodes'] as const satisfies readonly MetricListName[];
export const METRIC_LISTS = ['live', ...MEMORY_LISTS] as const satisfies readonly MetricListName[];

/** Pages of one listing, 500 metrics each: a million metrics is beyond any region, so a longer listing never ends. */
export const MAX_LISTING_PAGES = 2_000;

/** A listed metric: its namespace, and the name and value of each of its dimensions in turn; or one that is not as documented. */
export const listedEntrySchema = z.union([
  z.array(z.string()).readonly(),
  z.strictObject({ why: z.string(), instance: z.string().exactOptional() }).readonly(),
]);

export type ListedEntry = z.output<typeof listedEntrySchema>;

export function isMalformed(entry: ListedEntry): entry is Extract<ListedEntry, { why: string }> {
  return 'why' in entry;
}

export function metricList(context: RequestContext, scope: Scope, name: MetricListName): HostList<ListedEntry> {
  return listOf(context, scope, LISTINGS[name]);
}

/** The list of one metric. */
export function listOf(context: RequestContext, scope: Scope, what: ListingRequest): HostList<ListedEntry> {
  return {
    subject: LIST_METRICS,
    maxPages: MAX_LISTING_PAGES,
    signal: context.signal,
    async request(token) {
      const answer = await requestSets(context, what, token);
      if (answer.kind === 'failed') return answer;
      return { kind: 'page', page: { entries: entriesOf(answer.page), nextToken: answer.page.nextToken } };
    },
    unlisted: (failed) => unlisted(scope, what, failed),
  };
}

/** A page without a metric before others is an entry too: a list that fails later has given something, and not failed at once. */
const EMPTY_PAGE: ListedEntry = [];

function entriesOf({ metrics, malformed, nextToken }: SetsPage): ListedEntry[] {
  const entries = [...metrics.map(entryOf), ...malformed.map(malformedEntry)];
  return entries.length === 0 && nextToken !== undefined ? [EMPTY_PAGE] : entries;
}

function entryOf({ metric, dimensions }: DimensionedMetric): ListedEntry {
  return [metric.Namespace, ...dimensions.flatMap(({ Name, Value }) => [Name, Value])];
}

function malformedEntry({ why, instance }: Malformed): ListedEntry {
  return { why, ...(instance !== undefined && { instance }) };
}

/** The metrics that the entries of a list stand for. */
export function metricsOf(name: MetricListName, entries: readonly ListedEntry[]): DimensionedMetric[] {
  return metricsIn(LISTINGS[name], entries);
}

/** @param what What the entries were listed by. */
export function metricsIn(what: ListingRequest, entries: readonly ListedEntry[]): DimensionedMetric[] {
  const nameIn = namesOf(what);
  return entries.flatMap((entry) => {
    if (isMalformed(entry)) return [];
    const [namespace, ...texts] = entry;
    if (namespace === undefined) return [];
    return [{ metric: nameIn(namespace), dimensions: dimensionsOf(texts) }];
  });
}

/** @param texts The name and the value of each dimension in turn. */
export function dimensionsOf(texts: readonly string[]): Dimensions {
  return Array.from({ length: texts.length / 2 }, (_, index) => ({
    Name: texts[2 * index] ?? '',
    Value: texts[2 * index + 1] ?? '',
  }));
}

const ADVICE = '; check that these credentials allow cloudwatch:ListMetrics and cloudwatch:GetMetricData';

function unlisted(scope: Scope, what: ListingRequest, { failure, cause }: FailedPage): SourceError {
  // The credentials' own error explains better what to check.
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = failure;
  const stage = isNotSignedIn(cause) ? 'sign_in' : 'read';
  const advice = reason === 'denied' && stage === 'read' ? ADVICE : '';
  const where = `account ${scope.account} in ${scope.region}`;
  const metrics = what.Namespace === undefined ? `metrics named ${what.MetricName}` : `${what.Namespace} metrics`;
  const message = `cannot list the ${metrics} of ${where}: ${detail}${advice}`;
  return new SourceError(message, { reason, retryable, cause, stage });
}
