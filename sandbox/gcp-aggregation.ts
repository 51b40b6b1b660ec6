/**
 * Aligns the points of time series to periods and adds series up, as google.monitoring.v3.Aggregation says: a period ends with
 * its end time and does not hold its start, periods end where the interval ends, and one without points is absent.
 */
import type { GcpSeries } from './gcp-series.ts';

export const ALIGNERS = ['ALIGN_MIN', 'ALIGN_MAX', 'ALIGN_MEAN'] as const;
export type Aligner = (typeof ALIGNERS)[number];

export const REDUCERS = ['REDUCE_NONE', 'REDUCE_SUM', 'REDUCE_MEAN', 'REDUCE_MAX'] as const;
export type Reducer = (typeof REDUCERS)[number];

export interface Aggregation {
  readonly periodMs: number;
  readonly aligner: Aligner;
  readonly reducer: Reducer;
  /** Selectors; what is not among them is aggregated away. */
  readonly groupBy: readonly string[];
}

/** Epoch milliseconds: `(start, end]`. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

export interface Point {
  /** End of the period, epoch milliseconds. */
  readonly end: number;
  readonly value: number;
}

/** Series that become one: their common labels, and themselves. */
export interface Group {
  readonly labels: GcpSeries['labels'];
  readonly valueType: GcpSeries['valueType'];
  readonly members: readonly GcpSeries[];
}

const MINUTE = 60_000;

/** Without a reducer each series stays what it is, but for its metadata, which only a reduction shows. */
export function groupSeries(series: readonly GcpSeries[], { reducer, groupBy }: Aggregation): Group[] {
  if (reducer === 'REDUCE_NONE') return series.map((one) => ({ ...one, members: [one] }));
  const groups = Map.groupBy(series, ({ labels }) => JSON.stringify(groupBy.map((selector) => labels[selector] ?? '')));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const kept = groupBy.flatMap((selector) => {
      const value = first.labels[selector];
      return value === undefined ? [] : [[selector, value] as const];
    });
    const { 'metric.type': metric = '', 'resource.type': resource = '' } = first.labels;
    const labels = { 'metric.type': metric, 'resource.type': resource, ...Object.fromEntries(kept) };
    return [{ labels, valueType: reducer === 'REDUCE_MEAN' ? ('DOUBLE' as const) : first.valueType, members }];
  });
}

/** The aligned and reduced points of a group, newest first. `now` ends the world: later points do not exist. */
export function pointsOf(group: Group, interval: Interval, aggregation: Aggregation, now: number): Point[] {
  const { periodMs, aligner, reducer } = aggregation;
  const points: Point[] = [];
  for (let end = interval.end; end - periodMs >= interval.start; end -= periodMs) {
    const aligned = group.members
      .map((series) => align(series, end - periodMs, Math.min(end, now), aligner))
      .filter((value) => value !== undefined);
    const value = reduce(aligned, reducer);
    if (value !== undefined) points.push({ end, value: group.valueType === 'INT64' ? Math.round(value) : value });
  }
  return points;
}

function align({ written, value }: GcpSeries, start: number, end: number, aligner: Aligner): number | undefined {
  let count = 0;
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const window of written) {
    const from = Math.max(start + 1, window.start);
    for (let time = Math.ceil(from / MINUTE) * MINUTE; time <= end && time < window.end; time += MINUTE) {
      const point = value(time);
      count++;
      sum += point;
      if (point < minimum) minimum = point;
      if (point > maximum) maximum = point;
    }
  }
  if (count === 0) return undefined;
  switch (aligner) {
    case 'ALIGN_MIN':
      return minimum;
    case 'ALIGN_MAX':
      return maximum;
    case 'ALIGN_MEAN':
      return sum / count;
  }
}

function reduce(values: readonly number[], reducer: Reducer): number | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  switch (reducer) {
    case 'REDUCE_NONE':
      return first;
    case 'REDUCE_SUM':
      return values.reduce((sum, value) => sum + value, 0);
    case 'REDUCE_MEAN':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'REDUCE_MAX':
      return Math.max(...values);
  }
}
