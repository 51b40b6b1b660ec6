/** The worlds that the points of a source are tried in, and what is true in them. A source's differences are traits of its world. */
import type { UnreadableReason } from '../../core/model/series.ts';
import type { MemorySource, PointsRequest } from '../../core/ports/memory-source.ts';

/**
 * What is said of one metric of one host: `points` of the entire host, the part as one text (`mountpoint=/var`, as `partText` has it), or
 * why there are none.
 */
export type PointExpectation = string | UnreadableReason;

/** The points of a host without parts. */
export const POINTS = 'points';

/** By the host's id, then by the metric's name. */
export type ExpectedPoints = Readonly<Record<string, Readonly<Record<string, readonly PointExpectation[]>>>>;

/** The points of one metric of one host, or of one of its parts, computed apart from the source. */
export interface PointTruth {
  readonly id: string;
  readonly metric: string;
  /** As `partText` has it: empty of the entire host. */
  readonly part: string;
  /** Epoch milliseconds, in order, without what is missing. */
  readonly times: readonly number[];
  /** In the unit of the metric: fractions, not percent. */
  readonly values: readonly number[];
}

/** A world that can be read, and what is true in it. */
export interface PointWorld {
  /** A new source over the same world, of which nothing was read. */
  open(): MemorySource;
  /** Several metrics, so that one of them can be left out. */
  readonly request: Omit<PointsRequest, 'filters'>;
  /** Every host in scope, and nothing else. A metric that is of other hosts alone, as a feed may be, is left out of a host's. */
  readonly hosts: ExpectedPoints;
  /** Failures that concern hosts which are not known. */
  readonly scopeFailures?: readonly UnreadableReason[];
  /** Metrics that reading all of it is billed for; 0 where reading costs nothing. */
  readonly billed: number;
  /** A host with points, and what reading it alone is billed for. */
  readonly known: { readonly id: string; readonly billed: number };
  /** At least one of every metric that is requested: gaps, counters that were reset, and each statistic belong here. */
  readonly truths: readonly PointTruth[];
}

/** A world in which nothing can be read. */
export interface DeadPointWorld extends Pick<PointWorld, 'open' | 'request'> {
  readonly reason: UnreadableReason;
  readonly retryable: boolean;
}

/** A world in which a feed names a metric that there is not. */
export type UnknownFeedWorld = Pick<PointWorld, 'open' | 'request'>;
