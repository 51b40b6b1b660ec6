/**
 * Curves of other hosts, which a host's own curve is compared with: siblings of its group do the same work, and hosts of one account and
 * region share what happens to all of them at once.
 */
import type { Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid, gridOf, secondLowest } from './floors.ts';

/** Hours of a curve that is kept for comparisons: what an inspection reads by default. */
export const CURVE_HOURS = 100;

/** What is kept of a host to compare others with: some 400 bytes. */
export interface HostCurve {
  /**
   * Hourly floors in percentage points of the capacity, `CURVE_HOURS` of them: the last hour ends with the window. NaN where an hour has
   * no sample.
   */
  readonly floors: Float32Array;
  /** Of a leak, by the host's own curve alone; NaN where it has too little data for a verdict. */
  readonly confidence: number;
  /** Hours since its own change point; 0 where no line rises. */
  readonly risingHours: number;
}

/** What one host is compared with. The order of the hosts does not matter. */
export interface SiblingCurves {
  /** Of the host itself, over the same window as the others. */
  readonly own: HostCurve;
  /** Other hosts of its group. */
  readonly group: readonly HostCurve[];
  readonly fleet: FleetRises;
}

/** How many of the account and region began to rise when this host did. A group counts once; the host's own group does not. */
export interface FleetRises {
  /** Those whose growth began within two hours of this host's. */
  readonly together: number;
  /** As many as would do so by chance, were the beginnings of all that rise spread evenly. */
  readonly expected: number;
}

/** The curve of a series with its verdict; null of a series that is malformed or has no samples. */
export function curveOf(series: Series, verdict: Verdict): HostCurve | null {
  const samples = clean(series);
  if (samples === undefined || samples.times.length === 0) return null;
  const floors = floorsOf(gridOf(samples, series.window.end), series.window.end);
  if (verdict.state === 'insufficient_data') return { floors, confidence: Number.NaN, risingHours: 0 };
  const { votes, confidence, horizonHours } = verdict.evidence;
  return { floors, confidence: votes[0]?.confidence ?? confidence, risingHours: horizonHours };
}

/** Hourly floors that end with the window: a grid ends with its last sample, which may be up to three hours older. */
function floorsOf({ cells, end }: Grid, windowEnd: number): Float32Array {
  const floors = new Float32Array(CURVE_HOURS).fill(Number.NaN);
  const trailing = Math.round((windowEnd - end) / CELL_MS);
  for (let hour = 0; hour < CURVE_HOURS; hour++) {
    const first = cells.length + trailing - (hour + 1) * CELLS_PER_HOUR;
    if (first + CELLS_PER_HOUR <= 0) break;
    floors[CURVE_HOURS - 1 - hour] = secondLowest(cells, first, CELLS_PER_HOUR);
  }
  return floors;
}
