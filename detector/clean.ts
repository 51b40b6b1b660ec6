/** What is taken out of a series before it is judged, by stated rules, each counted. Values leave here as percent of capacity. */
import { OVER_FULL, type Series, type Window } from '../model/series.ts';
import type { Cleaned } from '../model/verdict.ts';

/** Samples in order of time, one per time. */
export interface Samples {
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Memory used, in percentage points of the capacity, 0 to 100. */
  readonly levels: Float64Array;
  /** One percentage point in the unit of the series. */
  readonly unitPerPoint: number;
  /** False for bytes without a limit: levels are then percent of the highest sample, and exhaustion cannot be said. */
  readonly limitKnown: boolean;
  readonly cleaned: Cleaned;
}

/** Cleans a series; undefined when it cannot be one: arrays of different length, an empty window, a limit that is no size. */
export function clean(series: Series): Samples | undefined {
  if (!isSound(series)) return undefined;
  const limit = limitOf(series);
  const counts = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };
  const times = new Float64Array(series.times.length);
  const values = new Float64Array(series.times.length);
  let kept = 0;
  for (let i = 0; i < series.times.length; i++) {
    const time = series.times[i] ?? Number.NaN;
    const value = series.values[i] ?? Number.NaN;
    const fault = faultOf(time, value, series.window, limit ?? Infinity);
    if (fault === undefined) {
      times[kept] = time;
      values[kept++] = value;
    } else counts[fault]++;
  }
  const distinct = inOrder({ times: times.subarray(0, kept), values: values.subarray(0, kept) });
  counts.duplicate = kept - distinct.times.length;
  const capacity = limit ?? distinct.values.reduce((highest, value) => Math.max(highest, value), 0);
  return {
    times: distinct.times,
    levels: distinct.values.map((value) => (capacity > 0 ? Math.min(100, (value / capacity) * 100) : 0)),
    unitPerPoint: capacity / 100,
    limitKnown: limit !== undefined,
    cleaned: counts,
  };
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

/** The rule by which a sample is dropped; undefined when it is kept. */
function faultOf(time: number, value: number, { start, end }: Window, limit: number): keyof Cleaned | undefined {
  if (!Number.isFinite(time) || !Number.isFinite(value)) return 'notFinite';
  if (value < 0 || value > limit * OVER_FULL) return 'outOfRange';
  if (time < start || time >= end) return 'outsideWindow';
  return undefined;
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
