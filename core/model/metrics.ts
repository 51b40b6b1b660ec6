/** The catalogue of metrics, as data: OpenTelemetry's names, the kind of finding that each is inspected for, and what it is called. */
import { MEMORY_USAGE, MEMORY_UTILIZATION, POD_MEMORY, POD_NODE_UTILIZATION, PROCESS_MEMORY } from './series.ts';

/**
 * Kinds of findings; a further kind adds a name here. `leak`: memory grows like a leak. `early`: a new host grows faster than the
 * others of its group did at its age. `exhausted`: a host is full, and restarts again and again. `fleet`: many hosts of a group or an
 * account rise alike. `anomaly`: metrics of a host are not as they were expected.
 */
export const FINDING_KINDS = ['leak', 'early', 'exhausted', 'fleet', 'anomaly'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** The kind that verdicts are about: a leaking host has one, and a steady host ends one. */
export const EVALUATED_FINDING = 'leak' satisfies FindingKind;

interface MetricFacts {
  readonly name: string;
  /** What it is inspected for; null where it only explains a finding about another metric, or stands in for one. */
  readonly finding: FindingKind | null;
  /** What an event's type calls it: `plimsoll.memory.opened`. */
  readonly eventNoun: string;
  /** What people read: at most nine characters, which is what an email has room for beside a value. */
  readonly label: string;
}

const MEMORY = { eventNoun: 'memory', label: 'Memory' } as const;

export const METRICS = [
  { name: MEMORY_UTILIZATION, finding: 'leak', ...MEMORY },
  // The answer to the one above where a source does not know the capacity.
  { name: MEMORY_USAGE, finding: null, ...MEMORY },
  { name: PROCESS_MEMORY, finding: null, ...MEMORY },
  { name: POD_MEMORY, finding: null, ...MEMORY },
  { name: POD_NODE_UTILIZATION, finding: null, ...MEMORY },
] as const satisfies readonly MetricFacts[];

type KnownMetric = (typeof METRICS)[number];
export type MetricName = KnownMetric['name'];

/** Metrics that are inspected: a run requests them from a source, and a policy may have values of its own for them. */
export type InspectedMetric = Extract<KnownMetric, { readonly finding: FindingKind }>['name'];

export const INSPECTED_METRICS: readonly InspectedMetric[] = METRICS.filter((metric) => metric.finding !== null).map(
  ({ name }) => name,
);

/**
 * What an incident of anomalies is about: all metrics of a host together, whichever are anomalous at once. It is in no catalogue, as no
 * source reads it.
 */
export const HOST_METRICS = 'system';

const HOST_METRICS_WORDS: Pick<MetricFacts, 'eventNoun' | 'label'> = { eventNoun: 'anomaly', label: 'Metrics' };

/** Whether an incident is about memory: what inspections of memory know of a host follows from such incidents alone. */
export function isAboutMemory({ metric }: { readonly metric: string }): boolean {
  return metric !== HOST_METRICS;
}

/** A metric of another version, which this one has stored, has no name of its own here. */
const UNKNOWN: Pick<MetricFacts, 'eventNoun' | 'label'> = { eventNoun: 'metric', label: 'Metric' };

/** What a metric is called. */
export function metricWords(name: string): Pick<MetricFacts, 'eventNoun' | 'label'> {
  if (name === HOST_METRICS) return HOST_METRICS_WORDS;
  return METRICS.find((metric) => metric.name === name) ?? UNKNOWN;
}

/** The metric that is read where leaks are looked for: the one that every run inspects today. */
export const LEAK_METRIC: InspectedMetric = MEMORY_UTILIZATION;
