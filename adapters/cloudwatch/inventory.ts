/** Which hosts there are, and which of them publish their memory: from listings, not from the samples. */
import type { ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Resource, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { isNotSignedIn } from '../aws/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { type Dimensions, type Host, hostsOf, instanceOf, isInstance } from './hosts.ts';
import { listMetrics, type Odd } from './listing.ts';
import { HOST_MEMORY, NODE_MEMORY } from './metrics.ts';
import type { Asking } from './pages.ts';

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

/** A listing costs a page for each 500 sets, and clusters publish many roll-ups without an instance. */
const MEMORY_LISTINGS = HOST_MEMORY.map((metric) => ({
  metric,
  what: metric === NODE_MEMORY ? { ...metric, Dimensions: [{ Name: 'InstanceId' }] } : metric,
}));

/** Pages of one listing, 500 metrics each: a million metrics is beyond any region, so a longer listing never ends. */
const MAX_LISTING_PAGES = 2_000;

export interface Inventory {
  /** Hosts that publish their memory, or did within the last two weeks. */
  readonly reporting: readonly Host[];
  /** Instances that live and have not published it within the last two weeks. */
  readonly silent: readonly Resource[];
  /** Instances of which nothing that is listed is as documented, and why. */
  readonly odd: ReadonlyMap<string, string>;
  /** Listed metrics that are not as documented and do not say whose they are. */
  readonly strays: readonly Odd[];
  /** Why the listing of hosts, or that of their metrics, ended early; undefined where it is whole. */
  readonly hostsCut: Failure | undefined;
  readonly metricsCut: Failure | undefined;
}

/** Asks for all listings at once. Throws `SourceError` where one of them cannot be had at all. */
export async function listInventory(asking: Asking, scope: Scope): Promise<Inventory> {
  // The listings of memory cover two weeks, not three hours, so that an agent that died is found.
  const [live, ...published] = await Promise.all([
    list(asking, scope, LIVE_INSTANCES),
    ...MEMORY_LISTINGS.map(async ({ metric, what }) => ({ metric, ...(await list(asking, scope, what)) })),
  ]);
  const instances = new Set(live.sets.map(instanceOf).filter((id) => id !== undefined));
  const listed = published.flatMap(({ metric, sets }) => sets.map((dimensions) => ({ metric, dimensions })));
  // An instance that EC2 no longer reports is terminated or stopped: not in scope.
  const reporting = hostsOf(listed, scope).filter((host) => !isInstance(host) || instances.has(host.id));
  const reported = new Set(reporting.map(({ id }) => id));
  const allOdd = [live, ...published].flatMap(({ odd }) => odd);
  const odd = new Map(
    allOdd.flatMap(({ instance, why }) =>
      instance !== undefined && instances.has(instance) && !reported.has(instance) ? [[instance, why] as const] : [],
    ),
  );
  const silent = [...instances].filter((id) => !reported.has(id) && !odd.has(id)).map((id) => ({ ...scope, id }));
  const strays = allOdd.filter(({ instance }) => instance === undefined);
  const metricsCut = published.map(({ cut }) => cut).find(Boolean);
  return { reporting, silent, odd, strays, hostsCut: live.cut, metricsCut };
}

interface Found {
  readonly sets: readonly Dimensions[];
  readonly odd: readonly Odd[];
  readonly cut: Failure | undefined;
}

async function list(asking: Asking, scope: Scope, what: ListMetricsCommandInput): Promise<Found> {
  const listing = await listMetrics(asking, what, MAX_LISTING_PAGES);
  if (listing.kind === 'failed') throw unlisted(scope, what, listing.failure, listing.cause);
  return listing;
}

const ADVICE = '; check that these credentials allow cloudwatch:ListMetrics and cloudwatch:GetMetricData';

function unlisted(scope: Scope, what: ListMetricsCommandInput, failure: Failure, cause: unknown): SourceError {
  // The credentials' own error says what to check in better words.
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = failure;
  const stage = isNotSignedIn(cause) ? 'sign_in' : 'read';
  const advice = reason === 'denied' && stage === 'read' ? ADVICE : '';
  const where = `account ${scope.account} in ${scope.region}`;
  const message = `cannot list the ${what.Namespace} metrics of ${where}: ${detail}${advice}`;
  return new SourceError(message, { reason, retryable, cause, stage });
}
