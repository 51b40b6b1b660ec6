/** The memory of the EC2 instances, and of other machines with the agent, of one AWS account and region. */
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { Reading, Resource, Scope, Span } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PriceList, ReadRequest } from '../../core/ports/memory-source.ts';
import { inFlight } from '../reading/in-flight.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import { readConsumers } from './consumers.ts';
import type { Host } from './hosts.ts';
import { type Inventory, listInventory } from './inventory.ts';
import type { RequestContext } from './pages.ts';
import { evaluate, type Requested, withoutMetric } from './readings.ts';
import { batchSize, fetchSamples, statOf } from './samples.ts';

export interface CloudWatchOptions {
  readonly account: string;
  readonly region: string;
  /** Over the source's own settings: credentials, and an endpoint where it is not the region's. */
  readonly client?: CloudWatchClientConfig;
}

/**
 * The agent collects and flushes once a minute each, and CloudWatch takes up to two minutes to show what it was sent;
 * one more in hand.
 */
const INGESTION_DELAY_MS = 5 * 60_000;

const PRICE: PriceList = {
  usdPerMetric: 0.01 / 1000,
  stated: '0.01 USD per 1,000 metrics requested by GetMetricData (aws.amazon.com/cloudwatch/pricing, 2026-11)',
};

/** Samples of five minutes, of which those of 15 are folded, are kept for 63 days; the hourly ones that stay are no longer the same floor. */
const RETENTION_MS = 63 * 24 * 3_600_000;

/** GetMetricData requests under way: bounds memory (100,800 samples each) and stays far below 50 calls a second. */
const REQUESTS_IN_FLIGHT = 4;

/** Tries of one request, the first included, with the client's standard backoff between them. */
const MAX_ATTEMPTS = 3;

/** Milliseconds for a connection, and for a whole answer: a page of 100,800 samples takes seconds. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Reads what the CloudWatch agent publishes (on Linux used memory, on Windows committed memory), or Container Insights of a
 * cluster's nodes, as `system.memory.utilization`, a fraction of *used* memory. Swap is not read: by default an instance has
 * none, and a further metric of each host would double what a run costs; what a host with swap moves there is not seen. Instances that live and do not report are
 * `uncovered`; what is stopped or terminated is not in scope.
 */
export function cloudwatchSource({ account, region, client: settings }: CloudWatchOptions): MemorySource {
  const scope: Scope = { provider: 'aws', account, region };
  const client = openClient(region, settings);
  let inventory: Promise<Inventory> | undefined;

  async function inventoryOnce(context: RequestContext): Promise<Inventory> {
    inventory ??= listInventory(context, scope);
    try {
      return await inventory;
    } catch (error) {
      // A failure is not an inventory: the next read asks again.
      inventory = undefined;
      throw error;
    }
  }

  /** Ends what is under way also when the consumer stops early. */
  async function* requested(
    meter: Meter,
    signal: AbortSignal | undefined,
    use: (context: RequestContext) => AsyncIterable<Reading>,
  ): AsyncGenerator<Reading> {
    const stop = new AbortController();
    try {
      yield* use({ client, meter, signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal });
    } finally {
      stop.abort();
    }
  }

  async function countHosts(
    filters: readonly HostFilter[],
    meter: Meter,
    signal = new AbortController().signal,
  ): Promise<number> {
    const { reporting, stoppedReporting, malformed } = await inventoryOnce({ client, meter, signal });
    const others = [...stoppedReporting, ...[...malformed.keys()].map((id) => ({ ...scope, id }))];
    return [...reporting.map(({ best }) => best.resource), ...others].filter((host) => admits(filters, host)).length;
  }

  async function* readAll(context: RequestContext, { span, filters }: ReadRequest): AsyncGenerator<Reading> {
    const known = await inventoryOnce(context);
    yield* unread(known, scope, filters);
    const hosts = known.reporting.filter((host) => admits(filters, host.best.resource));
    yield* readHosts(context, hosts, span);
  }

  async function* readOne(context: RequestContext, resource: Resource, span: Span): AsyncGenerator<Reading> {
    try {
      const { reporting } = await inventoryOnce(context);
      const host = reporting.find(({ id }) => id === resource.id);
      if (host) yield* readConsumers(context, host, resource, span);
      else yield withoutMetric(resource, undefined);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      yield { kind: 'unreadable', scope: resource, reason: error.reason, detail: error.message };
    }
  }

  return {
    scope,
    ingestionDelayMs: INGESTION_DELAY_MS,
    retentionMs: RETENTION_MS,
    price: PRICE,
    read: (request, meter, signal) => requested(meter, signal, (context) => readAll(context, request)),
    countHosts,
    consumers: (host, span, meter, signal) => requested(meter, signal, (context) => readOne(context, host, span)),
  };
}

function openClient(region: string, settings: CloudWatchClientConfig | undefined): CloudWatchClient {
  return new CloudWatchClient({
    region,
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...settings,
  });
}

/** What is known before any samples: hosts that do not report or whose metrics are odd, and that some hosts are not known. */
function* unread(
  {
    stoppedReporting,
    malformed,
    unrecognised: [firstUnrecognised, ...otherUnrecognised],
    hostsTruncated,
    metricsTruncated,
  }: Inventory,
  scope: Scope,
  filters: readonly HostFilter[],
): Generator<Reading> {
  for (const truncated of [hostsTruncated, metricsTruncated]) {
    if (truncated)
      yield {
        kind: 'unreadable',
        scope,
        reason: truncated.reason,
        detail: `some hosts are not known: ${truncated.detail}`,
      };
  }
  if (firstUnrecognised) {
    const detail = `some hosts may not be known: ${otherUnrecognised.length + 1} listed metrics are not as documented: ${firstUnrecognised.why}`;
    yield { kind: 'unreadable', scope, reason: 'malformed', detail };
  }
  for (const [id, why] of malformed) {
    const resource = { ...scope, id };
    const detail = `its metric is not listed as documented: ${why}`;
    if (admits(filters, resource)) yield { kind: 'unreadable', scope: resource, reason: 'malformed', detail };
  }
  for (const resource of stoppedReporting) {
    if (admits(filters, resource)) yield withoutMetric(resource, metricsTruncated);
  }
}

/** One round for nearly all hosts; a further one for those whose most specific publication is out of use. */
async function* readHosts(context: RequestContext, hosts: readonly Host[], span: Span): AsyncGenerator<Reading> {
  const circuitBreaker = createCircuitBreaker();
  let round: Requested[] = hosts.map(({ best, others }) => ({ kind: 'requested', publication: best, others }));
  while (round.length > 0) {
    const again: Requested[] = [];
    const batches = chunks(round, batchSize(span));
    const read = (batch: readonly Requested[]) => readBatch(context, batch, span, circuitBreaker);
    for await (const evaluated of inFlight(batches, REQUESTS_IN_FLIGHT, read)) {
      again.push(...evaluated.filter((outcome) => outcome.kind === 'requested'));
      yield* evaluated.filter((outcome) => outcome.kind !== 'requested');
    }
    round = again;
  }
}

async function readBatch(
  context: RequestContext,
  batch: readonly Requested[],
  span: Span,
  circuitBreaker: CircuitBreaker,
): Promise<(Reading | Requested)[]> {
  const lost = circuitBreaker.lost();
  if (lost) return batch.map((requested) => evaluate(requested, { kind: 'failed', failure: lost }, span));
  const stat = statOf(span.statistic);
  const queries = batch.map((requested) => ({ ...requested.publication, of: requested, stat }));
  const { answers, failure } = await fetchSamples(context, queries, span);
  circuitBreaker.note(failure);
  return answers.map(({ of, samples }) => evaluate(of, samples, span));
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
