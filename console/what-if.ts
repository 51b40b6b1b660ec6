/**
 * The detector in the browser: what the verdict on a host would be, had it grown by so much. A chunk of its own. It evaluates the samples of
 * the answer that the page has, tilted as the counterfactual of the detector tilts them.
 */
import type { HostMemoryView } from '../api/contract/hosts.ts';
import { headroom, tilted } from '../core/detector/counterfactual.ts';
import { detect } from '../core/detector/detect.ts';
import type { Series } from '../core/model/series.ts';
import type { Grade, Verdict } from '../core/model/verdict.ts';

/** Levels per hour, in the unit of the samples. */
export interface WhatIf {
  readonly growthPerHour: number;
  readonly verdict: Verdict['state'];
  readonly grade: Grade | null;
  readonly confidence: number | null;
  /** Whether an inspection would have reported it. */
  readonly reported: boolean;
  /** When the memory would be full, epoch milliseconds; null where that is not known. */
  readonly fullAt: number | null;
}

export interface WhatIfRange {
  readonly low: number;
  readonly high: number;
  readonly measured: number;
  readonly hours: number;
}

export function seriesOf(memory: HostMemoryView): Series {
  const { metric, unit, limit, statistic, periodSeconds, window, samples } = memory;
  const { provider, account, region, id } = memory.host;
  return {
    kind: 'series',
    resource: { provider, account, region, id },
    metric,
    unit,
    ...(limit === null ? {} : { limit }),
    statistic,
    window: { start: Date.parse(window.start), end: Date.parse(window.end) },
    periodMs: periodSeconds * 1000,
    times: Float64Array.from(samples.times, (seconds) => seconds * 1000),
    values: Float64Array.from(samples.values),
  };
}

/** Growth that can be asked about: down to none, and up to twice the measured one, or beyond where it turns. Undefined without a verdict. */
export function rangeOf(memory: HostMemoryView): WhatIfRange | undefined {
  const { growth, growthHours: hours, counterfactual } = memory;
  if (growth === null || hours === null || hours <= 0) return undefined;
  const measured = growth.estimate;
  const turnsAt = counterfactual?.turnsAt ?? measured;
  const room = headroom(seriesOf(memory), hours) / hours;
  const least = Math.max(2 * Math.abs(measured), 1.6 * turnsAt);
  const high = Math.max(least, Math.min(measured + room, 4 * Math.abs(turnsAt)));
  return { low: Math.min(0, measured, turnsAt), high: high > 0 ? high : 0.001, measured, hours };
}

/** Confidences that are shown as the same. */
const SAME_CONFIDENCE = 0.005;

/**
 * Whether the samples alone lead to the verdict of the read. Where weeks, siblings or processes voted on the host they may not: the page does not
 * have what these know, and what it would compute contradicts the verdict.
 */
export function isReproduced(memory: HostMemoryView): boolean {
  const { verdict, confidence } = whatIf(memory, memory.growth?.estimate ?? 0);
  return verdict === memory.verdict && Math.abs((confidence ?? 0) - (memory.confidence ?? 0)) < SAME_CONFIDENCE;
}

export function whatIf(memory: HostMemoryView, growthPerHour: number): WhatIf {
  const measured = memory.growth?.estimate ?? 0;
  const series = tilted(seriesOf(memory), growthPerHour - measured, memory.growthHours ?? 0);
  const verdict = detect(series, memory.policy);
  if (verdict.state === 'insufficient_data') {
    return { growthPerHour, verdict: verdict.state, grade: null, confidence: null, reported: false, fullAt: null };
  }
  const { confidence, exhaustion } = verdict.evidence;
  return {
    growthPerHour,
    verdict: verdict.state,
    grade: verdict.state === 'leaking' ? verdict.grade : null,
    confidence,
    reported: verdict.state === 'leaking',
    fullAt: exhaustion.kind === 'expected' ? exhaustion.likely : null,
  };
}

/** So many growths, evenly over the range. */
export function growthsOf({ low, high }: WhatIfRange, count: number): number[] {
  return Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
}

/** Where the verdict turns between neighbours: halfway, ordered. */
export function turnsOf(answers: readonly WhatIf[]): number[] {
  return answers.flatMap(({ growthPerHour, reported }, index) => {
    const before = answers[index - 1];
    return before === undefined || before.reported === reported ? [] : [(before.growthPerHour + growthPerHour) / 2];
  });
}
