/** The facts of anomalies as an incident keeps them: bounded, so that no host makes an item too large. */
import { clip, displayText } from '../messages/plain-text.ts';
import type { HostAnomaly } from '../model/anomaly.ts';
import {
  type AnomalyFact,
  type AnomalyFacts,
  type JobAnomalies,
  MOST_ANOMALIES,
  MOST_CHECKS,
  PART_LABELS,
  PART_LENGTH,
} from '../model/anomaly-facts.ts';
import { anomalySeverity } from '../model/anomaly-severity.ts';
import { compareSeverity } from '../model/finding.ts';
import { isoText, roundFigure } from '../model/notation.ts';
import { type Part, partText } from '../model/points.ts';
import type { Exhaustion } from '../model/verdict.ts';

/** @param asOf Epoch milliseconds: the end of the inspected points. */
export function anomalyFact(job: string, anomaly: HostAnomaly, asOf: number): AnomalyFact {
  const { type, start, last, goesOn, peak, points, checks, exhaustion, metric, label, unit, part } = anomaly;
  return {
    job,
    metric,
    label: clip(label, 40),
    unit: clip(unit, 32),
    part: boundedPart(part),
    type,
    severity: anomalySeverity(anomaly, asOf),
    since: isoText(start),
    last: isoText(last),
    goesOn,
    at: isoText(peak.time),
    value: roundFigure(peak.value),
    expected: roundFigure(peak.expected),
    low: finite(peak.low),
    high: finite(peak.high),
    score: roundFigure(peak.score),
    points,
    checks: checks.slice(0, MOST_CHECKS).map((check) => ({
      name: clip(check.name, 64),
      value: roundFigure(check.value),
      limit: roundFigure(check.limit),
      unit: clip(check.unit, 32),
      passed: check.passed,
    })),
    ...(exhaustion && { exhaustion: exhaustionFact(exhaustion) }),
  };
}

/** Labels are text of a stranger. A part whose labels are too many or too long is distinguished by the beginning of them. */
function boundedPart(part: Part): Record<string, string> {
  const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries
      .slice(0, PART_LABELS)
      .map(([name, value]) => [displayText(name, PART_LENGTH), displayText(value, PART_LENGTH)]),
  );
}

/** A band without an end on one side is none there. */
function finite(figure: number): number | null {
  return Number.isFinite(figure) ? roundFigure(figure) : null;
}

function exhaustionFact(exhaustion: Exhaustion): NonNullable<AnomalyFact['exhaustion']> {
  if (exhaustion.kind === 'cannot_say') return { kind: 'cannot_say', reason: exhaustion.reason };
  const { earliest, likely, latest } = exhaustion;
  return {
    kind: 'expected',
    earliest: isoText(earliest),
    likely: isoText(likely),
    latest: latest === null ? null : isoText(latest),
  };
}

/** Of which metric and part it is: anomalies of one series follow one another. */
export function seriesOf({ metric, part }: Pick<AnomalyFact, 'metric' | 'part'>): string {
  return `${metric} ${partText(part)}`;
}

/** Those that there is room for, the most severe first: what goes on, then by severity, then what began first. */
export function bounded(facts: readonly AnomalyFact[]): Pick<JobAnomalies, 'anomalies' | 'more'> {
  const sorted = facts.toSorted(
    (a, b) =>
      Number(b.goesOn) - Number(a.goesOn) ||
      compareSeverity(b.severity, a.severity) ||
      Date.parse(a.since) - Date.parse(b.since),
  );
  const anomalies = sorted.slice(0, MOST_ANOMALIES);
  return { anomalies, more: sorted.length - anomalies.length };
}

/** What all jobs together find anomalous on the host. */
export function statedBy(jobs: readonly JobAnomalies[], joined: readonly string[] = []): AnomalyFacts {
  const { anomalies, more } = bounded(jobs.flatMap((job) => job.anomalies));
  const labels = [...new Set(joined)].slice(0, MOST_ANOMALIES);
  return {
    anomalies,
    more: jobs.reduce((sum, job) => sum + job.more, more),
    ...(labels.length > 0 && { joined: labels }),
  };
}
