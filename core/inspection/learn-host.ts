/** Learns from the weeks of one host at once, where nothing is kept of it: for whoever asks at a prompt. */
import { advanceRecord } from '../baselines/advance-record.ts';
import { weeksOutlookOf } from '../detector/weeks.ts';
import type { HostBaseline } from '../model/host-baseline.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { Policy } from '../model/policy.ts';
import { isResource, type NotMonitored, type Resource, type Series, type Unreadable } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { keyOf } from './stored-baselines.ts';
import { deepSpan } from './window.ts';

export interface HostToLearn {
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly filters: readonly HostFilter[];
  readonly host: Resource;
  /** When an inspection would have been due, epoch milliseconds. */
  readonly scheduledTime: number;
  readonly policy: Pick<Policy, 'prior' | 'deepReadDays'>;
}

/** A record that was just learned, and how much was read for it. */
export interface HostLearned {
  readonly kind: 'learned';
  readonly record: HostBaseline;
  readonly series: Series;
}

/** What could not be read is the answer where nothing was learned; undefined where the source has no such host. */
export async function learnHost(
  { source, metric, filters, host, scheduledTime, policy }: HostToLearn,
  meter: Meter,
  signal?: AbortSignal,
): Promise<HostLearned | Unreadable | NotMonitored | undefined> {
  const span = deepSpan(scheduledTime, source, policy.deepReadDays);
  const only = { include: [{ id: host.id }] };
  try {
    for await (const reading of source.read({ metric, span, filters: [...filters, only] }, meter, signal)) {
      if (reading.kind === 'series' && isSame(reading.resource, host)) {
        const weeks = weeksOutlookOf(reading, policy.prior);
        const learned = {
          key: keyOf(host),
          reads: [reading],
          excluded: [],
          before: undefined,
          at: span.window.end,
          weeks,
        };
        return { kind: 'learned', record: advanceRecord(learned), series: reading };
      }
      if (reading.kind === 'not_monitored' && isSame(reading.resource, host)) return reading;
      if (reading.kind === 'unreadable' && (!isResource(reading.scope) || isSame(reading.scope, host))) return reading;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
}

function isSame(one: Resource, other: Resource): boolean {
  return one.id === other.id && one.account === other.account && one.region === other.region;
}
