/** What an anomaly inspection states about points, and what is found where anomalies last. Facts and codes, no sentences. */
import type { Part } from './points.ts';
import type { Resource } from './series.ts';
import type { Exhaustion } from './verdict.ts';

/**
 * `spike`, `dip`: away from what was expected, and back. `shift_up`, `shift_down`: to another level, and stays. `season_broken`: the cycle is
 * not there. `limit_crossed`: beyond a limit of the metric. `flat_line`: it does not move any more, and used to. `fills`: it grows towards its
 * upper limit.
 */
export const ANOMALY_TYPES = [
  'spike',
  'dip',
  'shift_up',
  'shift_down',
  'season_broken',
  'limit_crossed',
  'flat_line',
  'fills',
] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** Of an episode, of what fills, and of what was learned. */
export type AnomalyCheckName =
  | 'anomalous_points'
  | 'evidence'
  | 'distance'
  | 'growth_confidence'
  | 'hours_until_full'
  | 'hours_known'
  | 'reference_points'
  | 'cycle_learned';

/** One condition of an anomaly: what was measured, and the limit that it was held against. The words are in core/messages. */
export interface AnomalyCheck {
  readonly name: AnomalyCheckName;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly passed: boolean;
}

/** One point, and what was expected of it. Values are in the unit of the series. */
export interface ScoredPoint {
  /** Epoch milliseconds: the start of its period. */
  readonly time: number;
  readonly value: number;
  readonly expected: number;
  /** The band that holds 98 % of healthy points. */
  readonly low: number;
  readonly high: number;
  /** 1 minus the probability that a healthy point is as far away, on the side that counts: in [0, 1]. */
  readonly score: number;
  readonly isAnomaly: boolean;
  /** Null of a point that is none. */
  readonly type: AnomalyType | null;
}

/** Anomalies of one series that belong together, and last long enough to be reported. */
export interface AnomalyEpisode {
  readonly type: AnomalyType;
  /** The first and the last anomalous point, epoch milliseconds. */
  readonly start: number;
  readonly last: number;
  /** Whether it goes on at the end of the points. */
  readonly goesOn: boolean;
  /** When it was clear enough to be reported, epoch milliseconds. */
  readonly reportedAt: number;
  /** Its point that is furthest away. */
  readonly peak: ScoredPoint;
  readonly points: number;
  /** Why it is one: each with value, limit, and whether it passed. */
  readonly checks: readonly AnomalyCheck[];
  /** Of `fills`: when the upper limit is reached. */
  readonly exhaustion?: Exhaustion;
}

/** An episode with the metric and the part of the host that it is of. */
export interface HostAnomaly extends AnomalyEpisode {
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
  readonly part: Part;
}

/** What is anomalous at once on one host: one finding. */
export interface AnomalyFinding {
  readonly kind: 'anomaly';
  readonly resource: Resource;
  readonly job: string;
  /** At least one, the most severe first. */
  readonly anomalies: readonly HostAnomaly[];
}
