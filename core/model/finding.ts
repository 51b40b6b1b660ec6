/** A host that grows like a leak, as one inspection saw it. */
import type { Attribution } from './attribution.ts';
import type { FindingKind } from './metrics.ts';
import type { Resource, Series, Unit, Window } from './series.ts';
import { type Exhaustion, GRADES, type Grade, type Leaking } from './verdict.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly kind: Extract<FindingKind, 'leak'>;
  readonly tenant: string;
  readonly resource: Resource;
  /** OpenTelemetry's metric name. */
  readonly metric: string;
  /** Unit of the evidence's level and growth. */
  readonly unit: Unit;
  readonly severity: Severity;
  readonly verdict: Leaking;
  /** What was evaluated. Its end is when the finding is true ("as of"). */
  readonly window: Window;
  /** Finer samples of the last hours, for people; absent where the second read failed. */
  readonly recent?: Series;
  /** Who grew; absent where nobody asked. */
  readonly attribution?: Attribution;
}

const HOUR = 3_600_000;

/**
 * Time below which a finding has the severity, in milliseconds: act now, today, this week. The likely time alone suffices, or the
 * earliest one with the likely one not far beyond: a host may well be gone within hours then.
 */
const SEVERITY_BELOW: readonly { severity: Severity; likely: number; earliest: number; withLikely: number }[] = [
  { severity: 'critical', likely: 6 * HOUR, earliest: 3 * HOUR, withLikely: 12 * HOUR },
  { severity: 'high', likely: 24 * HOUR, earliest: 12 * HOUR, withLikely: 48 * HOUR },
  { severity: 'medium', likely: 7 * 24 * HOUR, earliest: 3 * 24 * HOUR, withLikely: 14 * 24 * HOUR },
];

/** How much of its group a finding concerns. */
export interface BlastRadius {
  /** Hosts of the group that are affected alike, this one included. */
  readonly affected: number;
  /** Hosts of the group. */
  readonly hosts: number;
}

/** A group of at least two hosts of which half or more are affected loses its service together. */
const BROAD = { affected: 2, share: 0.5 };

/**
 * Severity follows exhaustion; one that is not known is low: it is growth without a known end. It is one step higher where most of a
 * group is affected, but for low ones: what is weeks away is no more urgent on ten hosts.
 */
export function severityOf(exhaustion: Exhaustion, asOf: number, radius?: BlastRadius): Severity {
  const own = ownSeverity(exhaustion, asOf);
  return radius !== undefined && isBroad(radius) && own !== 'low' ? oneStepUp(own) : own;
}

function ownSeverity(exhaustion: Exhaustion, asOf: number): Severity {
  if (exhaustion.kind === 'cannot_say') return 'low';
  const [likely, earliest] = [exhaustion.likely - asOf, exhaustion.earliest - asOf];
  const reached = SEVERITY_BELOW.find(
    (below) => likely < below.likely || (earliest < below.earliest && likely < below.withLikely),
  );
  return reached?.severity ?? 'low';
}

function isBroad({ affected, hosts }: BlastRadius): boolean {
  return affected >= BROAD.affected && affected >= BROAD.share * hosts;
}

function oneStepUp(severity: Severity): Severity {
  return SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? severity;
}

/** Negative when `a` is the lesser severity, positive when it is the greater one. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** Negative when `a` is the less certain grade, positive when it is the more certain one. */
export function compareGrade(a: Grade, b: Grade): number {
  return GRADES.indexOf(a) - GRADES.indexOf(b);
}
