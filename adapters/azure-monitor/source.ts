/** The memory of the virtual machines and scale set instances of one Azure subscription and region. */

import type { InRegion, Reading, Scope, Span } from '../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { whyUnreachable } from '../../core/model/unreachable-region.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PriceList, ReadRequest, SamplesRequest } from '../../core/ports/memory-source.ts';
import { failureOf } from '../azure/errors.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { combinedSource } from '../reading/combined-source.ts';
import { pageOf, requireList } from '../reading/host-list.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { createRetries, type RetryClock } from '../reading/retry.ts';
import { type AzureConnection, type Clients, openClients } from './clients.ts';
import { readConsumers } from './consumers.ts';
import { containerSource } from './containers/source.ts';
import { type Host, hostList, type Inventory, LISTS, listInventory } from './inventory.ts';
import { admitted, plannedInventory, planOf } from './plan.ts';
import { readPoints } from './points/source.ts';
import { type Again, evaluateBytes, evaluatePercentage } from './readings.ts';
import { BATCH_SIZE, fetchSamples, hasSamples, type MetricName } from './samples.ts';
import { listSizes, type Sizes } from './sizes.ts';
import { readSwap, unreadable } from './swap.ts';

export interface AzureMonitorOptions {
  readonly connection: AzureConnection;
  /** The subscription's id. */
  readonly account: string;
  /** As Azure names it, for example `westeurope`. */
  readonly region: string;
  /** The id of the Log Analytics workspace that holds processes, pods and swap; absent where there is none. */
  readonly workspace?: string;
  /** Whether the containers of AKS are read beside the machines, each against its limit. Default: false. */
  readonly containers?: boolean;
  /** For tests: the time of retries. */
  readonly clock?: RetryClock;
}

/** Host metrics are there after some three minutes, now and then later; two more in hand. */
const INGESTION_DELAY_MS = 5 * 60_000;

/** Azure keeps all samples for 93 days, those of a minute too. https://learn.microsoft.com/azure/azure-monitor/metrics/data-platform-metrics */
const RETENTION_MS = 93 * 24 * 3_600_000;

/**
 * Azure bills calls, so that is what `metricsBilled` counts here. The million calls that are free each month are not taken
 * off: others in the subscription may have used them up.
 */
const PRICE: PriceList = {
  usdPerMetric: 0.01 / 1000,
  stated:
    '0.01 USD per 1,000 calls of metrics:getBatch (50 hosts each) after the subscription’s first million of a month, which ' +
    'are free (learn.microsoft.com/azure/azure-monitor/data-collection/data-plane-versus-metrics-export, 2026-11)',
};

/** Requests under way: bounds memory (50 hosts each) and stays far below 360,000 calls an hour. */
const REQUESTS_IN_FLIGHT = 4;

/** Never aborts. */
const NEVER = new AbortController().signal;

/** A region becomes part of a host’s name: nothing but letters and digits gets there. */
const REGION = /^[a-z][a-z0-9]{1,40}$/;

/** Reads Azure's available memory as `system.memory.utilization`, a fraction of *used* memory. Needs no agent. */
export function azureMonitorSource({
  connection,
  account,
  region,
  workspace,
  containers = false,
  clock,
}: AzureMonitorOptions): MemorySource {
  if (!REGION.test(region)) throw new Error(`${region} is not the name of an Azure region`);
  const scope: InRegion<Scope> = { provider: 'azure', account, region };
  const retries = { metrics: createRetries(clock), logs: createRetries(clock), manage: createRetries(clock) };
  const open = (meter: Meter, signal: AbortSignal) => {
    refuseUnreachable(scope);
    return openClients(connection, region, { meter, signal, retries });
  };
  const machines = machineSource({ scope, workspace, open });
  if (!containers) return machines;
  const ofContainers = { scope, workspace, open, ingestionDelayMs: INGESTION_DELAY_MS };
  return combinedSource({ machines, containers: containerSource(ofContainers) });
}

function machineSource({ scope, workspace, open }: Omit<SourceParts, 'sizesOf' | 'inventoryOf'>): MemorySource {
  const sizesOf = onceUnlessFailed(
    (clients: Clients) => listSizes(clients, scope),
    ({ kind }) => kind === 'sizes',
  );
  const inventoryOf = onceUnlessFailed((clients: Clients) => listInventory(clients, scope));
  const parts = { scope, workspace, open, sizesOf };
  return {
    ...sourceOf({ ...parts, inventoryOf }),
    listing: {
      lists: LISTS,
      async page(list, { token }, meter, signal) {
        return await pageOf(hostList(open(meter, signal), scope, requireList(list, LISTS)), token);
      },
      plan: (listed, filters) => planOf(listed, scope, filters),
      hostsPerRequest: () => BATCH_SIZE,
      sourceOf(planned) {
        const inventory = plannedInventory(planned);
        return sourceOf({ ...parts, inventoryOf: () => Promise.resolve(inventory) });
      },
    },
  };
}

interface SourceParts {
  readonly scope: InRegion<Scope>;
  readonly workspace: string | undefined;
  /** The clients of one read. */
  readonly open: (meter: Meter, signal: AbortSignal) => Clients;
  readonly sizesOf: (clients: Clients) => Promise<Sizes>;
  readonly inventoryOf: (clients: Clients) => Promise<Inventory>;
}

function sourceOf({ scope, workspace, open, sizesOf, inventoryOf }: SourceParts): MemorySource {
  async function* readAll(clients: Clients, request: ReadRequest): AsyncGenerator<Reading> {
    const { hosts, readings } = admitted(await inventoryOf(clients), scope, request.filters);
    yield* readings;
    yield* readHosts(clients, hosts, request, () => sizesOf(clients));
  }

  return {
    scope,
    ingestionDelayMs: INGESTION_DELAY_MS,
    retentionMs: RETENTION_MS,
    price: PRICE,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, async function* opened(either) {
        yield* readAll(open(meter, either), request);
      });
    },
    consumers: (host, span, meter, signal) =>
      untilConsumerStops(signal, async function* opened(either) {
        const clients = open(meter, either);
        yield* readConsumers(clients, { workspace, host, span, sizes: () => sizesOf(clients) });
      }),
    async swap(host, span, meter, signal = NEVER) {
      try {
        const clients = open(meter, signal);
        return await readSwap(clients, { workspace, host, span, sizes: () => sizesOf(clients) });
      } catch (error) {
        return unreadable(host, failureOf(error, signal));
      }
    },
    points: (request, meter, signal) =>
      untilConsumerStops(signal, async function* opened(either) {
        const readMemory = (clients: Clients, hosts: readonly Host[], samples: SamplesRequest) =>
          readHosts(clients, hosts, samples, () => sizesOf(clients));
        yield* readPoints(open(meter, either), { scope, workspace, inventoryOf, readMemory }, request);
      }),
  };
}

/** Before anybody signs in: the directory of another cloud's subscription would only answer that it does not know the application. */
function refuseUnreachable({ account, region }: InRegion<Scope>): void {
  const why = whyUnreachable('azure', region);
  if (why === undefined) return;
  throw new SourceError(`cannot read subscription ${account}: ${region} ${why}`, {
    reason: 'not_found',
    retryable: false,
  });
}

/** One round for nearly all hosts; a further one, by bytes, for those of which there is no percentage. */
async function* readHosts(
  clients: Clients,
  hosts: readonly Host[],
  request: SamplesRequest,
  sizesOnce: () => Promise<Sizes>,
): AsyncGenerator<Reading> {
  const { span } = request;
  const again: Again[] = [];
  for await (const fetched of inBatches(clients, hosts, 'Available Memory Percentage', span)) {
    const evaluated = fetched.map((each) => evaluatePercentage(each, request));
    again.push(...evaluated.filter((outcome) => outcome.kind === 'again'));
    yield* evaluated.filter((outcome) => outcome.kind !== 'again');
  }
  const left = again.map(({ host }) => host);
  let sizes: Sizes | undefined;
  for await (const fetched of inBatches(clients, left, 'Available Memory Bytes', span)) {
    if (fetched.some(hasSamples)) sizes ??= await sizesOnce();
    yield* fetched.map((each) => evaluateBytes(each, sizes, request));
  }
}

function inBatches(clients: Clients, hosts: readonly Host[], metric: MetricName, span: Span) {
  const batches = [...Map.groupBy(hosts, ({ kind }) => kind).values()].flatMap((ofKind) => [
    ...chunksOf(ofKind, BATCH_SIZE),
  ]);
  return inFlight(batches, REQUESTS_IN_FLIGHT, (batch) => fetchSamples(clients, batch, metric, span));
}
