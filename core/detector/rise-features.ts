/** Features without a fitted model: how far the floor rose, and how far it stands above earlier levels. */
import { withoutGaps } from './floors.ts';
import { quantile } from './order.ts';
import { slopeOf } from './trend.ts';

/** Least share of known floors: a line through fewer would be a line through gaps. */
const LEAST_KNOWN = 0.6;

/** The rise of Sen's line from the first to the last of `count` floors; NaN when there are fewer, or when too many hold no sample. */
export function senRise(floors: Float64Array, count: number): number {
  if (floors.length < count) return Number.NaN;
  const { filled, known } = withoutGaps(floors);
  return known < LEAST_KNOWN * floors.length ? Number.NaN : slopeOf(filled) * (count - 1);
}

/** Differences below this, in percentage points, are the collector's resolution. */
const TIE = 0.02;

/** Kendall's tau of floors without gaps (Kendall 1938): pairs that rise less those that fall, over all pairs. NaN of nothing. */
export function tauOf(floors: Float64Array): number {
  const n = floors.length;
  let rising = 0;
  for (let i = 0; i < n; i++) {
    const from = floors[i] ?? 0;
    for (let j = i + 1; j < n; j++) {
      const difference = (floors[j] ?? 0) - from;
      if (difference > TIE) rising++;
      else if (difference < -TIE) rising--;
    }
  }
  return n === 0 ? Number.NaN : rising / ((n * (n - 1)) / 2);
}

/** The level so many hours ago: the median of three hours, because one unusual hour is no level. NaN where there are fewer. */
function levelBefore(hourly: Float64Array, hoursAgo: number): number {
  const last = hourly.length - hoursAgo - 1;
  return last < 2 ? Number.NaN : medianOfThree(hourly[last] ?? 0, hourly[last - 1] ?? 0, hourly[last - 2] ?? 0);
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** The least of the differences to the same hour one, two and three days ago, and the latter two. */
export function aboveEarlierDays(hourly: Float64Array): [least: number, two: number, three: number] {
  const now = levelBefore(hourly, 0);
  const [one, two, three] = [
    now - levelBefore(hourly, 24),
    now - levelBefore(hourly, 48),
    now - levelBefore(hourly, 72),
  ];
  const known = [one, two, three].filter((difference) => !Number.isNaN(difference));
  return [known.length > 0 ? Math.min(...known) : Number.NaN, two, three];
}

/** The quantile that stands for the highest level of the past: one outage in fifty hours does not set it. */
const NEARLY_ALL = 0.98;
/** Fewer hours than this are no past. */
const LEAST_PAST_HOURS = 6;

/** How far the level stands above the highest level before the last `hours`. */
export function aboveBefore(hourly: Float64Array, hours: number): number {
  const past = hourly.subarray(0, Math.max(0, hourly.length - hours));
  return past.length < LEAST_PAST_HOURS ? Number.NaN : levelBefore(hourly, 0) - quantile(past, NEARLY_ALL);
}

const HIGHS_HOURS = 48;
/** Highs of the two weeks before count; less than four hours have none. */
const LONGEST_HIGHS_HOURS = 14 * 24;
const LEAST_HIGHS_HOURS = 4;
/** A rise below this, in percentage points, is none: nothing is measured in it. */
export const LEAST_RISE = 0.05;

/** How far the floor stands above the highs before the last 48 h, in rises of these 48 h. */
export function aboveHighs(hourly: Float64Array, rise48h: number): number {
  const past = hourly.subarray(-HIGHS_HOURS - LONGEST_HIGHS_HOURS, -HIGHS_HOURS);
  if (past.length < LEAST_HIGHS_HOURS) return Number.NaN;
  const floor = Math.min(...hourly.subarray(-2));
  return (floor - quantile(past, 0.95)) / Math.max(Math.abs(rise48h), LEAST_RISE);
}

/** The greatest fall from a high. */
export function greatestFall(floors: Float64Array): number {
  let high = -Infinity;
  let fall = 0;
  for (let i = 0; i < floors.length; i++) {
    const floor = floors[i] ?? 0;
    if (floor > high) high = floor;
    else if (high - floor > fall) fall = high - floor;
  }
  return fall;
}
