/** Functions of a series' samples in a window: https://prometheus.io/docs/prometheus/latest/querying/functions/ */

/** The samples of one window. */
export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** The window's bounds, both included: epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Undefined where the function has no value, as the rate of a single sample. */
export type OverTime = (samples: Samples) => number | undefined;

export const OVER_TIME: Readonly<Record<string, OverTime>> = {
  max_over_time: ({ values }) => extreme(values, (value, most) => value > most),
  min_over_time: ({ values }) => extreme(values, (value, least) => value < least),
  avg_over_time: ({ values }) => total(values) / values.length,
  sum_over_time: ({ values }) => total(values),
  count_over_time: ({ values }) => values.length,
  last_over_time: ({ values }) => values.at(-1),
  present_over_time: () => 1,
  changes: ({ values }) => pairs(values).filter(([before, value]) => value !== before).length,
  resets: ({ values }) => pairs(values).filter(([before, value]) => value < before).length,
  delta: (samples) => extrapolated(samples, { isCounter: false }),
  increase: (samples) => extrapolated(samples, { isCounter: true }),
  rate: (samples) => {
    const increase = extrapolated(samples, { isCounter: true });
    return increase === undefined ? undefined : (increase * 1_000) / (samples.to - samples.from);
  },
};

/** NaN counts where there is nothing else alone. */
function extreme(values: readonly number[], isMore: (value: number, found: number) => boolean): number {
  return values.reduce((found, value) => (Number.isNaN(found) || isMore(value, found) ? value : found));
}

export function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function pairs(values: readonly number[]): (readonly [number, number])[] {
  return values.slice(1).map((value, index) => [values[index] ?? value, value]);
}

/**
 * The change over the window, as if the series went on to the window's bounds: by half the average distance of samples where a bound is
 * further away than a tenth more than that. A counter is not taken to have been below zero.
 */
function extrapolated({ times, values, from, to }: Samples, { isCounter }: { isCounter: boolean }): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  const [start = 0, end = 0] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || times.length < 2) return undefined;
  const resets = isCounter ? pairs(values).reduce((sum, [before, value]) => sum + (value < before ? before : 0), 0) : 0;
  const change = end - start + resets;
  const sampledFor = last - first;
  const distance = sampledFor / (times.length - 1);
  let before = first - from;
  if (isCounter && change > 0 && start >= 0) before = Math.min(before, sampledFor * (start / change));
  const extend = (gap: number) => (gap < distance * 1.1 ? gap : distance / 2);
  return (change * (sampledFor + extend(before) + extend(to - last))) / sampledFor;
}
