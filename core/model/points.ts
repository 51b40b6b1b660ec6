/**
 * What is inspected beside memory: points of a metric of one host, or of a part of one. The vocabulary of anomaly inspection; leaks
 * are of `Series`. A missing point is absent; it is never 0, NaN or null.
 */
import type { NotMonitored, Resource, Unreadable, Window } from './series.ts';

/** On which side of its expected value a point is an anomaly: a processor that idles for a minute is none, and one that is busy may be. */
export const DIRECTIONS = ['up', 'down', 'both'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** How the samples of one period become a point. `sum` is of counts, as of errors: a point is the number that was added in its period. */
export const POINT_STATISTICS = ['average', 'minimum', 'maximum', 'sum'] as const;
export type PointStatistic = (typeof POINT_STATISTICS)[number];

/** A metric as it is inspected for anomalies, of the catalogue or of a tenant's own feed. */
export interface PointMetric {
  /** OpenTelemetry's name, or the one that a feed gives it. */
  readonly name: string;
  /** A UCUM code, as OpenTelemetry writes them: `1` is a fraction, `{thread}` a number of threads. */
  readonly unit: string;
  /** What people read: at most nine characters. */
  readonly label: string;
  readonly direction: Direction;
  /** What values can be at all, or may be: a point beyond one is an anomaly whatever was expected. Null where there is no such limit. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly statistic: PointStatistic;
  /** Whether periods without a point are usual: errors that are reported when there are some. */
  readonly sparse: boolean;
  /** The least distance from the expected value that an episode has at its peak, in `unit`. Default: a share of the range of its values. */
  readonly leastEffect?: number;
  /** Whether it fills up, as a disk does: growth is inspected too, and when the upper limit is reached. */
  readonly fills: boolean;
  /** How a source reads it; absent of a metric of the catalogue, which sources know. */
  readonly feed?: PointFeed;
}

/** Where a tenant's own metric is read. Contract of the fields: `feedSchema`. */
export interface PointFeed {
  /** PromQL, or a provider's namespace of metrics; absent where the name of the column suffices. */
  readonly query?: string;
  /** The labels (dimensions) that make the id of a host, in this order. */
  readonly entity: readonly string[];
  /** Labels that a host keeps, by which it can be selected: what it belongs to. */
  readonly parents: readonly string[];
  /** Labels that make the parts of a host, each inspected by itself. */
  readonly children: readonly string[];
  /** The provider's name of the metric: a column of the answer. */
  readonly column: string;
  /** Series of the column that are read at the most, where they are counted before they are billed; absent without a bound. */
  readonly mostSeries?: number;
}

/** The part of a host that points are of: `{ "mountpoint": "/var" }`; empty of the entire host. */
export type Part = Readonly<Record<string, string>>;

/** Points of one metric of one host, or of one of its parts. `times` are the starts of periods, in epoch milliseconds, in order. */
export interface PointSeries {
  readonly kind: 'points';
  readonly resource: Resource;
  readonly metric: string;
  readonly part: Part;
  readonly unit: string;
  readonly window: Window;
  readonly periodMs: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** `metric` is null where all requested metrics are concerned. */
export type PointReading =
  | PointSeries
  | (Unreadable & { readonly metric: string | null })
  | (NotMonitored & { readonly metric: string });

/** A part as one text, for keys and for people: `mountpoint=/var`, in the order of the names; empty of the entire host. */
export function partText(part: Part): string {
  return Object.keys(part)
    .sort()
    .map((name) => `${name}=${part[name]}`)
    .join(',');
}
