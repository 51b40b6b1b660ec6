/** What is taken out of a series before it is judged, by stated rules, each counted. Values leave here as percent of capacity. */
import type { Series, Window } from '../model/series.ts';
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

/**
 * Collectors that divide by another total than the kernel's report a little over 100 %. Up to here a value is read as
 * "full"; beyond it the sample is taken for nonsense and dropped. (Convention; no measurement behind the 5 %.)
 */
const OVER_LIMIT_TOLERANCE = 1.05;

/** Cleans a series; undefined when it cannot be one: arrays of different length, an empty window, a limit that is no size. */
export function clean(series: Series): Samples | undefined {
  if (!isSound(series)) return undefined;
  const limit = limitOf(series);
  const counts = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };
  const kept: Sample[] = [];
  for (const [index, time] of series.times.entries()) {
    const value = series.values[index] ?? Number.NaN;
    const fault = faultOf(time, value, series.window, limit ?? Infinity);
    if (fault === undefined) kept.push([time, value]);
    else counts[fault]++;
  }
  const distinct = distinctTimes(kept);
  counts.duplicate = kept.length - distinct.length;
  const capacity = limit ?? distinct.reduce((highest, [, value]) => Math.max(highest, value), 0);
  return {
    times: Float64Array.from(distinct, ([time]) => time),
    levels: Float64Array.from(distinct, ([, value]) => (capacity > 0 ? Math.min(100, (value / capacity) * 100) : 0)),
    unitPerPoint: capacity / 100,
    limitKnown: limit !== undefined,
    cleaned: counts,
  };
}

type Sample = [time: number, value: number];

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
  if (value < 0 || value > limit * OVER_LIMIT_TOLERANCE) return 'outOfRange';
  if (time < start || time >= end) return 'outsideWindow';
  return undefined;
}

/** In order of time; of samples with one time the least is kept, so that the order in which they came never matters. */
function distinctTimes(samples: Sample[]): Sample[] {
  const ordered = samples.every(([time], index) => index === 0 || time > (samples[index - 1]?.[0] ?? time));
  if (ordered) return samples;
  samples.sort(([timeA, valueA], [timeB, valueB]) => timeA - timeB || valueA - valueB);
  return samples.filter(([time], index) => time !== samples[index - 1]?.[0]);
}
