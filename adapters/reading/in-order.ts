/** Turns the samples of a provider into a series: in order of time, without duplicates, inside the window. */
import type { Window } from '../../core/model/series.ts';

export type Ordered =
  | { readonly kind: 'ordered'; readonly times: Float64Array; readonly values: Float64Array }
  /** One time was given two values, which is no series. */
  | { readonly kind: 'contradiction'; readonly time: number };

type Numbers = readonly number[] | Float64Array;

/**
 * `values` has the length of `times`. Nearly every answer is in order already, so that this is checked first: typed arrays are
 * then returned as they are.
 */
export function inOrder(times: Numbers, values: Numbers, window: Window): Ordered {
  if (isAscendingWithin(times, window)) return { kind: 'ordered', times: typed(times), values: typed(values) };
  const byTime = new Map<number, number>();
  for (const [index, time] of times.entries()) {
    if (time < window.start || time >= window.end) continue;
    const value = values[index] ?? Number.NaN;
    if (byTime.has(time) && !Object.is(byTime.get(time), value)) return { kind: 'contradiction', time };
    byTime.set(time, value);
  }
  const samples = [...byTime].sort(([a], [b]) => a - b);
  return {
    kind: 'ordered',
    times: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

function typed(numbers: Numbers): Float64Array {
  return numbers instanceof Float64Array ? numbers : new Float64Array(numbers);
}

function isAscendingWithin(times: Numbers, { start, end }: Window): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time <= previous || time < start || time >= end) return false;
    previous = time;
  }
  return true;
}
