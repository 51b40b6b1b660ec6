/** The season of the week in hourly floors, and the noise about it. */
import { DAY_HOURS, HOUR_MS, hourOfWeek, WEEK_HOURS } from '../detector/deep-read.ts';
import { median } from '../detector/order.ts';
import type { Piece } from './pieces.ts';
import { stepsOf } from './steps.ts';

type Hours = Pick<Piece, 'start' | 'floors'>;

const NO_SEASON: Float64Array = new Float64Array();

/** Weekdays have profiles of their own from this many hours on; with less, each day has the same profile. */
const LEAST_WEEKS_HOURS = 14 * DAY_HOURS;
/** The profile of an hour of the week counts as many of its weeks, the profile of the hour of the day as so many. */
const DAILY_COUNTS = 3;
/** Without reducing the mean deviation of weeks that it was not learned from to this share, it is no season. */
const WORTH = 0.9;

/**
 * The profile of the week in percentage points by hour of the week (UTC, Monday 00:00 first), with median zero; empty where weeks that it
 * was not learned from are no better foretold with it (cross-validation over alternate weeks).
 */
export function seasonOf(pieces: readonly Hours[]): Float64Array {
  const residuals = pieces.map(({ start, floors }) => ({ start, floors: aboutTheirWeek(floors) }));
  const parts = [0, 1].map((parity) => residuals.map((piece) => ofWeeks(piece, parity)));
  const errors = parts.map((part, parity) => {
    const profile = profileOf(parts[1 - parity] ?? []);
    return { before: deviation(part), after: deviation(part.map((piece) => less(piece, profile))) };
  });
  const before = errors.reduce((sum, error) => sum + error.before, 0);
  const after = errors.reduce((sum, error) => sum + error.after, 0);
  return before > 0 && after < WORTH * before ? profileOf(residuals) : NO_SEASON;
}

/** Hourly floors less the season of their hours. */
export function withoutSeason(floors: Float64Array, start: number, season: Float64Array): Float64Array {
  if (season.length === 0) return floors;
  const first = hourOfWeek(start);
  return floors.map((floor, hour) => floor - (season[(first + hour) % WEEK_HOURS] ?? 0));
}

/**
 * Standard deviations of hours about the median of their day, and of these medians from day to day, by absolute deviations. What a piece
 * grows by each day is in neither.
 */
export function noiseOf(pieces: readonly Hours[]): { hour: number; day: number } {
  const hours: number[] = [];
  const days: number[] = [];
  for (const { floors } of pieces) {
    const ofDays = Array.from({ length: Math.floor(floors.length / DAY_HOURS) }, (_, day) =>
      floors.subarray(day * DAY_HOURS, (day + 1) * DAY_HOURS),
    );
    const { trend, steps } = stepsOf(ofDays.map(medianOfKnown));
    days.push(...steps.map(Math.abs));
    for (const day of ofDays) {
      const level = day.map((floor, hour) => floor - (trend * hour) / DAY_HOURS);
      const middle = medianOfKnown(level);
      for (const floor of level) if (!Number.isNaN(floor)) hours.push(Math.abs(floor - middle));
    }
  }
  return { hour: 1.4826 * medianOf(hours), day: (1.4826 * medianOf(days)) / Math.SQRT2 };
}

function medianOfKnown(floors: Float64Array): number {
  return median(floors.filter((floor) => !Number.isNaN(floor)));
}

/** Hours less the median of the week about their day: what moves slower than a week is no season. */
function aboutTheirWeek(floors: Float64Array): Float64Array {
  const residuals = floors.slice();
  for (let from = 0; from < floors.length; from += DAY_HOURS) {
    const start = Math.max(0, Math.min(from - 3 * DAY_HOURS, floors.length - WEEK_HOURS));
    const level = median(floors.slice(start, start + WEEK_HOURS).filter((floor) => !Number.isNaN(floor)));
    for (let hour = from; hour < Math.min(floors.length, from + DAY_HOURS); hour++) {
      residuals[hour] = (floors[hour] ?? Number.NaN) - level;
    }
  }
  return residuals;
}

/** The hours of every second week; the others are not known. */
function ofWeeks({ start, floors }: Hours, parity: number): Hours {
  const week = (hour: number) => Math.floor((start / HOUR_MS + hour) / WEEK_HOURS) % 2;
  return { start, floors: floors.map((floor, hour) => (week(hour) === parity ? floor : Number.NaN)) };
}

function less({ start, floors }: Hours, profile: Float64Array): Hours {
  return { start, floors: withoutSeason(floors, start, profile) };
}

/** Medians by hour of the week, drawn to the median of the hour of the day, and centred. */
function profileOf(pieces: readonly Hours[]): Float64Array {
  const ofWeek = Array.from({ length: WEEK_HOURS }, (): number[] => []);
  let hours = 0;
  for (const { start, floors } of pieces) {
    const first = hourOfWeek(start);
    for (const [hour, floor] of floors.entries()) {
      if (Number.isNaN(floor)) continue;
      ofWeek[(first + hour) % WEEK_HOURS]?.push(floor);
      hours++;
    }
  }
  const daily = Array.from({ length: DAY_HOURS }, (_, clock) => {
    return medianOf(ofWeek.filter((_, hour) => hour % DAY_HOURS === clock).flat());
  });
  const profile = Float64Array.from(ofWeek, (levels, hour) => {
    const ofDay = daily[hour % DAY_HOURS] ?? 0;
    const count = hours < LEAST_WEEKS_HOURS ? 0 : levels.length;
    return count === 0 ? ofDay : (count * medianOf(levels) + DAILY_COUNTS * ofDay) / (count + DAILY_COUNTS);
  });
  const centre = median(profile);
  return profile.map((points) => points - centre);
}

/** Mean absolute deviation from zero. */
function deviation(pieces: readonly Hours[]): number {
  let [sum, count] = [0, 0];
  for (const { floors } of pieces) {
    for (const floor of floors) {
      if (Number.isNaN(floor)) continue;
      sum += Math.abs(floor);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function medianOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : median(Float64Array.from(values));
}
