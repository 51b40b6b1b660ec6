/** Removes unusable samples from a series before it is evaluated, and counts them by rule; converts values to levels in percent. */
import { OVER_FULL, type Series, type Window } from '../model/series.ts';
import type { Cleaned } from '../model/verdict.ts';

/** Samples in order of time, one per time. The arrays may be the series' own: nobody writes to them. */
export interface CleanedSamples {
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Memory used, in the unit of the series. */
  readonly values: Float64Array;
  /** What counts as full, in the same unit. */
  readonly capacity: number;
  /** False for bytes without a limit: the capacity is then the highest sample, and the time of exhaustion is unknown. */
  readonly limitKnown: boolean;
  readonly cleaned: Cleaned;
}

export const NOTHING_CLEANED: Cleaned = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };

/** Cleans a series; undefined where it is malformed: arrays of different length, an empty window, a limit that is not positive. */
export function clean(series: Series): CleanedSamples | undefined {
  if (!isSound(series)) return undefined;
  const limit = limitOf(series);
  const most = Math.min(Number.MAX_VALUE, (limit ?? Infinity) * OVER_FULL);
  const { times, values, cleaned } = keptOf(series, most);
  return { times, values, capacity: limit ?? greatestOf(values), limitKnown: limit !== undefined, cleaned };
}

/** A value as percentage points of the capacity, 0 to 100. */
export function levelOf(value: number, capacity: number): number {
  return capacity > 0 ? Math.min(100, (value / capacity) * 100) : 0;
}

/**
 * The samples that every rule keeps, and the dropped ones by rule. Nothing is copied where nothing is dropped, which is
 * the usual case.
 */
function keptOf(series: Series, most: number): Ordered & { cleaned: Cleaned } {
  const { times: given, values: givenValues } = series;
  if (isSpotless(series, most)) return { times: given, values: givenValues, cleaned: NOTHING_CLEANED };
  const counts = { ...NOTHING_CLEANED };
  const times = new Float64Array(given.length);
  const values = new Float64Array(given.length);
  let count = 0;
  for (let i = 0; i < given.length; i++) {
    const time = at(given, i);
    const value = at(givenValues, i);
    if (isKept(time, value, series.window, most)) {
      times[count] = time;
      values[count++] = value;
    } else counts[faultOf(time, value, most)]++;
  }
  const distinct = inOrder({ times: times.subarray(0, count), values: values.subarray(0, count) });
  counts.duplicate = count - distinct.times.length;
  return { ...distinct, cleaned: counts };
}

/** Whether every sample is kept, and comes after the one before. */
function isSpotless({ times, values, window }: Series, most: number): boolean {
  let before = -Infinity;
  for (let i = 0; i < times.length; i++) {
    const time = at(times, i);
    if (!(time > before && isKept(time, at(values, i), window, most))) return false;
    before = time;
  }
  return true;
}

function isKept(time: number, value: number, { start, end }: Window, most: number): boolean {
  return time >= start && time < end && value >= 0 && value <= most;
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

/** Sorts by time. Of samples with one time the least is kept, so that the order of the input never matters. */
function inOrder({ times, values }: Ordered): Ordered {
  if (isInOrder(times)) return { times, values };
  const order = [...times.keys()].sort((a, b) => at(times, a) - at(times, b) || at(values, a) - at(values, b));
  const distinct = order.filter(
    (index, position) => position === 0 || at(times, index) !== at(times, order[position - 1] ?? index),
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
