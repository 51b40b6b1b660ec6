/** From a host's samples to its reading: a series, an agent that stopped reporting, or a request for another publication. */

import { formatTime } from '../../core/messages/times.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { fractionFault, type Samples } from '../reading/samples.ts';
import type { Publication } from './hosts.ts';
import { NODE_MEMORY } from './metrics.ts';

/** A host whose samples are requested by one of its publications; the others wait in case that one is out of use. */
export interface HostRequest {
  readonly kind: 'requested';
  readonly publication: Publication;
  readonly others: readonly Publication[];
  /** What an earlier publication gave, where it was out of use. */
  readonly earlier?: PublicationSamples;
}

interface PublicationSamples {
  readonly publication: Publication;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** A publication is in use when it has a sample in the last two periods: one may be late. */
const PERIODS_IN_USE = 2;

/**
 * An agent has stopped reporting after four hours without a sample: EC2's listing of live instances covers three hours and may be
 * 50 minutes late, and an instance that was terminated meanwhile must not read as an agent that died.
 */
const STOPPED_REPORTING_AFTER_MS = 4 * 3_600_000;

/** The reading that the samples make, or what to request next. */
export function evaluate(requested: HostRequest, samples: Samples, span: Span): Reading | HostRequest {
  const { publication, others, earlier } = requested;
  if (samples.kind === 'failed') {
    const { reason, detail } = samples.failure;
    return { kind: 'unreadable', scope: publication.resource, reason, detail };
  }
  const found = newer({ publication, times: samples.times, values: samples.values }, earlier);
  const [next, ...rest] = others;
  if (next === undefined || isInUse(found, span)) return readingOf(found, span);
  return { kind: 'requested', publication: next, others: rest, earlier: found };
}

/** The reading of an instance without a listed metric. Where that listing is truncated, nobody knows whether it has one. */
export function withoutMetric(resource: Resource, truncated: Failure | undefined): Reading {
  if (truncated) {
    const detail = `it is not known whether this host publishes its memory: ${truncated.detail}`;
    return { kind: 'unreadable', scope: resource, reason: truncated.reason, detail };
  }
  const hint =
    'Nothing has published the memory of this InstanceId in the last two weeks. Install the CloudWatch agent and add to its ' +
    'configuration "mem": { "measurement": ["mem_used_percent"] } (on Windows "Memory": { "measurement": ["% Committed Bytes In ' +
    'Use"] }) and, under "append_dimensions", InstanceId. For the nodes of a cluster turn on Container Insights instead.';
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}

function isInUse({ times }: PublicationSamples, { window, periodMs }: Span): boolean {
  return lastOf(times) >= window.end - PERIODS_IN_USE * periodMs;
}

function newer(now: PublicationSamples, earlier: PublicationSamples | undefined): PublicationSamples {
  return earlier === undefined || lastOf(now.times) > lastOf(earlier.times) ? now : earlier;
}

function lastOf(times: Float64Array): number {
  return times.at(-1) ?? Number.NEGATIVE_INFINITY;
}

function readingOf({ publication, times, values }: PublicationSamples, span: Span): Reading {
  const { resource } = publication;
  const { window, periodMs, statistic } = span;
  if (lastOf(times) < Math.max(window.start, window.end - STOPPED_REPORTING_AFTER_MS)) {
    const hint = stoppedReportingHint(publication, times.at(-1), span);
    return { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint };
  }
  // Every one of the metrics is in percent. No answer names a unit: a publisher that means a fraction reads as nearly empty.
  const fractions = values.map((percent) => percent / 100);
  const fault = fractionFault(fractions);
  if (fault) return { kind: 'unreadable', scope: resource, reason: 'malformed', detail: `CloudWatch gave ${fault}` };
  return {
    kind: 'series',
    resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic,
    window,
    periodMs,
    times,
    values: fractions,
  };
}

function stoppedReportingHint({ metric }: Publication, last: number | undefined, { window }: Span): string {
  const since =
    last === undefined
      ? `has no sample between ${formatTime(window.start)} and ${formatTime(window.end)}, though one in the last two weeks`
      : `has no sample after ${formatTime(last)}`;
  return metric === NODE_MEMORY
    ? `Container Insights ${since} of this node. Check that its collector runs there (kubectl get pods -n amazon-cloudwatch -o wide).`
    : `The CloudWatch agent ${since}. Check that it runs (amazon-cloudwatch-agent-ctl -a status) and may call PutMetricData.`;
}
