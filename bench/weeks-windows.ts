/** What is true of hosts of weeks day by day, and their deep reads. */
import type { Series } from '../core/model/series.ts';
import { type BenchSeries, HOUR_S } from './data.ts';
import { firstNotBelow } from './feeds.ts';

const DAY_S = 24 * HOUR_S;
const DEEP_DAYS = 60;

/** The hourly minima of a series as a source would send them, from which deep reads are taken. */
export interface HourlyMinima {
  readonly id: string;
  /** Epoch milliseconds of the start of the series. */
  readonly start: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export function hourlyMinima({ id, v, step, start }: BenchSeries): HourlyMinima {
  const perHour = Math.round(HOUR_S / step);
  const origin = start === undefined ? 0 : Date.parse(start);
  const hours = Array.from({ length: Math.floor(v.length / perHour) }, (_, hour) => {
    const known = v.slice(hour * perHour, (hour + 1) * perHour).filter((value) => value !== null);
    return { time: origin + hour * HOUR_S * 1000, value: known.length === 0 ? null : Math.min(...known) / 100 };
  });
  const known = hours.filter(({ value }) => value !== null);
  return {
    id,
    start: origin,
    times: Float64Array.from(known, ({ time }) => time),
    values: Float64Array.from(known, ({ value }) => value ?? 0),
  };
}

/** The deep read that ends at `now`, in seconds from the start of the series. */
export function deepReadAt({ id, start, times, values }: HourlyMinima, now: number): Series {
  const end = start + now * 1000;
  const from = Math.max(start, end - DEEP_DAYS * DAY_S * 1000);
  const [first, last] = [firstNotBelow(times, from), firstNotBelow(times, end)];
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'bench', region: 'bench', id },
    metric: 'system.memory.utilization',
    unit: '1',
    statistic: 'minimum',
    window: { start: from, end },
    periodMs: HOUR_S * 1000,
    times: times.subarray(first, last),
    values: values.subarray(first, last),
  };
}

/** The ends of daily deep reads, in seconds from the start. */
export function dailyEnds({ v, step, evalFrom }: BenchSeries): number[] {
  const first = Math.ceil(evalFrom / DAY_S);
  const days = Math.floor((v.length * step) / DAY_S);
  return Array.from({ length: Math.max(0, days - first + 1) }, (_, day) => (first + day) * DAY_S);
}

const LEAST_DAYS = 4;
const LEAST_RISE = 2;
const HELD_DAYS = 10;

/**
 * Whether memory leaks at `now`; null where neither answer would be right: within the first four days and two percentage points of a leak,
 * and for ten days after it stopped where the memory is still held.
 */
export function leaksWeeks(series: BenchSeries, now: number): boolean | null {
  if (series.label !== 'leak') return false;
  const during = series.active.find(([from, to]) => now > from && now <= to);
  if (during !== undefined) {
    const days = (now - during[0]) / DAY_S;
    return days >= LEAST_DAYS && (series.rate ?? 1) * 24 * days >= LEAST_RISE ? true : null;
  }
  const isUnclear = series.active.some(([, to]) => now > to && (now - to) / DAY_S < unclearDays(series, to));
  return isUnclear ? null : false;
}

function unclearDays({ resets }: BenchSeries, stop: number): number {
  return resets.includes(stop) ? 1 : HELD_DAYS;
}
