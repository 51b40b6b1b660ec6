/** The memory of the EC2 instances, and of other machines with the agent, of one AWS account and region. */

import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Reading, Resource, Scope, Span } from '../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan, MemorySource, Meter, ReadRequest } from '../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { combinedSource } from '../reading/combined-source.ts';
import { pageOf, requireList } from '../reading/host-list.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { createRetries, type RetryClock } from '../reading/retry.ts';
import { openClient } from './client.ts';
import { readConsumers } from './consumers.ts';
import { containersSource, type OpenContext } from './containers/source.ts';
import type { Inventory } from './inventory.ts';
import { givenHosts, type KnownHosts, listedHosts } from './known-hosts.ts';
import { type ListingRequest, listMetrics, type MetricListing } from './listing.ts';
import { MAX_LISTING_PAGES, metricList } from './lists.ts';
import { type Pace, paceOf } from './pace.ts';
import type { RequestContext } from './pages.ts';
import { admitted, LISTS, plannedInventory, planOf, TAGS_LIST } from './plan.ts';
import { readPoints } from './points/source.ts';
import { PRICE } from './price.ts';
import { readHosts } from './rounds.ts';
import { batchSize } from './samples.ts';
import { readSwap } from './swap.ts';
import { openTags } from './tags.ts';
import { notMonitored } from './unread.ts';

export interface CloudWatchOptions {
  readonly account: string;
  readonly region: string;
  /**
   * Whether containers of Kubernetes and tasks of ECS are read beside machines, each as a host. Default: no, because each costs as much
   * as a machine does.
   */
  readonly containers?: boolean;
  /** Over the source's own settings: credentials, and an endpoint where it is not the region's. */
  readonly client?: CloudWatchClientConfig;
  /** For tests: the time of retries, and of the pace. */
  readonly clock?: RetryClock;
  readonly pace?: Pace;
}

/**
 * The agent collects and flushes once a minute each, and CloudWatch takes up to two minutes to show what it was sent;
 * one more in hand.
 */
const INGESTION_DELAY_MS = 5 * 60_000;

/**
 * Instances that are gone and are read at the most. Those of two weeks are listed, and a group of spot instances may have thousands;
 * some of them suffice to compare others with. No listing has a time, so that the newest cannot be chosen: an id is random, and
 * the first ones by id are the same sample each time.
 */
export const MOST_GONE = 200;

/** CloudWatch keeps samples of five minutes, from which those of 15 are made, for 63 days; after that hourly ones, whose minima are not comparable. */
const RETENTION_MS = 63 * 24 * 3_600_000;

/**
 * Reads what the CloudWatch agent publishes (on Linux used memory, on Windows committed memory), or Container Insights of a
 * cluster's nodes, as `system.memory.utilization`, a fraction of *used* memory. Swap is read of hosts that leak or are full only: by
 * default an instance has none, and a further metric of each host would double what a run costs.
 * Instances that run and do not report are `not_monitored`; what is stopped or terminated is not in scope.
 */
export function cloudwatchSource(options: CloudWatchOptions): MemorySource {
  const { account, region, client: settings, clock } = options;
  const scope: InRegion<Scope> = { provider: 'aws', account, region };
  const client = openClient(region, settings);
  // One provider for both clients: signing in may start a program or ask a person.
  const taggedList = openTags(region, { ...settings, credentials: client.config.credentials }, createRetries(clock));
  const retries = createRetries(clock);
  const openWith = (share: number): OpenContext => {
    const { pace = paceOf(account, region, share) } = options;
    return (meter, signal = new AbortController().signal) => ({ client, meter, signal, retries, pace });
  };
  const open = openWith(1);
  const hosts = listedHosts(scope, taggedList);
  const machines: MemorySource = {
    ...sourceOf(open, scope, hosts),
    whyUnnamed: (meter, signal) => hosts.whyUnnamed(open(meter, signal)),
    listing: {
      lists: LISTS,
      async page(list, { token }, meter, signal) {
        const context = open(meter, signal);
        const name = requireList(list, LISTS);
        if (name === TAGS_LIST) return await pageOf(taggedList(context), token);
        return await pageOf(metricList(context, scope, name), token);
      },
      plan: (listed, filters) => planOf(listed, scope, filters),
      hostsPerRequest: batchSize,
      sourceOf: (planned, share = 1) => sourceOf(openWith(share), scope, givenHosts(plannedInventory(planned, scope))),
    },
  };
  if (!options.containers) return machines;
  return combinedSource({ machines, containers: containersSource({ terms: { scope, ...TERMS }, openWith }) });
}

/** What is the same for machines and for containers. */
const TERMS = { ingestionDelayMs: INGESTION_DELAY_MS, retentionMs: RETENTION_MS, price: PRICE } as const;

function sourceOf(open: OpenContext, scope: InRegion<Scope>, hosts: KnownHosts): MemorySource {
  const points = { scope, hosts, setsOf: listedOnce() };

  async function countHosts(filters: readonly HostFilter[], meter: Meter, signal?: AbortSignal): Promise<number> {
    const { inventory } = await hosts.named(open(meter, signal), filters);
    const { reporting, notReporting, malformed } = inventory;
    const others = [...reporting.map(({ best }) => best), ...malformed].map(({ resource }) => resource);
    return [...others, ...notReporting].filter((host) => admits(filters, host)).length;
  }

  async function* readAll(context: RequestContext, request: ReadRequest): AsyncGenerator<Reading> {
    const { filters, includeGone = false } = request;
    const named = await hosts.named(context, filters);
    const { hosts: reporting, readings } = admitted(named, scope, filters);
    yield* readings;
    yield* readHosts(context, reporting, request);
    if (includeGone) yield* readGone(context, named.inventory, request);
  }

  async function* readOne(context: RequestContext, resource: Resource, span: Span): AsyncGenerator<Reading> {
    try {
      const inventory = await hosts.listed(context);
      const host = inventory.reporting.find(({ id }) => id === resource.id);
      if (host) yield* readConsumers(context, host, resource, span);
      else yield notMonitored(resource, inventory);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      yield { kind: 'unreadable', scope: resource, reason: error.reason, detail: error.message };
    }
  }

  async function swapOf(context: RequestContext, resource: Resource, span: MeanSpan): Promise<Reading> {
    try {
      const inventory = await hosts.listed(context);
      const host = inventory.reporting.find(({ id }) => id === resource.id);
      return host ? await readSwap(context, host, resource, span) : notMonitored(resource, inventory);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { kind: 'unreadable', scope: resource, reason: error.reason, detail: error.message };
    }
  }

  return {
    scope,
    ...TERMS,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, (either) => readAll(open(meter, either), request));
    },
    countHosts,
    consumers: (host, span, meter, signal) =>
      untilConsumerStops(signal, (either) => readOne(open(meter, either), host, span)),
    swap: (host, span, meter, signal) => swapOf(open(meter, signal ?? NEVER), host, span),
    points: (request, meter, signal) =>
      untilConsumerStops(signal, (either) => readPoints(open(meter, either), points, request)),
  };
}

/** The sets of each metric, listed once; again where the listing failed. */
function listedOnce() {
  const listings = new Map<string, (context: RequestContext) => Promise<MetricListing>>();
  return (context: RequestContext, what: ListingRequest): Promise<MetricListing> => {
    const key = JSON.stringify(what);
    const list =
      listings.get(key) ??
      onceUnlessFailed(
        (either: RequestContext) => listMetrics(either, what, MAX_LISTING_PAGES),
        (listing) => listing.kind === 'listed' && listing.truncated === undefined,
      );
    listings.set(key, list);
    return list(context);
  };
}

/** Of a caller that does not end what it began. */
const NEVER = new AbortController().signal;

/** What is gone has no agent that could be mended: where the window has no sample of it, there is nothing to read. */
async function* readGone(context: RequestContext, { gone }: Inventory, request: ReadRequest): AsyncGenerator<Reading> {
  const matching = gone.filter((host) => admits(request.filters, host.best.resource));
  const sample = matching.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST_GONE);
  for await (const reading of readHosts(context, sample, request)) if (reading.kind !== 'not_monitored') yield reading;
}
