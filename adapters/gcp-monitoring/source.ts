/** The memory of the Compute Engine instances, and of the GKE nodes among them, of one Google Cloud project and region. */

import type { MetricServiceClient } from '@google-cloud/monitoring';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Reading, Scope, Span } from '../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { whyUnreachable } from '../../core/model/unreachable-region.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PriceList, ReadRequest, SamplesRequest } from '../../core/ports/memory-source.ts';
import { failureOf } from '../gcp/errors.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { combinedSource } from '../reading/combined-source.ts';
import { pageOf, requireList } from '../reading/host-list.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { createRetries, type RetryClock } from '../reading/retry.ts';
import { readConsumers } from './consumers.ts';
import { containerSource } from './containers/source.ts';
import { hostList, type Inventory, labelsRequestedFor, listInventory } from './inventory.ts';
import { readMemory } from './memory.ts';
import { agentMemory, type Hosts, nodeMemory } from './memory-metric.ts';
import { mayBeNode } from './nodes.ts';
import type { RequestContext } from './pages.ts';
import { admitted, LISTS, type PlannedHosts, plannedHosts, planOf, withSeen } from './plan.ts';
import { readPoints } from './points/source.ts';
import { readingOf } from './readings.ts';
import { MAX_ALTERNATIVES } from './requests.ts';
import { readSwap, unreadable } from './swap.ts';

export interface CloudMonitoringOptions {
  readonly project: string;
  readonly region: string;
  /** A client that is signed in; rejects with `SourceError` where that fails. Called at the beginning of each read. */
  readonly client: () => Promise<MetricServiceClient>;
  /** Whether the containers of GKE's clusters are read beside the machines, each against its limit. Default: false. */
  readonly containers?: boolean;
  /** Milliseconds that one call may take. A page of 100,000 points takes seconds. */
  readonly deadlineMs?: number;
  /** For tests: the time of retries. */
  readonly clock?: RetryClock;
}

/** Consumers and swap are always readable here. */
export type CloudMonitoringSource = MemorySource & Required<Pick<MemorySource, 'consumers' | 'swap'>>;

/** Metrics are sampled every minute and shown after up to four: https://cloud.google.com/monitoring/api/metrics_gcp */
const INGESTION_DELAY_MS = 5 * 60_000;

/**
 * Metrics of agents and clusters are kept for 24 months, as they were sampled for six weeks and at intervals of ten minutes after
 * that: a floor of 15 minutes is no longer the same. https://cloud.google.com/monitoring/quotas#data_retention_policy
 */
const RETENTION_MS = 6 * 7 * 24 * 3_600_000;

/** Since 2 October 2025 it is not calls that are billed. What the first million of a billing account saves is not counted. */
const PRICE: PriceList = {
  usdPerMetric: 0.5 / 1_000_000,
  stated:
    '0.50 USD per million time series returned, the first million of a billing account a month free (cloud.google.com/stackdriver/pricing, 2026-11)',
};

const SERVICE = { ingestionDelayMs: INGESTION_DELAY_MS, retentionMs: RETENTION_MS, price: PRICE };

const DEADLINE_MS = 30_000;

/** Never aborts. */
const NEVER = new AbortController().signal;

/**
 * Reads `system.memory.utilization`, a fraction of *used* memory, as the Ops Agent and GKE report it. Instances that run and do
 * not report are `not_monitored`; what is stopped is not in scope.
 *
 * One source for each project and region, though one request could span all regions: incidents and continuations go by
 * region as in other clouds, and it costs calls, which are free, and no series, which are not.
 */
export function cloudMonitoringSource(options: CloudMonitoringOptions): CloudMonitoringSource {
  const { project, region, client, containers = false, deadlineMs = DEADLINE_MS, clock } = options;
  const retries = createRetries(clock);
  const scope: InRegion<Scope> = { provider: 'gcp', account: project, region };
  const open = async (meter: Meter, signal: AbortSignal): Promise<RequestContext> => {
    refuseUnreachable(scope);
    return { client: await client(), scope, meter, signal, deadlineMs, retries };
  };
  const machines = machineSource(scope, open);
  if (!containers) return machines;
  const {
    consumers = machines.consumers,
    swap = machines.swap,
    ...combined
  } = combinedSource({
    machines,
    containers: containerSource({ scope, open, ...SERVICE }),
  });
  return { ...combined, consumers, swap };
}

type Open = (meter: Meter, signal: AbortSignal) => Promise<RequestContext>;

function machineSource(scope: InRegion<Scope>, open: Open): CloudMonitoringSource {
  return {
    ...sourceOf(scope, open, listedWhenRead(scope)),
    listing: {
      lists: LISTS,
      async page(list, { window, filters, token }, meter, signal) {
        requireList(list, LISTS);
        const request = { window, labels: labelsRequestedFor(filters) };
        return await pageOf(hostList(await open(meter, signal), request), token);
      },
      complete: async (listed, request, meter, signal) => await withSeen(await open(meter, signal), listed, request),
      plan: (listed, filters) => planOf(listed, scope, filters),
      hostsPerRequest: () => MAX_ALTERNATIVES,
      sourceOf: (planned) => sourceOf(scope, open, givenHosts(plannedHosts(planned))),
    },
  };
}

/** Gives the hosts of a request, and the readings of those that are not known. */
type FindHosts = (context: RequestContext, request: ReadRequest) => Promise<FoundHosts>;

interface FoundHosts {
  readonly hosts: Hosts;
  readonly readings: readonly Reading[];
}

function listedWhenRead(scope: InRegion<Scope>): FindHosts {
  const inventoryOf = inventories(false);
  const inventoryWithGone = inventories(true);
  return async (context, { span, filters, includeGone = false }) => {
    const inventory = await (includeGone ? inventoryWithGone : inventoryOf)(context, span, filters);
    return admitted(inventory, scope, filters);
  };
}

function givenHosts({ own, others, isPart }: PlannedHosts): FindHosts {
  return async (_, { filters }) => {
    const wanted = own.filter((host) => admits(filters, host));
    const excluded = own.filter((host) => !admits(filters, host));
    return { hosts: { wanted, others: [...excluded, ...others], isPart }, readings: [] };
  };
}

function sourceOf(scope: InRegion<Scope>, open: Open, find: FindHosts): CloudMonitoringSource {
  async function* readAll(context: RequestContext, request: ReadRequest): AsyncGenerator<Reading> {
    const { hosts, readings } = await find(context, request);
    yield* readings;
    yield* readHosts(context, hosts, request);
  }

  return {
    scope,
    ...SERVICE,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, async function* signedIn(either) {
        yield* readAll(await open(meter, either), request);
      });
    },
    points(request, meter, signal) {
      return untilConsumerStops(signal, async function* signedIn(either) {
        yield* readPoints(await open(meter, either), { find, readMemory: readHosts }, request);
      });
    },
    async *consumers(host, span, meter, signal) {
      try {
        yield* untilConsumerStops(signal, async function* signedIn(either) {
          yield* readConsumers(await open(meter, either), host, span);
        });
      } catch (error) {
        // Signing in failed: what the host's memory does is known without its consumers.
        const { reason, detail } = failureOf(error, signal);
        yield { kind: 'unreadable', scope: host, reason, detail };
      }
    },
    async swap(host, span, meter, signal = NEVER) {
      try {
        return await readSwap(await open(meter, signal), host, span);
      } catch (error) {
        return unreadable(host, failureOf(error, signal));
      }
    },
  };
}

/** Before anybody signs in. */
function refuseUnreachable({ account, region }: InRegion<Scope>): void {
  const why = whyUnreachable('gcp', region);
  if (why === undefined) return;
  throw new SourceError(`cannot read project ${account}: ${region} ${why}`, { reason: 'not_found', retryable: false });
}

/** The agent's memory of all hosts; of nodes that have none, the cluster's. */
async function* readHosts(
  context: RequestContext,
  { wanted, others, isPart = false }: Hosts,
  request: SamplesRequest,
): AsyncGenerator<Reading> {
  const { span } = request;
  const { region } = context.scope;
  const withoutAgent = new Set<string>();
  for await (const read of readMemory(context, agentMemory(region), { wanted, others, isPart }, span)) {
    const { host, samples } = read;
    if (mayBeNode(host) && samples.kind === 'samples' && samples.times.length === 0) withoutAgent.add(host.id);
    else yield readingOf(read, request);
  }
  const nodes = Object.groupBy([...wanted, ...others].filter(mayBeNode), ({ id }) =>
    withoutAgent.has(id) ? 'wanted' : 'others',
  );
  const ofNodes = { wanted: nodes.wanted ?? [], others: nodes.others ?? [], isPart };
  for await (const read of readMemory(context, nodeMemory(region), ofNodes, span)) yield readingOf(read, request);
}

/** Lists the inventory once, and once more where a filter needs labels that it was not listed with. */
function inventories(includeGone: boolean) {
  const list = (context: RequestContext, window: Span['window'], labels: readonly string[]) =>
    listInventory(context, { window, labels, includeGone });
  let listed = new Set<string>();
  let inventoryOf = onceUnlessFailed(list);

  return (context: RequestContext, { window }: Span, filters: readonly HostFilter[]): Promise<Inventory> => {
    const labels = labelsRequestedFor(filters);
    if (labels.some((label) => !listed.has(label))) {
      listed = new Set(labels);
      inventoryOf = onceUnlessFailed(list);
    }
    return inventoryOf(context, window, [...listed]);
  };
}
