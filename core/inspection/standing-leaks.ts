/**
 * Separates leaks that began since the last inspection from those that stand. Somebody would be notified of either. Of one that stands nobody was:
 * its own curve leaked at the last inspection too, so that its consumers spoke against it then. That is computed from the curve, because the
 * last vote is not kept (decision 81).
 */
import { detect } from '../detector/detect.ts';
import { fullHostOf } from '../detector/full-host.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { compareGrade } from '../model/finding.ts';
import type { Evaluated, LeakingHost } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import type { Resource } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { truncatedTo } from './window.ts';

export interface Reported {
  /** Whether a leak of the host was reported and has not ended. Absent: none was. */
  readonly hasIncident?: (host: Evaluated) => boolean;
  /** Whether one is open, or the host is watched for one: each event of it is read once. Absent: none was. */
  readonly isOpen?: (host: Evaluated) => boolean;
  /**
   * The end of what the last inspection of the schedule evaluated, epoch milliseconds; undefined where it is not known. Absent: this is no
   * inspection of a schedule, and every leak counts as one that has just begun.
   */
  readonly lastInspection?: () => Promise<number | undefined>;
}

export interface Evaluating {
  policyOf(host: Resource): Policy;
  /** What is known of a host beside its consumers. Absent: nothing. */
  readonly knowledgeOf?: (host: Resource) => Knowledge;
}

/** @param last When the last inspection was, as of `Reported`. */
export function isStanding(host: LeakingHost, last: number, request: Reported & Evaluating): boolean {
  const { series, verdict } = host;
  const { resource, window } = series;
  if (last <= window.start || last >= window.end || request.isOpen?.(host) === true) return false;
  const then = { start: window.start, end: last };
  const before = detect(
    { ...truncatedTo(series, then), window: then },
    request.policyOf(resource),
    request.knowledgeOf?.(resource),
  );
  return before.state === 'leaking' && compareGrade(before.grade, verdict.grade) >= 0;
}

/** A leak that stands as it was last reported: suspected, or not at all. */
export function withheld({ full: _, ...host }: LeakingHost, { hasIncident }: Reported): Evaluated {
  const { evidence } = host.verdict;
  const verdict: Verdict =
    hasIncident?.(host) === true
      ? { ...host.verdict, grade: 'suspected', evidence: { ...evidence, lastingConfidence: null } }
      : { state: 'steady', evidence: { ...evidence, lastingConfidence: null, onset: null } };
  const full = fullHostOf(host.series, verdict);
  return { ...host, verdict, isWithheld: true, ...(full !== null && { full }) };
}
