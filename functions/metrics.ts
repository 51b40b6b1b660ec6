/**
 * What functions count, as CloudWatch metrics: lines on stdout in the embedded metric format, which Lambda takes from the log without
 * a call. Dimensions are the stage, the function and its provider, and never a tenant or an account: each value of a dimension is
 * a metric of its own that is paid for.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Delivery } from '../core/incidents/outbox.ts';
import type { RegionsInspected } from '../core/inspection/inspect-regions.ts';
import type { RegionRun } from '../core/inspection/region-run.ts';
import type { RunSummary } from '../core/model/run.ts';
import type { AccountProvider } from '../core/model/series.ts';
import type { InspectedJob } from '../core/points/inspect-job.ts';

const NAMESPACE = 'Plimsoll';

/** Every metric, with its unit. */
export const METRICS = {
  /** Of the inspect functions. */
  Runs: MetricUnit.Count,
  PartialRuns: MetricUnit.Count,
  HostsKnown: MetricUnit.Count,
  HostsInspected: MetricUnit.Count,
  HostsNotMonitored: MetricUnit.Count,
  HostsUnreadable: MetricUnit.Count,
  Leaking: MetricUnit.Count,
  RunSeconds: MetricUnit.Seconds,
  /** After scaling events. They are no runs, and their hosts are not counted above: the inspections of the schedule count them. */
  Comparisons: MetricUnit.Count,
  /** Of jobs of anomaly inspection: those that were due, and those of them that could read nothing. What else they count is in the log. */
  JobRuns: MetricUnit.Count,
  FailedJobRuns: MetricUnit.Count,
  /** Of jobs, those that a cost cap pauses: nothing of them is inspected. */
  PausedJobRuns: MetricUnit.Count,
  /** Messages that were put aside. */
  Refused: MetricUnit.Count,
  /** Messages about what is disabled or gone. */
  Skipped: MetricUnit.Count,
  /** Messages that go back to their queue. */
  FailedRuns: MetricUnit.Count,
  /** Of the inspect functions and of publish-outbox: events that no topic has accepted. */
  EventsFailed: MetricUnit.Count,
  /** Of these, those that their topic will never accept: they are lost. */
  EventsDropped: MetricUnit.Count,
  /** Of publish-outbox: the age of the event that waits longest. */
  OldestOutboxAgeSeconds: MetricUnit.Seconds,
  /** Tenants whose topics do not accept events, and those whose events have begun to wait for more than an hour since the last sweep. */
  FailingTopics: MetricUnit.Count,
  NewlyLateTopics: MetricUnit.Count,
  /** Of the inspect functions and of publish-outbox: parts of messages' context that could not be read. */
  ContextFailures: MetricUnit.Count,
  /** Of on-scaling: events of accounts that no tenant has. */
  UnknownAccounts: MetricUnit.Count,
  /** Of watch. */
  MissingRuns: MetricUnit.Count,
  FailingAccounts: MetricUnit.Count,
  /** Of the failing or missed accounts, those whose tenants were notified in this run. */
  NewlyFailingAccounts: MetricUnit.Count,
  StoppedAgents: MetricUnit.Count,
  Tenants: MetricUnit.Count,
  WatchFailures: MetricUnit.Count,
  /** Of relay: receivers that accepted an event, and those that began to fail. */
  EventsRelayed: MetricUnit.Count,
  NewlyFailingReceivers: MetricUnit.Count,
  /** Of receive-metrics: requests of senders that were refused or failed, and data points that were not taken. */
  SendersRefused: MetricUnit.Count,
  SamplesRejected: MetricUnit.Count,
  /** Of api: how long a request took, of which the number of samples is that of the requests, and answers with a status of 500 or more. */
  ApiMilliseconds: MetricUnit.Milliseconds,
  ApiErrors: MetricUnit.Count,
} as const;

export type MetricValues = Partial<Record<keyof typeof METRICS, number>>;

/** Emits one value of each metric. Never throws: a metric must not keep a result from its caller. */
export type EmitMetrics = (values: MetricValues) => void;

export interface MetricsOptions {
  /** Undefined in tests and in the demo, where nothing is emitted. */
  readonly stage: string | undefined;
  readonly function: string;
  readonly provider?: AccountProvider;
  /** What a request to the API is about: four values, because each is a metric of its own. */
  readonly kind?: 'page' | 'read' | 'write' | 'memory';
  /** Where a line goes. Default: stdout. */
  readonly write?: (line: string) => void;
}

export function createMetrics(options: MetricsOptions): EmitMetrics {
  const { stage, provider, kind, write = (line) => process.stdout.write(`${line}\n`) } = options;
  if (stage === undefined) return () => undefined;
  const dimensions = {
    stage,
    function: options.function,
    ...(provider !== undefined && { provider }),
    ...(kind !== undefined && { kind }),
  };
  return (values) => {
    try {
      const line = lineOf(values, dimensions);
      if (line !== undefined) write(line);
    } catch (error) {
      // The logger's fields are an allow-list, and so is this line.
      write(JSON.stringify({ level: 'WARN', message: `No metrics were emitted: ${String(error).slice(0, 300)}` }));
    }
  };
}

function lineOf(values: MetricValues, dimensions: Record<string, string>): string | undefined {
  const metrics = new Metrics({ namespace: NAMESPACE });
  // The library adds the name of a service otherwise.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions(dimensions);
  for (const [name, unit] of Object.entries(METRICS)) {
    const value = isMetric(name) ? values[name] : undefined;
    if (value !== undefined && Number.isFinite(value)) metrics.addMetric(name, unit, value);
  }
  return metrics.hasStoredMetrics() ? JSON.stringify(metrics.serializeMetrics()) : undefined;
}

function isMetric(name: string): name is keyof typeof METRICS {
  return Object.hasOwn(METRICS, name);
}

/** What the inspect functions count of the regions of a message. A run in several invocations counts when it closes. @param seconds How long they took together. */
export function runMetrics(
  { regions, open, gaveWay }: Pick<RegionsInspected, 'regions' | 'open' | 'gaveWay'>,
  seconds: number,
): MetricValues {
  const runs = regions.filter(({ compared }) => compared === undefined);
  const sum = (figure: (run: RegionRun) => number) => runs.reduce((total, run) => total + figure(run), 0);
  const stale = staleRunMetrics(gaveWay);
  return {
    Runs: runs.length + stale.Runs,
    Comparisons: regions.length - runs.length,
    PartialRuns: sum(({ summary }) => (summary.outcome === 'partial' ? 1 : 0)) + stale.PartialRuns,
    HostsKnown: sum(({ summary }) => summary.hosts.known),
    HostsInspected: sum(({ summary }) => summary.hosts.inspected),
    HostsNotMonitored: sum(({ summary }) => summary.hosts.notMonitored),
    HostsUnreadable: sum(({ summary }) => summary.hosts.unreadable),
    Leaking: sum(({ summary: { verdicts } }) => verdicts.confirmed + verdicts.suspected),
    ...deliveryMetrics([...regions, ...open].flatMap(({ delivery }) => delivery ?? [])),
    RunSeconds: seconds,
  };
}

/** What the inspect functions count of the jobs of a message. */
export function jobMetrics({
  jobs,
  paused,
}: {
  readonly jobs: readonly InspectedJob[];
  readonly paused: readonly string[];
}): MetricValues {
  const outcomes = jobs.map(({ run }) => run.outcome).filter((outcome) => outcome !== 'up_to_date');
  return {
    JobRuns: outcomes.length,
    FailedJobRuns: outcomes.filter((outcome) => outcome === 'failed').length,
    // Most deployments have none, and a metric is paid for from its first value on.
    ...(paused.length > 0 && { PausedJobRuns: paused.length }),
    ...deliveryMetrics(jobs.flatMap(({ deliveries }) => deliveries)),
  };
}

/** Of runs that were closed because nobody works on them any more. Their hosts were inspected long before, and do not count. */
export function staleRunMetrics(closed: readonly RunSummary[]) {
  return { Runs: closed.length, PartialRuns: closed.filter(({ outcome }) => outcome === 'partial').length };
}

/** What became of events, for the inspect functions and publish-outbox. */
export function deliveryMetrics(deliveries: readonly Delivery[]): MetricValues {
  const sum = (figure: (delivery: Delivery) => number) => deliveries.reduce((total, one) => total + figure(one), 0);
  return {
    EventsFailed: sum(({ failed, undeliverable }) => failed.length + undeliverable.length),
    EventsDropped: sum(({ undeliverable }) => undeliverable.length),
  };
}
