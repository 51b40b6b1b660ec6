/** Findings as an answer lists them: without their evidence, the most severe first. */
import type { Attribution } from '../model/attribution.ts';
import { compareGrade, compareSeverity, type Finding } from '../model/finding.ts';
import type { ListedFinding, TopConsumer } from '../model/inspection-result.ts';
import type { Resource } from '../model/series.ts';

export function listedFinding({
  kind,
  resource,
  metric,
  unit,
  severity,
  verdict,
  window,
  attribution,
}: Finding): ListedFinding {
  const { grade, evidence } = verdict;
  const { confidence, level, growthPerHour, pattern, onset, exhaustion } = evidence;
  return {
    host: unlabelled(resource),
    kind,
    metric,
    unit,
    grade,
    severity,
    confidence,
    level,
    growthPerHour,
    pattern: pattern?.name ?? null,
    asOf: window.end,
    onset,
    exhaustion,
    topConsumer: attribution === undefined ? null : topConsumerOf(attribution),
  };
}

/** Labels are not listed: there may be fifty of a host. */
export function unlabelled({ labels: _, ...host }: Resource): ListedFinding['host'] {
  return host;
}

/** Greater severity, then confirmed before suspected, then the sooner exhaustion. 0 where none of them differs. */
export function byUrgency(a: ListedFinding, b: ListedFinding): number {
  return compareSeverity(b.severity, a.severity) || compareGrade(b.grade, a.grade) || likelyEnd(a) - likelyEnd(b);
}

/** Epoch ms; a date beyond all others where it is not known. */
function likelyEnd({ exhaustion }: ListedFinding): number {
  return exhaustion.kind === 'expected' ? exhaustion.likely : Number.MAX_SAFE_INTEGER;
}

/** Who grew most, without how much of it is known. */
export function topConsumerOf(attribution: Attribution): TopConsumer {
  if (attribution.kind === 'unattributed') return { kind: 'unknown', reason: attribution.reason };
  const [first] = attribution.grown;
  if (first === undefined) return { kind: 'none_grew' };
  return { kind: 'named', consumer: first.consumer, share: first.share?.estimate ?? null };
}
