/** Which hosts there are, and which of them publish their memory: from listings, not from the samples. */
import type { Resource, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { isNotSignedIn } from '../aws/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { type Host, hostsOf, instanceOf, isInstance } from './hosts.ts';
import { type ListedSets, type ListingRequest, listMetrics, type Malformed } from './listing.ts';
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
 * An agent may publish in a namespace of its own, so its metrics are listed in all of them: a page holds 500 sets, whichever
 * namespaces they are in. Of clusters only sets with an instance are listed, because they publish many roll-ups without one.
 */
const MEMORY_LISTINGS: readonly ListingRequest[] = [
  { MetricName: LINUX_MEMORY.MetricName },
  { MetricName: WINDOWS_MEMORY.MetricName },
  { ...NODE_MEMORY, Dimensions: [{ Name: 'InstanceId' }] },
];

/** Pages of one listing, 500 metrics each: a million metrics is beyond any region, so a longer listing never ends. */
const MAX_LISTING_PAGES = 2_000;

export interface Inventory {
  /** Hosts that publish their memory, or did within the last two weeks. */
  readonly reporting: readonly Host[];
  /** Instances that published it within the last two weeks and no longer run: not in scope, but for a read that includes them. */
  readonly gone: readonly Host[];
  /** Instances that run and have not published it within the last two weeks. */
  readonly notReporting: readonly Resource[];
  /** Instances whose listed metrics are all malformed, and why. */
  readonly malformed: readonly { readonly resource: Resource; readonly why: string }[];
  /** Listed metrics that are malformed and name no instance. */
  readonly unrecognised: readonly Malformed[];
  /** Why the listing of hosts, or that of their metrics, ended early; undefined where it is complete. */
  readonly hostsTruncated: Failure | undefined;
  readonly metricsTruncated: Failure | undefined;
}

/** Requests all listings at once. Throws `SourceError` where one of them gives nothing at all. */
export async function listInventory(context: RequestContext, scope: Scope): Promise<Inventory> {
  // The listings of memory cover two weeks, not three hours, so that an agent that died is found.
  const [live, ...published] = await Promise.all([
    list(context, scope, LIVE_INSTANCES),
    ...MEMORY_LISTINGS.map((what) => list(context, scope, what)),
  ]);
  const instances = new Set(live.metrics.flatMap(({ dimensions }) => instanceOf(dimensions) ?? []));
  const listed = published.flatMap(({ metrics }) => metrics);
  // An instance that EC2 no longer reports is terminated or stopped: not in scope.
  const all = hostsOf(listed, scope);
  const reporting = all.filter((host) => !isInstance(host) || instances.has(host.id));
  const gone = all.filter((host) => isInstance(host) && !instances.has(host.id));
  const reported = new Set(reporting.map(({ id }) => id));
  const allMalformed = [live, ...published].flatMap(({ malformed }) => malformed);
  const whyMalformed = new Map(
    allMalformed.flatMap(({ instance, why }) =>
      instance !== undefined && instances.has(instance) && !reported.has(instance) ? [[instance, why] as const] : [],
    ),
  );
  const malformed = [...whyMalformed].map(([id, why]) => ({ resource: { ...scope, id }, why }));
  const notReporting = [...instances]
    .filter((id) => !reported.has(id) && !whyMalformed.has(id))
    .map((id) => ({ ...scope, id }));
  const unrecognised = allMalformed.filter(({ instance }) => instance === undefined);
  const metricsTruncated = published.map(({ truncated }) => truncated).find(Boolean);
  return { reporting, gone, notReporting, malformed, unrecognised, hostsTruncated: live.truncated, metricsTruncated };
}

async function list(context: RequestContext, scope: Scope, what: ListingRequest): Promise<ListedSets> {
  const listing = await listMetrics(context, what, MAX_LISTING_PAGES);
  if (listing.kind === 'failed') throw unlisted(scope, what, listing.failure, listing.cause);
  return listing;
}

const ADVICE = '; check that these credentials allow cloudwatch:ListMetrics and cloudwatch:GetMetricData';

function unlisted(scope: Scope, what: ListingRequest, failure: Failure, cause: unknown): SourceError {
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
