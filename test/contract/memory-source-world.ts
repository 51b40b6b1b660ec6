/** The worlds that a memory source is tried in, and what is true in them. A source's differences are traits of its subject. */

import type { Span, Statistic, UnreadableReason } from '../../core/model/series.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';

/** What a source should report of one host. */
export type Expectation = 'series' | 'not_reported' | 'stopped_reporting' | UnreadableReason;

/** A world that can be read, and what is true in it. */
export interface World {
  /** A new source over the same world. */
  open(): MemorySource;
  readonly span: Span;
  /** Every host in scope by its id, and nothing else. */
  readonly hosts: Readonly<Record<string, Expectation>>;
  /** Failures that concern hosts which are not known. */
  readonly scopeFailures?: readonly UnreadableReason[];
  /** Trait: the calls that list the inventory; none where hosts and samples come together. */
  readonly inventoryCalls: readonly string[];
  /** Metrics that one read of all hosts is billed for, the inventory's included; 0 where reading costs nothing. */
  readonly billed: number;
  /** Trait: what of that listing the inventory costs. Absent: nothing. */
  readonly inventoryBilled?: number;
  /** A host of kind `series` with a gap, and its true samples for each statistic. */
  readonly known: { readonly id: string; truth(statistic: Statistic): { times: number[]; values: number[] } };
}

/** A world in which nothing can be read. */
export interface DeadWorld {
  open(): MemorySource;
  readonly span: Span;
  readonly reason: UnreadableReason;
  readonly retryable: boolean;
}

/** A world of several batches of equal hosts, of which one does not come. */
export interface StallingWorld {
  open(): MemorySource;
  readonly span: Span;
  readonly hosts: number;
  /** How many of them are in the batch that does not come. */
  readonly stalled: number;
  /** What is said of them: the one that never comes ends with the read itself. */
  readonly reason: 'timeout' | 'throttled';
  /** Milliseconds after which a source that does not go on is given up. */
  readonly circuitBreakerMs: number;
}

/** A world without a single host. */
export interface EmptyWorld {
  open(): MemorySource;
  readonly span: Span;
  /** Trait: what a listing costs that lists nothing. Absent: nothing. */
  readonly inventoryBilled?: number;
}

/** A world that lists its hosts and never answers for their samples. */
export interface SlowWorld {
  open(): MemorySource;
  readonly span: Span;
  /** Every host in scope by its id: `timeout`, but for those of which the listing shows everything. */
  readonly hosts: Readonly<Record<string, Expectation>>;
  /** Whether samples have been requested: the reader's time is over then. */
  requested(): boolean;
}

/** A world of many hosts, whose samples take many requests. */
export interface CrowdedWorld {
  open(): MemorySource;
  readonly span: Span;
  readonly hosts: number;
  /** The fewest calls that read them all, listings included. */
  readonly calls: number;
  /** Trait: calls that have been made when the first host is yielded: the listings, and what is under way at once. */
  readonly callsAhead: number;
}
