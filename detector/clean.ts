/** What is taken out of a series before it is judged, by stated rules, each counted; and what share of the capacity a value is. */
import { OVER_FULL, type Series } from '../model/series.ts';
import type { Cleaned } from '../model/verdict.ts';

/** Samples in order of time, one per time. The arrays may be the series' own: nobody writes to them. */
export interface Samples {
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Memory used, in the unit of the series. */
  readonly values: Float64Array;
  /** What counts as full, in the same unit. */
  readonly capacity: number;
  /** False for bytes without a limit: the capacity is then the highest sample, and exhaustion cannot be said. */
  readonly limitKnown: boolean;
  readonly cleaned: Cleaned;
}

export const NOTHING_CLEANED: Cleaned = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };

/** Cleans a series; undefined when it cannot be one: arrays of different length, an empty window, a limit that is no size. */
export function clean(series: Series): Samples | undefined {
  if (!isSound(series)) return undefined;
  const limit = limitOf(series);
  const most = Math.min(Number.MAX_VALUE, (limit ?? Infinity) * OVER_FULL);
  const { times, values, cleaned } = isSpotless(series, most) ? spotless(series) : kept(series, most);
  return { times, values, capacity: limit ?? greatestOf(values), limitKnown: limit !== undefined, cleaned };
}

/** A value as percentage points of the capacity, 0 to 100. */
export function levelOf(value: number, capacity: number): number {
  return capacity > 0 ? Math.min(100, (value / capacity) * 100) : 0;
}

/** Whether no rule takes anything out, as is nearly always so: nothing then needs to be copied. */
function isSpotless({ times, values, window: { start, end } }: Series, most: number): boolean {
  let before = -Infinity;
  for (let i = 0; i < times.length; i++) {
    const time = at(times, i);
    const value = at(values, i);
    if (!(time > before && time >= start && time < end && value >= 0 && value <= most)) return false;
    before = time;
  }
  return true;
}

function spotless({ times, values }: Series): Ordered & { cleaned: Cleaned } {
  return { times, values, cleaned: NOTHING_CLEANED };
}

function kept(series: Series, most: number): Ordered & { cleaned: Cleaned } {
  const counts = { ...NOTHING_CLEANED };
  const times = new Float64Array(series.times.length);
  const values = new Float64Array(series.times.length);
  const { start, end } = series.window;
  let count = 0;
  for (let i = 0; i < series.times.length; i++) {
    const time = at(series.times, i);
    const value = at(series.values, i);
    if (time >= start && time < end && value >= 0 && value <= most) {
      times[count] = time;
      values[count++] = value;
    } else counts[faultOf(time, value, most)]++;
  }
  const distinct = inOrder({ times: times.subarray(0, count), values: values.subarray(0, count) });
  counts.duplicate = count - distinct.times.length;
  return { ...distinct, cleaned: counts };
}

function greatestOf(values: Float64Array): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i++) if (at(values, i) > greatest) greatest = at(values, i);
  return greatest;
}

function isSound(series: Series): boolean {
  const { times, values, window } = series;
  const limit = limitOf(series);
  return (
    times.length === values.length &&
    Number.isFinite(window.end - window.start) &&
    window.start < window.end &&
    (limit === undefined || (limit > 0 && Number.isFinite(limit)))
  );
}

function limitOf({ unit, limit }: Series): number | undefined {
  return unit === '1' ? 1 : limit;
}

/** The rule by which a sample that is not kept is dropped. */
function faultOf(time: number, value: number, most: number): keyof Cleaned {
  if (!Number.isFinite(time) || !Number.isFinite(value)) return 'notFinite';
  return value < 0 || value > most ? 'outOfRange' : 'outsideWindow';
}

interface Ordered {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** In order of time; of samples with one time the least is kept, so that the order in which they came never matters. */
function inOrder({ times, values }: Ordered): Ordered {
  if (isInOrder(times)) return { times, values };
  const order = [...times.keys()].sort((a, b) => at(times, a) - at(times, b) || at(values, a) - at(values, b));
  const distinct = order.filter(
    (index, place) => place === 0 || at(times, index) !== at(times, order[place - 1] ?? index),
  );
  return {
    times: Float64Array.from(distinct, (index) => at(times, index)),
    values: Float64Array.from(distinct, (index) => at(values, index)),
  };
}

function isInOrder(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (at(times, i) <= at(times, i - 1)) return false;
  return true;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
