/** From a host's samples to its reading: a series, an agent that stopped reporting, or a request for further publications. */
import type { Reading, Resource } from '../../core/model/series.ts';
import type { SamplesRequest } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import { fractionFault, type Samples } from '../reading/samples.ts';
import { stoppedReportingHint } from './hints.ts';
import type { Host, Publication } from './hosts.ts';
import { isSameMeasurement } from './metrics.ts';
import { fillsWindow, isInUse, joinPublications, lastOf, type PublicationSamples } from './publications.ts';

/**
 * An agent has stopped reporting after four hours without a sample: EC2's listing of live instances covers three hours and may be
 * 50 minutes late, and an instance that was terminated meanwhile must not read as an agent that died.
 */
const STOPPED_REPORTING_AFTER_MS = 4 * 3_600_000;

/** Further publications that are requested for the past of a host that reports: some agents get a new dimension at each deployment. */
const MAX_PAST = 15;

/** What is known of one host while its publications are read, one round after another. */
export interface HostRead {
  readonly host: Host;
  /** Publications that are not requested yet, the best one first. */
  waiting: readonly Publication[];
  /** Publications of this round whose samples are not there yet. */
  inFlight: number;
  readonly found: PublicationSamples[];
  /** Why nothing can be stated of the host. */
  failure?: Failure;
  /** Why one of the other publications can never be read: it costs the past, unless it is the one in use. */
  lost?: Failure;
}

export function startRead(host: Host): HostRead {
  return { host, waiting: [host.best, ...host.others], inFlight: 0, found: [] };
}

/** Takes the next publications of a host to request, at most so many. */
export function nextOf(read: HostRead, count: number): readonly Publication[] {
  const next = read.waiting.slice(0, count);
  read.waiting = read.waiting.slice(count);
  read.inFlight = next.length;
  return next;
}

/** Adds the samples of one publication that was requested. Returns whether it was the last one of its round. */
export function addSamples(read: HostRead, publication: Publication, samples: Samples): boolean {
  read.inFlight--;
  if (samples.kind === 'samples') {
    // Every one of the metrics is in percent. No answer names a unit: a publisher that means a fraction reads as nearly empty.
    read.found.push({ publication, times: samples.times, values: samples.values.map((percent) => percent / 100) });
  } else if (publication === read.host.best || samples.failure.retryable) read.failure ??= samples.failure;
  else read.lost ??= samples.failure;
  return read.inFlight === 0;
}

/** The reading that the samples make; undefined where more publications have to be requested first. */
export function evaluate(read: HostRead, request: SamplesRequest): Reading | undefined {
  const { span, includeGone = false } = request;
  const [first, ...others] = read.found;
  if (read.failure || first === undefined) return unreadable(read.host.best.resource, read.failure ?? NOTHING);
  const joined = joinPublications([first, ...others]);
  if (!isInUse(joined, span) && !(includeGone && joined.times.length > 0)) {
    if (read.waiting.length > 0) return undefined;
    if (read.lost) return unreadable(read.host.best.resource, read.lost);
  } else if (!fillsWindow(joined, span)) {
    read.waiting = pastOf(read, joined.publication);
    if (read.waiting.length > 0) return undefined;
  }
  return readingOf(joined, request);
}

/** The publications that may hold the host's past. */
function pastOf({ waiting, found }: HostRead, { metric }: Publication): readonly Publication[] {
  const same = waiting.filter((publication) => isSameMeasurement(publication.metric, metric));
  return same.slice(0, Math.max(0, MAX_PAST + 1 - found.length));
}

const NOTHING: Failure = { reason: 'truncated', retryable: true, detail: 'its samples were not requested' };

/** A host that could not be read. */
function unreadable(scope: Resource, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope, reason, detail };
}

function readingOf(
  { publication, times, values }: PublicationSamples,
  { metric, span, includeGone = false }: SamplesRequest,
): Reading {
  const { resource } = publication;
  const { window, periodMs, statistic } = span;
  const since = includeGone ? window.start : Math.max(window.start, window.end - STOPPED_REPORTING_AFTER_MS);
  if (lastOf(times) < since) {
    const hint = stoppedReportingHint(publication, times.at(-1), window);
    return { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint };
  }
  const fault = fractionFault(values);
  if (fault) return unreadable(resource, { reason: 'malformed', retryable: false, detail: `CloudWatch gave ${fault}` });
  return {
    kind: 'series',
    resource,
    metric,
    unit: '1',
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}
