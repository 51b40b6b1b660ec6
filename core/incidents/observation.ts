/** What a verdict means for an incident. Runs and replays share it, so that a replay reports what a run would have. */
import type { AnomalyFinding, HostAnomaly } from '../model/anomaly.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import { type Finding, type Severity, severityOf } from '../model/finding.ts';
import { type FullFinding, isBelowTop, isFullFinding, type PageFaults } from '../model/full-host.ts';
import type { IncidentKey } from '../model/incident.ts';
import { type Evaluated, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import { EVALUATED_FINDING, HOST_METRICS } from '../model/metrics.ts';
import type { Resource, Series } from '../model/series.ts';
import { factsOf, isRefill, type Verdicts } from './story/facts.ts';

/** `asOf` is the end of the window, in epoch milliseconds. */
interface Observed {
  readonly key: IncidentKey;
  readonly asOf: number;
}

/**
 * A leak that was found, a host that is steady, one that would be a leak if it were not refilling after a restart, one without a verdict, and
 * one that is gone or was replaced by another of its group.
 */
export type LeakObservation =
  | (Observed & { readonly kind: 'leaking'; readonly finding: Finding; facts(): Verdicts })
  | (Observed & { readonly kind: 'steady'; facts(): Verdicts })
  | (Observed & { readonly kind: 'refilling'; readonly resource: Resource; facts(): Verdicts })
  | (Observed & { readonly kind: 'no_verdict' | 'gone' | 'replaced' });

/**
 * A new host that grows faster than the others of its group, and what ends that: it rises as the others do, it is gone, or its own
 * history suffices. Of the latter two only those who were paged need to know.
 */
export type EarlyEvent = EarlyObservation | (Observed & { readonly kind: 'alike' | 'gone' | 'own_history' });

/**
 * A full host, one of which that cannot be said (any more), and one that is gone. `isOfLeak`: the host's leak is reported.
 * `isBelow`: whether it has been below the top for hours. `pageFaults`: where they were read of one that is full.
 */
export type ExhaustedObservation =
  | (Observed & { readonly kind: 'exhausted'; readonly finding: FullFinding; readonly isOfLeak: boolean })
  | (Observed & { readonly kind: 'not_exhausted'; readonly pageFaults?: PageFaults; isBelow(): boolean })
  | (Observed & { readonly kind: 'gone' });

/** The job that inspects a host for anomalies: its name, and how often. */
type ObservingJob = Pick<AnomalyJob, 'name' | 'everyMinutes'>;

/**
 * What one job sees of a host: anomalies that go on or ended, none, or that it has no points. `gone`: an inspection of memory does not list it. `abandoned`: no job has
 * inspected the host for days. Each job's own observations end its own anomalies alone.
 */
export type AnomalyObservation = Observed &
  (
    | { readonly kind: 'anomalous'; readonly job: ObservingJob; readonly finding: AnomalyFinding }
    | { readonly kind: 'not_anomalous'; readonly job: ObservingJob }
    | { readonly kind: 'no_verdict'; readonly job: ObservingJob }
    | { readonly kind: 'gone' | 'abandoned' }
  );

export type Observation = LeakObservation | EarlyEvent | ExhaustedObservation | AnomalyObservation;

/** A new host that grows faster than the others of its group did at its age; an incident of its own. */
export interface EarlyObservation extends Observed {
  readonly kind: 'early';
  readonly finding: EarlyFinding;
  readonly severity: Severity;
  /** Whether the policy has it page. */
  readonly pages: boolean;
  /** Whether its own history suffices from now on: an incident that has ended does not begin again. */
  readonly hasOwnHistory: boolean;
}

/** What is observed of a host. Its floors are computed when they are needed: most hosts are steady, and have no incident. */
export function observe(tenant: string, evaluated: Evaluated): LeakObservation {
  const { series, verdict } = evaluated;
  const key = keyOf(tenant, series);
  const asOf = series.window.end;
  if (verdict.state === 'insufficient_data') return { kind: 'no_verdict', key, asOf };
  const facts = () => factsOf(series, verdict);
  if (isLeaking(evaluated)) return { kind: 'leaking', key, asOf, finding: findingOf(tenant, evaluated), facts };
  if (isRefill(verdict)) return { kind: 'refilling', key, asOf, resource: series.resource, facts };
  return { kind: 'steady', key, asOf, facts };
}

/**
 * Whether a host is full: undefined without a verdict. One that was full before as well is no finding, and does not end one, unless it was one for its
 * page faults.
 *
 * @param isReported Whether an incident of the host's leak is suspected or open.
 */
export function observeFull(
  tenant: string,
  evaluated: Evaluated,
  isReported: () => boolean,
): ExhaustedObservation | undefined {
  const { series, verdict, full } = evaluated;
  if (verdict.state === 'insufficient_data') return undefined;
  const about = { key: { ...keyOf(tenant, series), finding: 'exhausted' }, asOf: series.window.end } as const;
  if (full === undefined || !isFullFinding(full)) {
    const isBelow = () => full === undefined && isBelowTop(series);
    return { ...about, kind: 'not_exhausted', ...(full?.pageFaults && { pageFaults: full.pageFaults }), isBelow };
  }
  const finding: FullFinding = { kind: 'exhausted', resource: series.resource, full };
  return { ...about, kind: 'exhausted', finding, isOfLeak: isLeaking(evaluated) || isReported() };
}

/** The finding about a leaking host: where it is, how severe it is, and the evidence. */
export function findingOf(tenant: string, { series, verdict, recent, attribution }: LeakingHost): Finding {
  const { resource, metric, unit, window } = series;
  const severity = severityOf(verdict.evidence.exhaustion, window.end);
  return {
    kind: EVALUATED_FINDING,
    tenant,
    resource,
    metric,
    unit,
    severity,
    verdict,
    window,
    ...(recent?.kind === 'series' && { recent }),
    ...(attribution && { attribution }),
  };
}

/**
 * What a job observes of one host.
 *
 * @param episodes All that go on by the states of the host's series, whether or not these had points in this inspection, and those that ended
 *   in it, of all metrics and parts. Undefined: the host had no points at all, so that nothing is known of it.
 * @param asOf The end of the inspected points, epoch milliseconds.
 */
export function observeAnomalies(
  tenant: string,
  job: ObservingJob,
  resource: Resource,
  episodes: readonly HostAnomaly[] | undefined,
  asOf: number,
): AnomalyObservation {
  const { provider, account, region, id } = resource;
  const key = { tenant, provider, account, region, host: id, metric: HOST_METRICS, finding: 'anomaly' } as const;
  const about = { key, asOf, job };
  if (episodes === undefined) return { ...about, kind: 'no_verdict' };
  const anomalies = episodes.filter(({ reportedAt }) => reportedAt <= asOf);
  if (anomalies.length === 0) return { ...about, kind: 'not_anomalous' };
  return { ...about, kind: 'anomalous', finding: { kind: 'anomaly', resource, job: job.name, anomalies } };
}

function keyOf(tenant: string, { resource, metric }: Series): IncidentKey {
  const { provider, account, region, id } = resource;
  return { tenant, provider, account, region, host: id, metric, finding: EVALUATED_FINDING };
}
