/**
 * Whether a job's memory grows like a leak, from minutes of samples. `detect` is for hosts and weeks: it knows days, and takes a morning
 * for what it is; a job has a start, a few minutes, and an end.
 */
import { sigmoid } from './confidence.ts';
import { growthOf, JOB_FEATURES, type JobGrowth } from './gate-features.ts';
import type { NameSeries } from './gate-series.ts';
import { JOB_BASE, JOB_WEIGHTS } from './gate-table.ts';

export interface JobPolicy {
  /** Milliseconds after a process's start that are not evaluated. Absent: a fifth of its time, 15 s to 2 min. */
  readonly warmUpMs?: number;
  /** A shorter time after the warm-up is not evaluated. */
  readonly atLeastMs: number;
  /** Growth of the floor that is accepted, in bytes a minute. */
  readonly maxGrowth: number;
  /** Confidence from which growth is a leak. */
  readonly threshold: number;
  /** Names of processes whose growth is accepted. */
  readonly allowNames: readonly string[];
}

/**
 * Two minutes of floors are enough to distinguish growth from noise; below 96 KiB a minute it is one page here and there. Of programs that
 * are left out of the calibration, 0.5 finds more than 0.6 and refuses no more (bench/gate/fit.ts).
 */
export const JOB_POLICY: JobPolicy = { atLeastMs: 120_000, maxGrowth: 96 * 1024, threshold: 0.5, allowNames: [] };

/** What is known of the processes of one name. */
export interface NameVerdict {
  readonly name: string;
  readonly processes: number;
  readonly outcome: 'leak' | 'steady' | 'allowed' | 'too_short';
  /** Probability that it leaks; absent where it was not evaluated. */
  readonly confidence?: number;
  readonly growth?: JobGrowth;
}

export interface JobVerdict {
  /** `undecided`: nothing of the job ran long enough to be evaluated. */
  readonly outcome: 'leak' | 'steady' | 'undecided';
  /** The most suspicious first. */
  readonly names: readonly NameVerdict[];
}

/** Samples after the warm-up: each of the blocks of the features has two. */
const LEAST_SAMPLES = 48;
/** The last part of a job is its end: processes release what they have, one after the other. */
const END_SHARE = 0.02;
const SHORTEST_WARM_UP_MS = 15_000;
const LONGEST_WARM_UP_MS = 120_000;
const WARM_UP_SHARE = 0.2;

/** Evaluates each name by itself: growth of a child shows beside a parent of any size. */
export function evaluateJob(series: readonly NameSeries[], policy: JobPolicy = JOB_POLICY): JobVerdict {
  const names = series.map((one) => evaluateName(one, policy)).toSorted(bySuspicion);
  if (names.some(({ outcome }) => outcome === 'leak')) return { outcome: 'leak', names };
  const evaluated = names.some(({ outcome }) => outcome === 'steady' || outcome === 'allowed');
  return { outcome: evaluated ? 'steady' : 'undecided', names };
}

/** What of a series is evaluated, in milliseconds since the job began: without the warm-up and the end. */
export function evaluatedWindow(
  times: readonly number[],
  policy: JobPolicy,
): { readonly from: number; readonly to: number } {
  const start = times[0] ?? 0;
  const end = times.at(-1) ?? start;
  const share = Math.min(LONGEST_WARM_UP_MS, Math.max(SHORTEST_WARM_UP_MS, (end - start) * WARM_UP_SHARE));
  return { from: start + (policy.warmUpMs ?? share), to: end - (end - start) * END_SHARE };
}

function evaluateName({ name, processes, times, values }: NameSeries, policy: JobPolicy): NameVerdict {
  const { from, to } = evaluatedWindow(times, policy);
  const first = times.findIndex((time) => time >= from);
  const end = times.findLastIndex((time) => time <= to) + 1;
  if (first < 0 || end - first < LEAST_SAMPLES || to - from < policy.atLeastMs)
    return { name, processes, outcome: 'too_short' };
  const growth = growthOf(times.slice(first, end), values.slice(first, end));
  const confidence = confidenceOf(growth);
  const leaks = confidence >= policy.threshold && growth.bytesPerMinute > policy.maxGrowth;
  const outcome = leaks ? (policy.allowNames.includes(name) ? 'allowed' : 'leak') : 'steady';
  return { name, processes, outcome, confidence, growth };
}

/** Probability that growth of these features is a leak: logistic, calibrated on jobs of minutes (bench/gate/). */
function confidenceOf({ features }: Pick<JobGrowth, 'features'>): number {
  return sigmoid(JOB_FEATURES.reduce((sum, feature) => sum + JOB_WEIGHTS[feature] * features[feature], JOB_BASE));
}

const ORDER = { leak: 0, allowed: 1, steady: 2, too_short: 3 } as const;

function bySuspicion(a: NameVerdict, b: NameVerdict): number {
  return (
    ORDER[a.outcome] - ORDER[b.outcome] ||
    (b.confidence ?? 0) - (a.confidence ?? 0) ||
    (b.growth?.bytesPerMinute ?? 0) - (a.growth?.bytesPerMinute ?? 0)
  );
}
