/** Growth of weeks, which a lookback window of some days cannot see: a trend over the floors of days since the last restart. */
import { slopeOf } from '../../detector/trend.ts';
import { MOST_DAYS, type Story } from '../../model/story.ts';
import { type Floors, HOUR_MS } from './facts.ts';
import { rounded } from './levels.ts';

type Day = Story['days'][number];

const DAY_HOURS = 24;
const DAY_MS = DAY_HOURS * HOUR_MS;
/** Hours of a day that hold samples: of fewer the floor may be that of a busy time. */
const LEAST_HOURS = 18;
/** The floor of a day is its third lowest hour: one unusual hour decides nothing. */
const FLOOR_RANK = 2;

/** The days that are known with those of the lookback window, without what lies before the last restart. */
export function daysWith(days: readonly Day[], floors: Floors, restartedAt: number | null): Day[] {
  const byDay = new Map(days.map((day) => [day.day, day]));
  for (const day of daysIn(floors)) if (!byDay.has(day.day)) byDay.set(day.day, day);
  return [...byDay.values()]
    .filter(({ day }) => restartedAt === null || day * DAY_MS >= restartedAt)
    .sort((a, b) => a.day - b.day)
    .slice(-MOST_DAYS);
}

function daysIn({ end, hourly, known }: Floors): Day[] {
  const byDay = new Map<number, number[]>();
  for (const [index, floor] of hourly.entries()) {
    if (!known[index]) continue;
    const from = end - (hourly.length - index) * HOUR_MS;
    const day = Math.floor(from / DAY_MS);
    byDay.set(day, [...(byDay.get(day) ?? []), floor]);
  }
  return [...byDay]
    .filter(([day, hours]) => (day + 1) * DAY_MS <= end && hours.length >= LEAST_HOURS)
    .map(([day, hours]) => ({ day, floor: rounded(hours.sort((a, b) => a - b)[FLOOR_RANK] ?? 0) }));
}

/** Mann and Kendall's z from which floors of days rise. */
const RISING_Z = 2;
/** Days that are compared with as many before them. */
const COMPARED_DAYS = 3;
/** Share of the trend by which the last days have to have risen: what grew and levelled off still has its trend. */
const STILL_SHARE = 0.5;

/** Whether the floors of days rise, and still do. */
export function risesByDays(days: readonly Day[]): boolean {
  if (days.length < 2 * COMPARED_DAYS) return false;
  const floors = Float64Array.from(days, ({ floor }) => floor);
  if (mannKendallZ(floors) < RISING_Z) return false;
  const last = mean(floors.subarray(-COMPARED_DAYS));
  const before = mean(floors.subarray(-2 * COMPARED_DAYS, -COMPARED_DAYS));
  return last - before >= STILL_SHARE * COMPARED_DAYS * slopeOf(floors);
}

/** Mann (1945), Kendall (1975): the normal score of the number of pairs that rise less those that fall. */
function mannKendallZ(values: Float64Array): number {
  const n = values.length;
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) score += Math.sign((values[j] ?? 0) - (values[i] ?? 0));
  }
  return (score - Math.sign(score)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
