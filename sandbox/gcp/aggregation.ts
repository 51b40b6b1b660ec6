/**
 * Aligns the points of time series to periods and adds series up, as google.monitoring.v3.Aggregation defines: a period ends with
 * its end time and does not hold its start, periods end where the interval ends, and one without points is absent.
 */
import type { GcpSeries } from './described.ts';

/** All but the last are for gauges and differences, and the last for what is cumulative. */
export const ALIGNERS = ['ALIGN_MIN', 'ALIGN_MAX', 'ALIGN_MEAN', 'ALIGN_SUM', 'ALIGN_COUNT', 'ALIGN_DELTA'] as const;
type Aligner = (typeof ALIGNERS)[number];

export const REDUCERS = ['REDUCE_NONE', 'REDUCE_SUM', 'REDUCE_MEAN', 'REDUCE_MAX'] as const;
type Reducer = (typeof REDUCERS)[number];

/** A second alignment, of what the first aggregation gives. */
export interface Folding {
  readonly periodMs: number;
  readonly aligner: Aligner;
}

export interface Aggregation {
  readonly periodMs: number;
  readonly aligner: Aligner;
  readonly reducer: Reducer;
  /** Selectors; what is not among them is aggregated away. */
  readonly groupBy: readonly string[];
  readonly secondary?: Folding | undefined;
}

/** Epoch milliseconds: `(start, end]`. */
export interface TimeInterval {
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
  readonly unit: string;
  readonly members: readonly GcpSeries[];
}

const MINUTE = 60_000;

/** Without a reducer each series stays what it is, but for its metadata, which only a reduction shows. */
export function groupSeries(series: readonly GcpSeries[], aggregation: Aggregation): Group[] {
  const counts = (aggregation.secondary ?? aggregation).aligner === 'ALIGN_COUNT';
  // A mean of integers is none.
  const means = aggregation.aligner === 'ALIGN_MEAN';
  const groups = reducedGroups(series, aggregation).map(
    (group): Group => (means ? { ...group, valueType: 'DOUBLE' } : group),
  );
  return counts ? groups.map((group) => ({ ...group, valueType: 'INT64', unit: '1' })) : groups;
}

function reducedGroups(series: readonly GcpSeries[], { reducer, groupBy }: Aggregation): Group[] {
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
    const valueType = reducer === 'REDUCE_MEAN' ? 'DOUBLE' : first.valueType;
    return [{ labels, valueType, unit: first.unit, members }];
  });
}

/** The aligned and reduced points of a group, newest first. `now` ends the world: later points do not exist. */
export function pointsOf(group: Group, interval: TimeInterval, aggregation: Aggregation, now: number): Point[] {
  const { secondary } = aggregation;
  const points = [...reducedPoints(group, interval, aggregation, now)];
  const folded = secondary === undefined ? points : [...foldedPoints(points, interval, secondary)];
  return group.valueType === 'INT64' ? folded.map(({ end, value }) => ({ end, value: Math.round(value) })) : folded;
}

function* reducedPoints({ members }: Group, interval: TimeInterval, aggregation: Aggregation, now: number) {
  const { periodMs, aligner, reducer } = aggregation;
  for (let end = interval.end; end - periodMs >= interval.start; end -= periodMs) {
    const aligned: number[] = [];
    for (const series of members) {
      const value = align(sampled(series, end - periodMs, Math.min(end, now)), aligner);
      if (value !== undefined) aligned.push(value);
    }
    const value = reduce(aligned, reducer);
    if (value !== undefined) yield { end, value };
  }
}

/** Points are of the period that they end in. */
function* foldedPoints(points: readonly Point[], interval: TimeInterval, { periodMs, aligner }: Folding) {
  const byPeriod = Map.groupBy(points, ({ end }) => Math.floor((interval.end - end) / periodMs));
  for (const [period, inside] of byPeriod) {
    const end = interval.end - period * periodMs;
    const value = align(
      inside.map((point) => point.value),
      aligner,
    );
    if (value !== undefined && end - periodMs >= interval.start) yield { end, value };
  }
}

/** What was written in `(start, end]`, a value each minute. */
function sampled({ written, value }: GcpSeries, start: number, end: number): number[] {
  const points: number[] = [];
  for (const window of written) {
    const from = Math.max(start + 1, window.start);
    for (let time = Math.ceil(from / MINUTE) * MINUTE; time <= end && time < window.end; time += MINUTE) {
      const point = value(time);
      if (point !== undefined) points.push(point);
    }
  }
  return points;
}

function align(values: readonly number[], aligner: Aligner): number | undefined {
  if (values.length === 0) return undefined;
  switch (aligner) {
    case 'ALIGN_MIN':
      return Math.min(...values);
    case 'ALIGN_MAX':
      return Math.max(...values);
    case 'ALIGN_MEAN':
      return sumOf(values) / values.length;
    case 'ALIGN_SUM':
    // Of a counter a series holds what each minute added.
    case 'ALIGN_DELTA':
      return sumOf(values);
    case 'ALIGN_COUNT':
      return values.length;
  }
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function reduce(values: readonly number[], reducer: Reducer): number | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  switch (reducer) {
    case 'REDUCE_NONE':
      return first;
    case 'REDUCE_SUM':
      return sumOf(values);
    case 'REDUCE_MEAN':
      return sumOf(values) / values.length;
    case 'REDUCE_MAX':
      return Math.max(...values);
  }
}
