/** The samples of a window that a peer sees, and the arithmetic that several peers share. */
import type { Series } from '../core/model/series.ts';
import { firstNotBelow } from './feeds.ts';

const HOUR_MS = 3_600_000;

/** Ordered samples: hours before the end of the window (negative), and percent of capacity. */
export interface PeerSamples {
  readonly hours: Float64Array;
  readonly levels: Float64Array;
}

/** The samples of the last `hours` of a window. */
export function lastHours({ times, values, window }: Series, hours: number): PeerSamples {
  const start = firstNotBelow(times, window.end - hours * HOUR_MS);
  return {
    hours: times.subarray(start).map((time) => (time - window.end) / HOUR_MS),
    levels: values.subarray(start).map((value) => value * 100),
  };
}

const FIVE_MINUTES_PER_HOUR = 12;

/** Means of five minutes, so that what compares all pairs stays quick; coarser samples stay as they are. */
export function fiveMinuteMeans({ hours, levels }: PeerSamples): PeerSamples {
  const meanHours: number[] = [];
  const meanLevels: number[] = [];
  let from = 0;
  for (let i = 1; i <= hours.length; i++) {
    if (i < hours.length && blockOf(hours[i]) === blockOf(hours[from])) continue;
    meanHours.push(meanOf(hours.subarray(from, i)));
    meanLevels.push(meanOf(levels.subarray(from, i)));
    from = i;
  }
  return { hours: Float64Array.from(meanHours), levels: Float64Array.from(meanLevels) };
}

function blockOf(hour = 0): number {
  // Hours are quotients: without the margin a sample on the edge of a block may fall into the one before.
  return Math.floor(hour * FIVE_MINUTES_PER_HOUR + 1e-6);
}

export interface Line {
  /** Percentage points per hour. */
  readonly slope: number;
  /** Percent at the end of the window. */
  readonly intercept: number;
  /** Share of the variance that the line explains; 0 where there is none to explain. */
  readonly r2: number;
}

/** Ordinary least squares. */
export function leastSquares({ hours, levels }: PeerSamples): Line {
  const [meanX, meanY] = [meanOf(hours), meanOf(levels)];
  let [sxx, sxy, syy] = [0, 0, 0];
  for (let i = 0; i < hours.length; i++) {
    const x = (hours[i] ?? 0) - meanX;
    const y = (levels[i] ?? 0) - meanY;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return { slope, intercept: meanY - slope * meanX, r2: sxx > 0 && syy > 0 ? (sxy * sxy) / (sxx * syy) : 0 };
}

/** Hours until 100 % at `slope`, from the median of the last three samples; Infinity where memory does not grow. */
export function hoursLeft({ levels }: PeerSamples, slope: number): number {
  return slope > 0 ? (100 - latestLevel(levels)) / slope : Infinity;
}

/** Median of the last three samples: one outlier is no level. */
export function latestLevel(levels: Float64Array): number {
  return medianOf(levels.subarray(-3));
}

/** The upper median; NaN of nothing. */
export function medianOf(values: Float64Array): number {
  return values.toSorted()[values.length >> 1] ?? Number.NaN;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
