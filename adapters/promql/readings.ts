/** From a host's samples to its reading: a series, or a host that stopped reporting or never did. Pure. */
import { MEMORY_USAGE, MEMORY_UTILIZATION, type Reading } from '../../core/model/series.ts';
import type { SamplesRequest } from '../../core/ports/memory-source.ts';
import { notReported, stoppedReporting } from './hints.ts';
import type { HostSamples } from './samples.ts';

/** A host has stopped reporting after three hours without a sample: older samples cannot be evaluated any more. */
const STOPPED_REPORTING_AFTER_MS = 3 * 3_600_000;

/** A server that cannot scrape a host states so: what it used until then is not what it uses. */
const DOWN_AFTER_MS = 30 * 60_000;

/** Whoever removed a host knows by then that it reports no more. */
const LOST_FOR_MS = 24 * 3_600_000;

/** Undefined of a host that is gone and has nothing in the window: it is none any more. */
export function readingOf(read: HostSamples, { span, includeGone }: SamplesRequest): Reading | undefined {
  const { host, source, samples } = read;
  const { resource, limit, state } = host;
  const { window, periodMs, statistic } = span;
  if (samples.kind === 'failed') {
    const { reason, detail } = samples.failure;
    return { kind: 'unreadable', scope: resource, reason, detail };
  }
  const { times, values } = samples;
  const last = times.at(-1);
  const reporter = { title: source.title, host: resource };
  if (last === undefined) {
    if (state === 'gone' || state === 'lost') return undefined;
    return { kind: 'not_monitored', resource, reason: 'not_reported', hint: notReported(reporter, window.start) };
  }
  if (!includeGone && state === 'lost' && last < window.end - LOST_FOR_MS) return undefined;
  if (!includeGone && last < window.end - stoppedAfterMs(state)) {
    const hint = stoppedReporting(reporter, last, state === 'down');
    return { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint };
  }
  return {
    kind: 'series',
    resource,
    metric: source.unit === '1' ? MEMORY_UTILIZATION : MEMORY_USAGE,
    unit: source.unit,
    ...(limit !== undefined && { limit }),
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

function stoppedAfterMs(state: HostSamples['host']['state']): number {
  return state === 'down' ? DOWN_AFTER_MS : STOPPED_REPORTING_AFTER_MS;
}
