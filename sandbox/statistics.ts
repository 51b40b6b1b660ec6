/** Folds samples into periods, for every cloud that publishes statistics of them. */
import type { Window } from '../core/model/series.ts';

export const STATISTICS = ['Minimum', 'Maximum', 'Average', 'Sum', 'SampleCount'] as const;
export type StatisticName = (typeof STATISTICS)[number];

/** A metric that has samples, in any cloud. */
export interface Sampled {
  /** Milliseconds between two samples. */
  readonly cadenceMs: number;
  /** When samples exist, oldest window first. */
  readonly published: readonly Window[];
  /** Samples that are published at once, all of the same value. Default 1. */
  readonly samplesAtOnce?: number;
  readonly value: (time: number) => number;
}

export interface Points {
  /** Starts of the periods that hold a sample, in epoch milliseconds, oldest first. */
  readonly times: number[];
  readonly values: number[];
}

/**
 * The statistic of each period of a window; a period without a sample is absent.
 * Periods are counted from the start of the window, as CloudWatch counts them.
 */
export function foldPeriods(metric: Sampled, window: Window, periodMs: number, statistic: StatisticName): Points {
  const times: number[] = [];
  const values: number[] = [];
  for (let start = window.start; start < window.end; start += periodMs) {
    const value = fold(metric, start, Math.min(start + periodMs, window.end), statistic);
    if (value === undefined) continue;
    times.push(start);
    values.push(value);
  }
  return { times, values };
}

function fold(metric: Sampled, from: number, to: number, statistic: StatisticName): number | undefined {
  const { cadenceMs, published, samplesAtOnce = 1, value } = metric;
  let count = 0;
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const { start, end } of published) {
    const last = Math.min(to, end);
    for (let time = Math.ceil(Math.max(from, start) / cadenceMs) * cadenceMs; time < last; time += cadenceMs) {
      const sample = value(time);
      count += samplesAtOnce;
      sum += sample * samplesAtOnce;
      if (sample < minimum) minimum = sample;
      if (sample > maximum) maximum = sample;
    }
  }
  if (count === 0) return undefined;
  switch (statistic) {
    case 'Minimum':
      return minimum;
    case 'Maximum':
      return maximum;
    case 'Average':
      return sum / count;
    case 'Sum':
      return sum;
    case 'SampleCount':
      return count;
  }
}
