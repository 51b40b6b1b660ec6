/** Weeks as daily floors without their weekly season: what the slow evaluator looks at. */
import { DAY_HOURS, type DeepRead } from './deep-read.ts';
import { withoutGaps } from './floors.ts';
import { giveBacksOf } from './give-backs.ts';
import { median, quantile } from './order.ts';

export interface DailyFloors {
  /** One for each day, counted back from the end of the read, in percentage points and without gaps. */
  readonly floors: Float64Array;
  /** Days that had samples of their own. */
  readonly known: number;
  /** Indices of the days with which memory that was given back begins to be held anew, oldest first. */
  readonly restarts: readonly number[];
}

/** The floor of a day: a quarter of its hours, usually those of the night, are at or below it. */
const FLOOR_QUANTILE = 0.2;
/** A day with fewer hours than this keeps the floor of the day before. */
const LEAST_HOURS = 6;

export function dailyFloorsOf({ floors: hourly }: DeepRead): DailyFloors {
  const days = Math.floor(hourly.length / DAY_HOURS);
  const offset = hourly.length - days * DAY_HOURS;
  const daily = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    const from = offset + day * DAY_HOURS;
    daily[day] = floorOf(hourly.subarray(from, from + DAY_HOURS));
  }
  const { filled, first, known } = withoutGaps(daily);
  const restarts = giveBacksOf(hourly)
    .map((hour) => Math.round((hour - offset) / DAY_HOURS) - first)
    .filter((day, index, all) => day > 0 && day !== all[index - 1]);
  return { floors: withoutWeek(filled.subarray(first), restarts), known, restarts };
}

function floorOf(hours: Float64Array): number {
  const known = hours.filter((floor) => !Number.isNaN(floor));
  return known.length < LEAST_HOURS ? Number.NaN : quantile(known, FLOOR_QUANTILE);
}

const WEEK = 7;
const HALF_WEEK = 3;
/** With less than three weeks a habit cannot be distinguished from an event. */
const LEAST_DAYS = 21;
/** A weekly season has to take this share off the absolute deviations from the week about each day. */
const WORTH = 0.25;

/**
 * Daily floors less the median of each weekday's difference to the median of the seven days about it (a seasonal decomposition by moving
 * medians; with moving means Persons, 1919). Days whose week has a restart are left out.
 */
function withoutWeek(floors: Float64Array, restarts: readonly number[]): Float64Array {
  if (floors.length < LEAST_DAYS) return floors;
  const residuals = Array.from({ length: WEEK }, (): number[] => []);
  for (let day = HALF_WEEK; day + HALF_WEEK < floors.length; day++) {
    if (restarts.some((restart) => restart > day - HALF_WEEK && restart <= day + HALF_WEEK)) continue;
    const about = median(floors.subarray(day - HALF_WEEK, day + HALF_WEEK + 1));
    residuals[day % WEEK]?.push((floors[day] ?? 0) - about);
  }
  const season = residuals.map((some) => (some.length < 2 ? 0 : median(Float64Array.from(some))));
  const before = residuals.reduce((sum, some) => sum + absolute(some), 0);
  const after = residuals.reduce((sum, some, weekday) => {
    return sum + absolute(some.map((residual) => residual - (season[weekday] ?? 0)));
  }, 0);
  return after > (1 - WORTH) * before ? floors : floors.map((floor, day) => floor - (season[day % WEEK] ?? 0));
}

function absolute(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
