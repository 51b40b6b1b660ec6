/** How points of one metric are inspected: what a job and its metric state together. */
import type { AnomalyJob } from '../../model/anomaly-job.ts';
import type { Direction, PointMetric } from '../../model/points.ts';

const DAY_MS = 86_400_000;
const CYCLES: Readonly<Record<AnomalyJob['cycle'], number | null>> = { none: null, day: DAY_MS, week: 7 * DAY_MS };

export interface PointSettings {
  readonly periodMs: number;
  /** How often the curve repeats itself; null of one that does not. */
  readonly cycleMs: number | null;
  /** Points that are learned from, at the most. */
  readonly referencePoints: number;
  /** Score from which a point is an anomaly. */
  readonly threshold: number;
  readonly direction: Direction;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Whether a period without a point is a point of 0. */
  readonly sparse: boolean;
  readonly fills: boolean;
  /** The least distance that means anything, in the unit of the metric; null where the values show it. */
  readonly leastEffect: number | null;
}

export function settingsOf(job: AnomalyJob, metric: PointMetric): PointSettings {
  const { direction, lower, upper, sparse, fills, leastEffect = null } = metric;
  return {
    periodMs: job.periodSeconds * 1000,
    cycleMs: CYCLES[job.cycle],
    referencePoints: job.referencePoints,
    threshold: job.threshold,
    direction,
    lower,
    upper,
    sparse,
    fills,
    leastEffect,
  };
}
