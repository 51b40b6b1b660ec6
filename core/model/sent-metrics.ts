/** Metrics of a request as a sender states them, whatever their encoding: what a reader of the protocol returns, and nothing decided yet. */

/** Texts, numbers and booleans by name, as texts. Lists and groups are not read. */
export type SentAttributes = ReadonlyMap<string, string>;

export interface SentPoint {
  /** Epoch milliseconds; NaN where it is not stated. */
  readonly time: number;
  /** Epoch milliseconds: since when the sender has counted, which is the start of the process for a metric of a process. */
  readonly startTime?: number;
  /** It may be any number, also NaN. */
  readonly value: number;
  readonly attributes: SentAttributes;
}

export interface SentMetric {
  readonly name: string;
  /** A delta is a change and no value: it cannot be used. `other` is a histogram or a summary. */
  readonly kind: 'value' | 'delta' | 'other';
  readonly points: readonly SentPoint[];
}

/** What one resource sent: a host, or a process of one. */
export interface SentResource {
  readonly attributes: SentAttributes;
  /** Those that were requested of the reader. */
  readonly metrics: readonly SentMetric[];
}

export interface SentMetrics {
  readonly resources: readonly SentResource[];
  /** Metrics with other names, which were not read. */
  readonly otherMetrics: number;
}
