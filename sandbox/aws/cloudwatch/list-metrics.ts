/** ListMetrics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
import * as z from 'zod';
import type { Metric } from './metric.ts';
import { type CloudWatchContext, DEAD_TOKEN, decodeToken, encodeToken, refuseInvalid } from './protocol.ts';

const PAGE_SIZE = 500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A metric is listed until two weeks after its last sample. */
const LISTED_FOR = 14 * 24 * HOUR;
/** A new metric appears in the list up to this long after its first sample. */
const APPEARS_AFTER = 15 * MINUTE;
const MAX_DIMENSION_FILTERS = 10;

const inputSchema = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
  RecentlyActive: z.string().optional(),
  IncludeLinkedAccounts: z.boolean().optional(),
});

type ListMetricsInput = z.output<typeof inputSchema>;

export function listMetrics(body: unknown, { catalogue, now, fault }: CloudWatchContext): object {
  const input = inputSchema.parse(body);
  refuseInvalid(complaints(input));
  const { item } = decodeToken(input, input.NextToken);
  const listed = catalogue
    .metricsNamed(input.MetricName)
    .filter((metric) => matches(metric, input) && isListed(metric, input, now));
  const page = listed.slice(item, item + PAGE_SIZE).map(describe);
  if (fault?.kind === 'endless') return { Metrics: page, NextToken: encodeToken(input, { item, point: 0 }) };
  if (fault?.kind === 'truncated') return { Metrics: page.slice(0, page.length / 2), NextToken: DEAD_TOKEN };
  const next = item + PAGE_SIZE;
  return next < listed.length
    ? { Metrics: page, NextToken: encodeToken(input, { item: next, point: 0 }) }
    : { Metrics: page };
}

function complaints({ RecentlyActive, Dimensions, IncludeLinkedAccounts }: ListMetricsInput): string[] {
  const found: string[] = [];
  if (RecentlyActive !== undefined && RecentlyActive !== 'PT3H') {
    found.push(
      `Value '${RecentlyActive}' at 'recentlyActive' failed to satisfy constraint: Member must satisfy enum value set: [PT3H]`,
    );
  }
  if (Dimensions.length > MAX_DIMENSION_FILTERS) {
    found.push(`The collection Dimensions must not have a size greater than ${MAX_DIMENSION_FILTERS}.`);
  }
  if (IncludeLinkedAccounts)
    found.push('The sandbox has no monitoring accounts: IncludeLinkedAccounts cannot be true.');
  return found;
}

/** A filter without a value matches the dimension's name alone; a metric may have further dimensions. */
function matches(metric: Metric, { Namespace, MetricName, Dimensions }: ListMetricsInput): boolean {
  return (
    (Namespace === undefined || metric.namespace === Namespace) &&
    (MetricName === undefined || metric.name === MetricName) &&
    Dimensions.every((filter) =>
      metric.dimensions.some(({ Name, Value }) => Name === filter.Name && (filter.Value ?? Value) === Value),
    )
  );
}

function isListed({ published }: Metric, { RecentlyActive }: ListMetricsInput, now: number): boolean {
  const begun = published.filter(({ start }) => start <= now - APPEARS_AFTER);
  const last = Math.max(...begun.map(({ end }) => Math.min(end, now)));
  return last >= now - (RecentlyActive === undefined ? LISTED_FOR : 3 * HOUR);
}

function describe({ namespace, name, dimensions }: Metric): object {
  return { Namespace: namespace, MetricName: name, Dimensions: dimensions };
}
