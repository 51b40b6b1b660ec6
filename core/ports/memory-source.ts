/** Where the memory of hosts is read, and what reading costs. Contract: test/contract/memory-source.ts. */
import type { Deployment } from '../model/deployment.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { Json } from '../model/json.ts';
import type { MetricName } from '../model/metrics.ts';
import type { PointMetric, PointReading } from '../model/points.ts';
import type { NotMonitored, Reading, Resource, Scope, Span, Unreadable, Window } from '../model/series.ts';

/** Counts what a run costs. A source calls it once for each request that it sends, with the metrics that are billed for it. */
export interface Meter {
  count(call: string, metricsBilled?: number): void;
}

export interface ReadRequest {
  readonly metric: MetricName;
  readonly span: Span;
  /** All of them must admit a host. Applied before samples are requested. */
  readonly filters: readonly HostFilter[];
  /**
   * Whether hosts that are gone are read too, as far as the provider still has their series: they end before the window does. Where it
   * has none of them, as Azure of a machine that was deleted, nothing is yielded for them. A source whose price is by the host may
   * yield a sample of them.
   */
  readonly includeGone?: boolean;
}

/** Which points are read. The window is aligned to the period. */
export interface PointsRequest {
  readonly metrics: readonly PointMetric[];
  readonly window: Window;
  readonly periodMs: number;
  /** All of them must admit a host. Applied before points are requested. */
  readonly filters: readonly HostFilter[];
}

/** Which samples are read of hosts that are known. */
export type SamplesRequest = Pick<ReadRequest, 'metric' | 'span' | 'includeGone'>;

/**
 * The memory of the hosts of one provider account and region.
 *
 * - Yields exactly one reading per host in scope, as pages arrive; a host whose read failed is `unreadable`.
 * - Series are ordered, without duplicates, within the window, and in the unit and statistic that they state.
 * - A failure that concerns many hosts and leaves the rest readable is one `unreadable` per host, or one with a `Scope`
 *   where the hosts are not known.
 * - Throws `SourceError` for a metric that it does not have, and when nothing can be read; an aborted signal ends the read with reason `timeout`.
 * - Lists its inventory once: a second `read` with a narrower filter costs samples only.
 */
export interface MemorySource {
  readonly scope: Scope;
  /** Samples younger than this may still change: a window ends this long before the scheduled time. */
  readonly ingestionDelayMs: number;
  /** How long samples are kept at the resolution that is evaluated, in milliseconds. Absent where they are kept for good. */
  readonly retentionMs?: number;
  /** Prices one run by what the meter counted, in US dollars. Absent where reading costs nothing. */
  readonly price?: PriceList;
  read(request: ReadRequest, meter: Meter, signal?: AbortSignal): AsyncIterable<Reading>;
  /** How many hosts a read with these filters would yield: for a progress bar. Absent where that is not known beforehand. */
  countHosts?(filters: readonly HostFilter[], meter: Meter, signal?: AbortSignal): Promise<number>;
  /**
   * Why the names and tags of hosts cannot be read, and what to do; undefined where they can. Absent where they take no right of
   * their own. A read goes on without them, and nothing is thrown.
   */
  whyUnnamed?(meter: Meter, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * What is wrong with how the account trusts us, though it can be read, and what to do; undefined where nothing is. Absent where
   * no trust is involved. Nothing is thrown.
   */
  trustWarning?(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * What the account is and has, one sentence each, for whoever sets it up: exporters, versions, limits. Absent where there is nothing
   * that a read does not show. Throws `SourceError` where nothing can be read.
   */
  facts?(meter: Meter, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Who uses the memory of one host that `read` gave; absent where the provider has no such data. Called for leaking hosts
   * only, one by one, with a span that is a part of the evaluated one, and always for means: they add up as minima do not.
   *
   * - Yields one series of bytes for each consumer, with its `consumer` and the host as `resource`; `limit` is the host's
   *   capacity in bytes where that is known. Recordings that do not state it yield fractions of it, with a `limit` of 1. Ordered, without duplicates, within the window, as series of `read` are.
   * - Consumers are processes or pods, never both: a pod's processes are its own.
   * - Where there are none, one `not_monitored` reading of the host states why, and its hint how to turn collection on. Beside one
   *   that is `incommensurable` there may be series of fractions: a trace of who grew, and no more.
   * - What could not be read is one `unreadable` of the host, beside the series that could be. Nothing is thrown: what the
   *   host's memory does is known without its consumers.
   */
  consumers?(host: Resource, span: MeanSpan, meter: Meter, signal?: AbortSignal): AsyncIterable<Reading>;
  /**
   * The swap that one host that `read` gave uses; absent where the provider has no such data. Called for hosts that leak or are full, one by
   * one.
   *
   * - A series of `system.paging.usage`: bytes, with the host's memory in bytes as `limit` where that is known; or, where its bytes are not
   *   known, the fraction of swap that is used. Ordered, without duplicates, within the window, as series of `read` are.
   * - `not_monitored` where nobody collects it: a host without swap is one of these. Most have none, so that it is no failure and no advice.
   * - `unreadable` where it could not be read. Nothing is thrown.
   */
  swap?(host: Resource, span: MeanSpan, meter: Meter, signal?: AbortSignal): Promise<Reading>;
  /**
   * How often one host that `read` gave reads a page back from disk; absent where the provider has no such data. Called for full hosts only, one by
   * one, over the span of its swap.
   *
   * - A series of `system.paging.faults` of the type `major`: the number a second, as the mean of each period, of the entire host. What was counted before
   *   the window, or while the host could not be seen, is in no period; a counter that was reset adds what it has since. In order,
   *   without duplicates, within the window.
   * - `not_monitored` where nobody collects them, which is no failure and no advice; `unreadable` where they could not be read. Nothing is thrown.
   *
   * Contract: test/contract/page-faults.ts.
   */
  pageFaults?(host: Resource, span: MeanSpan, meter: Meter, signal?: AbortSignal): Promise<PointReading>;
  /**
   * Points of metrics beside memory, for anomaly inspection; absent where the provider has none. It needs no `read` before it.
   *
   * - For each host that the filters admit and each requested metric it yields the series of the host, or one of each of its parts; or one
   *   `not_monitored`, whose hint states how to have it collected; or one `unreadable`. Where the hosts are not known, one with a `Scope`.
   * - Points are in order, without duplicates, within the window, in the unit of the metric: percent stops here. Where a metric is
   *   counted, a point is what was added in its period: a counter that was reset adds what it has.
   * - Throws `SourceError` when nothing can be read; an aborted signal ends the read with reason `timeout`.
   *
   * Contract: test/contract/point-source.ts.
   */
  points?(request: PointsRequest, meter: Meter, signal?: AbortSignal): AsyncIterable<PointReading>;
  /**
   * What was deployed to one host that `read` gave, or to its group, in order, as far as the source itself states it: a recording may.
   * Absent where it states none.
   */
  deployments?(host: Resource): readonly Deployment[];
  /** How the hosts are listed step by step, and read a part at a time. Absent where a source never has more than one run can hold. */
  readonly listing?: HostListing;
}

/**
 * The hosts of a source, listed page by page, so that a listing goes on where another invocation left it, and read a part at a time
 * without being listed again. What passes through here is JSON of the source's own: nobody else looks into it. It may be stored:
 * each method that takes it back checks it, and throws `SourceError` (`malformed`) where another version wrote it.
 *
 * `read` puts its own inventory together from the same lists, so that listing, planning and reading all hosts gives the readings of
 * `read`. Contract: test/contract/host-listing.ts.
 */
export interface HostListing {
  /** The lists that an inventory is put together from, by name. They are independent of each other. */
  readonly lists: readonly string[];
  /**
   * One page of a list: the first, or the one behind a token, which any source of the same account and region takes. A page that
   * fails is tried again while there is time; then throws `SourceError`: whoever lists records its reason and message as the
   * `failure` of the list. A list without end fails as `truncated` after as many pages as there can be.
   */
  page(list: string, request: ListRequest, meter: Meter, signal: AbortSignal): Promise<ListedPage>;
  /**
   * Requests what only complete lists show to be needed, and returns the lists with it, for `plan`. A few requests at the most.
   * Absent where there is no such thing. What fails here is left out of the result: a plan can be made without it, and may then
   * name hosts that another of their name has just replaced.
   */
  complete?(
    listed: ReadonlyMap<string, Listed>,
    request: Omit<ListRequest, 'token'>,
    meter: Meter,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Listed>>;
  /**
   * Puts together what was listed. Pure, and the same in whatever order the entries of a list come. Throws `SourceError` where a list
   * that failed and gave nothing at all leaves nothing that could be read.
   *
   * @param listed Of every list.
   * @param filters Those that the lists were requested with.
   */
  plan(listed: ReadonlyMap<string, Listed>, filters: readonly HostFilter[]): HostPlan;
  /** Hosts in one request for samples of a span that is used to the full: shards end at such pages. */
  hostsPerRequest(span: Pick<Span, 'window' | 'periodMs'>): number;
  /**
   * The same source with these hosts for its inventory: `read` yields one reading for each that the filters admit, `consumers` and
   * `countHosts` know them, and nothing is listed.
   *
   * @param share The part of the provider's rate for the account and region that it may use, where several functions read at once.
   *   Default: 1.
   */
  sourceOf(hosts: readonly PlannedHost[], share?: number): MemorySource;
}

export interface ListRequest {
  /** The evaluated window: what reported in it is listed, where the provider knows it. */
  readonly window: Window;
  /** A list may hold only what these need: labels that they name, for example. The same for all pages. */
  readonly filters: readonly HostFilter[];
  /** Absent for the first page. */
  readonly token?: string;
}

export interface ListedPage {
  readonly entries: readonly Json[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/** What a list gave, and why it ended early; undefined where it is complete. */
export interface Listed {
  readonly entries: readonly Json[];
  readonly failure: Pick<Unreadable, 'reason' | 'detail'> | undefined;
}

export interface HostPlan {
  /** The hosts that the filters admit and whose samples can be requested, in any order. */
  readonly hosts: readonly PlannedHost[];
  /** What is known of the others without requesting samples, and what could not be listed. */
  readonly readings: readonly (NotMonitored | Unreadable)[];
}

/** A host, and what its source needs to read it. */
export interface PlannedHost {
  readonly resource: Resource;
  /** Some hundred bytes: a region may have 100,000 hosts. */
  readonly entry: Json;
}

/** Means add up to the mean of their sum; minima and maxima do not. */
export type MeanSpan = Span & { readonly statistic: 'average' };

/** A provider's list price. `stated` is text: the price, its source and the date on which it was looked up. */
export interface PriceList {
  readonly usdPerMetric: number;
  readonly stated: string;
}
