/** Series for the anomaly bench: points with the spans in which something is wrong, and from when on they are scored. */
import type { PointSettings } from '../core/detector/anomaly/settings.ts';
import type { AnomalyType } from '../core/model/anomaly.ts';

export interface TrueAnomaly {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  /** Null where only a span is labelled. */
  readonly type: AnomalyType | null;
}

export interface AnomalySeries {
  readonly id: string;
  /** What it is reported under. */
  readonly group: string;
  readonly settings: PointSettings;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Where the points end, which are sparse of some metrics. */
  readonly until: number;
  /** What is before is reference. */
  readonly from: number;
  readonly anomalies: readonly TrueAnomaly[];
}

/** An alarm of a detector: when it is given, and the points that it is about. */
export interface Alarm {
  readonly at: number;
  readonly start: number;
  readonly last: number;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

export const SETTINGS: PointSettings = {
  periodMs: 5 * MINUTE_MS,
  cycleMs: DAY_MS,
  referencePoints: 2016,
  threshold: 0.99,
  direction: 'both',
  lower: null,
  upper: null,
  sparse: false,
  fills: false,
  leastEffect: null,
};

/** Which halves parameters are chosen on, and which are reported: by a hash of the name (FNV-1a), so that no series is in both. */
export function isForChoosing(id: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 7) & 1) === 0;
}
