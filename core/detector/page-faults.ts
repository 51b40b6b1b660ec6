/**
 * Whether a host reads pages back from disk far more often than it did. On one whose memory is full that shows that the memory does not
 * suffice, which its level cannot: it is at the top already. It is evidence of a full host, and no vote for a leak (decision 102).
 */
import { type PageFaults, RECENT_HOURS } from '../model/full-host.ts';
import type { PointSeries } from '../model/points.ts';
import { median } from './order.ts';

const HOUR_MS = 3_600_000;

/** Of the last hours so many must be known, … */
const LEAST_RECENT = 5;
/** … and of those before so many: shorter history does not show what is usual. */
const LEAST_EARLIER = 24;
/** Share of the hours before that may be as busy as the last ones are and still not be usual: what runs for a part of each day is. */
const BUSY_SHARE = 0.25;
/** What is far above the usual, as a multiple of it … */
const RISEN_BY = 5;
/** … and at least, a second: half of what the slowest volumes of clouds serve. Fewer are not felt. */
const LEAST_RISEN = 50;

/** Null where there is too little to go by. Pure. */
export function pageFaultsOf(points: PointSeries): PageFaults | null {
  const { recent, earlier } = hourlyMeans(points);
  if (recent.length < LEAST_RECENT || earlier.length < LEAST_EARLIER) return null;
  const sorted = earlier.toSorted((a, b) => a - b);
  const busy = sorted[Math.ceil(sorted.length * (1 - BUSY_SHARE)) - 1] ?? 0;
  const least = Math.max(LEAST_RISEN, RISEN_BY * busy);
  return {
    perSecond: median(Float64Array.from(recent)),
    usual: median(Float64Array.from(earlier)),
    risen: recent.every((mean) => mean >= least),
  };
}

/** By hours that end with the window: the last ones, and those before. Values that no counter has are left out. */
function hourlyMeans({ times, values, window }: PointSeries): {
  readonly recent: number[];
  readonly earlier: number[];
} {
  const hours = new Map<number, { sum: number; count: number }>();
  for (let index = 0; index < times.length; index++) {
    const [time = Number.NaN, value = Number.NaN] = [times[index], values[index]];
    if (!(time >= window.start && time < window.end && value >= 0 && value < Infinity)) continue;
    const ago = Math.floor((window.end - 1 - time) / HOUR_MS);
    const hour = hours.get(ago) ?? { sum: 0, count: 0 };
    hour.sum += value;
    hour.count += 1;
    hours.set(ago, hour);
  }
  const { recent = [], earlier = [] } = Object.groupBy(hours, ([ago]) => (ago < RECENT_HOURS ? 'recent' : 'earlier'));
  const means = (some: typeof recent) => some.map(([, { sum, count }]) => sum / count);
  return { recent: means(recent), earlier: means(earlier) };
}
