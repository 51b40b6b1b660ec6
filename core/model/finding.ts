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

/** Time to the likely exhaustion below which a finding has the severity, in milliseconds: act now, today, this week. */
const SEVERITY_BELOW: readonly (readonly [Severity, number])[] = [
  ['critical', 6 * HOUR],
  ['high', 24 * HOUR],
  ['medium', 7 * 24 * HOUR],
];

/** Severity follows the likely exhaustion. One that is not known is low: it is growth without a known end. */
export function severityOf(exhaustion: Exhaustion, asOf: number): Severity {
  if (exhaustion.kind === 'cannot_say') return 'low';
  const left = exhaustion.likely - asOf;
  return SEVERITY_BELOW.find(([, below]) => left < below)?.[0] ?? 'low';
}

/** Negative when `a` is the lesser severity, positive when it is the greater one. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** Negative when `a` is the less certain grade, positive when it is the more certain one. */
export function compareGrade(a: Grade, b: Grade): number {
  return GRADES.indexOf(a) - GRADES.indexOf(b);
}
