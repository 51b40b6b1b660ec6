/** What every source does with points: puts the terms of one together, checks values, and states why there are none. Pure. */
import { formatTime } from '../../core/messages/times.ts';
import type { Part, PointMetric, PointReading, PointSeries } from '../../core/model/points.ts';
import { MEMORY_UTILIZATION, OVER_FULL, type Reading, type Resource, type Window } from '../../core/model/series.ts';
import { type Failure, failureFor } from './failure.ts';

/** Points in order of time (epoch milliseconds), as many values as times. */
export type Points = Pick<PointSeries, 'times' | 'values'>;

export interface PartPoints {
  readonly part: Part;
  readonly points: Points;
}

type Periods = Pick<PointSeries, 'window' | 'periodMs'>;

export function pointSeries(
  resource: Resource,
  { name: metric, unit }: Pick<PointMetric, 'name' | 'unit'>,
  { part, points: { times, values } }: PartPoints,
  { window, periodMs }: Periods,
): PointSeries {
  return { kind: 'points', resource, metric, part, unit, window, periodMs, times, values };
}

/** A window that is shorter and has no point does not show whether an agent has stopped: an inspection each minute reads minutes. */
const SHORT_MS = 4 * 3_600_000;

export function isShort({ start, end }: Window): boolean {
  return end - start < SHORT_MS;
}

/** Parts of one host at the most: each is inspected by itself, and a machine of containers may have hundreds of mounts. */
export const MOST_PARTS = 64;

/** A host that has the metric, and no point of it in the window: usual where it is sparse, and in a window that is short. */
export function noPoints(resource: Resource, metric: Pick<PointMetric, 'name' | 'unit'>, span: Periods): PointSeries {
  return pointSeries(resource, metric, { part: {}, points: NO_POINTS }, span);
}

/** One history from what was published in several ways: where two have a point, the first one's counts. */
export function joinWays(ways: readonly Points[]): Points {
  const [first, ...others] = ways;
  if (first === undefined) return NO_POINTS;
  if (others.every(({ times }) => times.length === 0)) return first;
  return fold(ways, (values) => values[0] ?? Number.NaN);
}

/** The terms of one part as one: added up where the metric is counted, and folded by its statistic where it is not. */
export function foldTerms(terms: readonly Points[], { statistic }: Pick<PointMetric, 'statistic'>): Points {
  const [first] = terms;
  if (first === undefined) return NO_POINTS;
  return terms.length === 1 ? first : fold(terms, FOLDS[statistic]);
}

const FOLDS: Readonly<Record<PointMetric['statistic'], (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  // Terms may be more than a function takes arguments.
  minimum: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  maximum: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
};

const NO_POINTS: Points = { times: new Float64Array(), values: new Float64Array() };

function fold(all: readonly Points[], combine: (values: readonly number[]) => number): Points {
  const at = new Map<number, number[]>();
  for (const { times, values } of all) {
    for (const [index, time] of times.entries()) {
      const known = at.get(time);
      const value = values[index] ?? Number.NaN;
      if (known === undefined) at.set(time, [value]);
      else known.push(value);
    }
  }
  const ordered = [...at].sort(([a], [b]) => a - b);
  return {
    times: Float64Array.from(ordered, ([time]) => time),
    values: Float64Array.from(ordered, ([, values]) => combine(values)),
  };
}

type Checked =
  | { readonly kind: 'values'; readonly values: Float64Array }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Values within what the metric can be. A fraction a little beyond its limit reads as the limit; what is further away is in another unit,
 * or of something else. A feed's limits are the owner's expectation, and a value beyond them is what is looked for.
 *
 * @param service Who gave them.
 */
export function pointsFault(
  service: string,
  values: Float64Array,
  { name, lower, upper, feed }: Pick<PointMetric, 'name' | 'lower' | 'upper' | 'feed'>,
): Checked {
  const [least, most] = feed ? [-Infinity, Infinity] : [lower ?? -Infinity, upper ?? Infinity];
  const over = Number.isFinite(most) ? most * OVER_FULL : most;
  const bad = values.find((value) => !Number.isFinite(value) || value < least - ROUNDING || value > over);
  if (bad !== undefined) {
    return { kind: 'failed', failure: failureFor('malformed', `${service} gave ${bad} as ${name}, which cannot be`) };
  }
  return { kind: 'values', values: values.map((value) => Math.min(most, Math.max(least, value))) };
}

/** A mean of samples may exceed the greatest of them by the last digits of a number. */
const ROUNDING = 1e-9;

/** A host that used to have the metric, and has no point of it in a window that is not short. @param check What to do. */
export function stopped(resource: Resource, metric: string, { start, end }: Window, check: string): PointReading {
  const hint = `There is no ${metric} of this host between ${formatTime(start)} and ${formatTime(end)}, though there was before. ${check}`;
  return { kind: 'not_monitored', resource, metric, reason: 'stopped_reporting', hint };
}

/** What `read` gives for a host's memory, as points. A short window without a sample is a series without points. */
export function memoryPoints(reading: Reading, window: Window, periodMs: number): PointReading {
  const metric = MEMORY_UTILIZATION;
  if (reading.kind === 'unreadable') return { ...reading, metric };
  const { resource } = reading;
  if (reading.kind === 'series') {
    const { times, values } = reading;
    const capped = values.map((value) => Math.min(1, value));
    return { kind: 'points', resource, metric, part: {}, unit: '1', window, periodMs, times, values: capped };
  }
  if (reading.reason !== 'stopped_reporting' || !isShort(window)) return { ...reading, metric };
  return noPoints(resource, { name: metric, unit: '1' }, { window, periodMs });
}
