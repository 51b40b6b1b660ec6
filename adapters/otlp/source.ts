/** The memory of hosts that send it themselves by OTLP, from what was stored of it. */
import { admits } from '../../core/model/host-filter.ts';
import {
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  NO_REGION,
  type Reading,
  type Resource,
  type Scope,
  type Series,
} from '../../core/model/series.ts';
import type { MemorySource, Meter, ReadRequest } from '../../core/ports/memory-source.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { failureFor } from '../reading/failure.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { fractionFault } from '../reading/samples.ts';
import { readConsumers } from './consumers.ts';
import { type FoldedHost, foldHosts } from './fold-hosts.ts';
import { notReported, stoppedReporting } from './hints.ts';
import { createPaging } from './paging.ts';
import { readPoints } from './points.ts';
import { storedSamples } from './stored-samples.ts';

export interface OtlpOptions {
  readonly tenant: string;
  /** What its owner calls the hosts that send. */
  readonly account: string;
  readonly store: Pick<SampleStore, 'hosts' | 'processes'>;
  /** Hosts that one read holds in memory. Default: 10,000. */
  readonly mostHosts?: number;
}

export type OtlpSource = MemorySource & Required<Pick<MemorySource, 'consumers' | 'points' | 'swap' | 'pageFaults'>>;

/** Senders batch for up to ten minutes, and what was received is stored some minutes later. */
const INGESTION_DELAY_MS = 15 * 60_000;

/** As the bucket keeps samples: infra/results-bucket.yml. */
const RETENTION_MS = 8 * 24 * 3_600_000;

/** What a fold of a hundred hours holds of so many hosts is some 100 MB. */
const MOST_HOSTS = 10_000;

/** A host has stopped reporting after three hours without a sample: older samples cannot be evaluated any more. */
const STOPPED_REPORTING_AFTER_MS = 3 * 3_600_000;

/** Nobody states that a host was removed. Whoever removed it knows by then that it reports no more. */
const GONE_AFTER_MS = 24 * 3_600_000;

/** Hosts that are gone and are read at the most: what they are compared with needs no more. The first ones by id, the same each time. */
const MOST_GONE = 200;

/**
 * Reads `system.memory.utilization`, the fraction of a host's memory that is used; `system.memory.usage`, bytes, of hosts that state neither their
 * memory nor a fraction of it. Hosts are known by what they send alone: there is no list of them, so that hosts and samples are one read.
 */
export function otlpSource(options: OtlpOptions): OtlpSource {
  const { account, mostHosts = MOST_HOSTS } = options;
  const scope: Scope = { provider: 'otlp', account, region: NO_REGION };
  const samples = storedSamples(options);
  // Of hosts that were read, for their consumers: what processes use is held against it.
  const limits = new Map<string, number>();

  async function* readAll(request: ReadRequest, meter: Meter, signal: AbortSignal): AsyncGenerator<Reading> {
    const { span, filters } = request;
    const isAdmitted = (host: Resource) => admits(filters, host);
    const chunks = samples.hosts(span.window, meter, signal);
    const { hosts, beyond } = await foldHosts(chunks, { scope, span, isAdmitted, mostHosts });
    for (const { resource, limit } of hosts) if (limit !== undefined) limits.set(resource.id, limit);
    let gone = 0;
    for (const host of hosts) {
      const reading = readingOf(host, request);
      if (reading === undefined || (isGone(host, request) && ++gone > MOST_GONE)) continue;
      yield reading;
    }
    if (beyond > 0) yield { kind: 'unreadable', scope, ...tooMany(beyond, mostHosts) };
  }

  return {
    scope,
    ingestionDelayMs: INGESTION_DELAY_MS,
    retentionMs: RETENTION_MS,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, (either) => readAll(request, meter, either));
    },
    consumers: (host, span, meter, signal) =>
      untilConsumerStops(signal, (either) =>
        readConsumers(samples.processes(host.id, span.window, meter, either), host, {
          span,
          limit: limits.get(host.id),
        }),
      ),
    points: (request, meter, signal) =>
      untilConsumerStops(signal, (either) => readPoints({ scope, samples, mostHosts }, request, meter, either)),
    ...createPaging(samples),
  };
}

function tooMany(beyond: number, most: number) {
  const detail =
    `it has ${beyond} hosts more than the ${most} of an account; those that have sent for longest are inspected. Give others an account of ` +
    'their own: an ingest token is of one account.';
  return failureFor('truncated', detail);
}

function isGone({ last }: FoldedHost, { span }: ReadRequest): boolean {
  return last !== undefined && last < span.window.end - GONE_AFTER_MS;
}

/** Undefined of a host that is gone, unless hosts that are gone are read too. */
function readingOf(host: FoldedHost, { span, includeGone = false }: ReadRequest): Reading | undefined {
  const { resource, last, unit, limit, times, values } = host;
  const { window, periodMs, statistic } = span;
  if (last === undefined)
    return { kind: 'not_monitored', resource, reason: 'not_reported', hint: notReported(resource, window) };
  if (!includeGone && last < window.end - GONE_AFTER_MS) return undefined;
  if (!includeGone && last < window.end - STOPPED_REPORTING_AFTER_MS)
    return { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint: stoppedReporting(resource, last) };
  const fault = unit === '1' ? fractionFault(values) : undefined;
  if (fault !== undefined)
    return { kind: 'unreadable', scope: resource, reason: 'malformed', detail: `it has sent ${fault}` };
  const series: Omit<Series, 'limit'> = {
    kind: 'series',
    resource,
    metric: unit === '1' ? MEMORY_UTILIZATION : MEMORY_USAGE,
    unit,
    statistic,
    window,
    periodMs,
    times,
    values: unit === '1' ? values.map((value) => Math.min(1, value)) : values,
  };
  return unit === '1' || limit === undefined ? series : { ...series, limit };
}
