/** The memory of the EC2 instances, and of other machines with the agent, of one AWS account and region. */

import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { Reading, Resource, Scope, Span } from '../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PriceList, ReadRequest } from '../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../reading/circuit-breaker.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { openClient } from './client.ts';
import { readConsumers } from './consumers.ts';
import type { Host } from './hosts.ts';
import { type Inventory, listInventory } from './inventory.ts';
import type { RequestContext } from './pages.ts';
import { evaluate, type HostRequest, withoutMetric } from './readings.ts';
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

/** CloudWatch keeps samples of five minutes, from which those of 15 are made, for 63 days; after that hourly ones, whose minima are not comparable. */
const RETENTION_MS = 63 * 24 * 3_600_000;

/** GetMetricData requests under way: bounds memory (100,800 samples each) and stays far below 50 calls a second. */
const REQUESTS_IN_FLIGHT = 4;

/** Requests in a row that fail before no more are sent: one or two may be bad luck. */
const MAX_FAILURES = 4;

/**
 * Reads what the CloudWatch agent publishes (on Linux used memory, on Windows committed memory), or Container Insights of a
 * cluster's nodes, as `system.memory.utilization`, a fraction of *used* memory. Swap is not read: by default an instance has
 * none, and a further metric of each host would double what a run costs; what a host with swap moves there is not seen.
 * Instances that run and do not report are `not_monitored`; what is stopped or terminated is not in scope.
 */
export function cloudwatchSource({ account, region, client: settings }: CloudWatchOptions): MemorySource {
  const scope: Scope = { provider: 'aws', account, region };
  const client = openClient(region, settings);
  const inventoryOf = onceUnlessFailed((context: RequestContext) => listInventory(context, scope));

  async function countHosts(
    filters: readonly HostFilter[],
    meter: Meter,
    signal = new AbortController().signal,
  ): Promise<number> {
    const { reporting, stoppedReporting, malformed } = await inventoryOf({ client, meter, signal });
    const others = [...stoppedReporting, ...[...malformed.keys()].map((id) => ({ ...scope, id }))];
    return [...reporting.map(({ best }) => best.resource), ...others].filter((host) => admits(filters, host)).length;
  }

  async function* readAll(context: RequestContext, { span, filters }: ReadRequest): AsyncGenerator<Reading> {
    const known = await inventoryOf(context);
    yield* unread(known, scope, filters);
    const hosts = known.reporting.filter((host) => admits(filters, host.best.resource));
    yield* readHosts(context, hosts, span);
  }

  async function* readOne(context: RequestContext, resource: Resource, span: Span): AsyncGenerator<Reading> {
    try {
      const { reporting } = await inventoryOf(context);
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
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, (either) => readAll({ client, meter, signal: either }, request));
    },
    countHosts,
    consumers: (host, span, meter, signal) =>
      untilConsumerStops(signal, (either) => readOne({ client, meter, signal: either }, host, span)),
  };
}

/** The readings that need no samples: hosts that do not report or whose metrics are malformed, and hosts that may be missing. */
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
  const circuitBreaker = createCircuitBreaker(MAX_FAILURES);
  let round: HostRequest[] = hosts.map(({ best, others }) => ({ kind: 'requested', publication: best, others }));
  while (round.length > 0) {
    const again: HostRequest[] = [];
    const batches = chunksOf(round, batchSize(span));
    const read = (batch: readonly HostRequest[]) => readBatch(context, batch, span, circuitBreaker);
    for await (const evaluated of inFlight(batches, REQUESTS_IN_FLIGHT, read)) {
      again.push(...evaluated.filter((outcome) => outcome.kind === 'requested'));
      yield* evaluated.filter((outcome) => outcome.kind !== 'requested');
    }
    round = again;
  }
}

async function readBatch(
  context: RequestContext,
  batch: readonly HostRequest[],
  span: Span,
  circuitBreaker: CircuitBreaker,
): Promise<(Reading | HostRequest)[]> {
  const openedBy = circuitBreaker.openedBy();
  if (openedBy) return batch.map((requested) => evaluate(requested, { kind: 'failed', failure: openedBy }, span));
  const stat = statOf(span.statistic);
  const queries = batch.map((requested) => ({ ...requested.publication, of: requested, stat }));
  const { results, failure } = await fetchSamples(context, queries, span);
  circuitBreaker.record(failure);
  return results.map(({ of, samples }) => evaluate(of, samples, span));
}
