/**
 * What the use cases need from outside, and what they are promised. Each port has one contract suite in test/contract/
 * that every adapter passes.
 */
import type { HostFilter } from '../model/host-filter.ts';
import type { Incident, IncidentKey } from '../model/incident.ts';
import type { InspectMessage } from '../model/message.ts';
import type { Notification } from '../model/notification.ts';
import type { RunSummary } from '../model/run.ts';
import type { Reading, Resource, Scope, Span } from '../model/series.ts';
import type { StoredTenant, TenantConfig } from '../model/tenant.ts';

/** Counts what a run costs. A source calls it once per request that leaves, with the metrics that request is billed for. */
export interface Meter {
  count(call: string, metricsBilled?: number): void;
}

export interface ReadRequest {
  readonly span: Span;
  /** All of them must admit a host. Applied before samples are asked for. */
  readonly filters: readonly HostFilter[];
}

/**
 * The memory of the hosts of one provider account and region.
 *
 * - Yields exactly one reading per host in scope, as pages arrive; a host whose read failed is `unreadable`.
 * - Series are ordered, without duplicates, within the window, and in the unit and statistic that they state.
 * - A failure that concerns many hosts and leaves the rest readable is one `unreadable` per host, or one with a `Scope`
 *   where the hosts are not known.
 * - Throws `SourceError` when nothing can be read; an aborted signal ends the read with reason `timeout`.
 * - Lists its inventory once: a second `read` with a narrower filter costs samples only.
 */
export interface MemorySource {
  readonly scope: Scope;
  /** Samples younger than this may still change: a window ends this long before the scheduled time. */
  readonly ingestionDelayMs: number;
  /** How long samples as fine as those that are judged are kept. Absent where they are kept for good. */
  readonly retentionMs?: number;
  /** Prices one run by what the meter counted, in US dollars. Absent where reading costs nothing. */
  readonly price?: PriceList;
  read(request: ReadRequest, meter: Meter, signal?: AbortSignal): AsyncIterable<Reading>;
  /** How many hosts a read with these filters would tell of: for a progress bar. Absent where that is not known beforehand. */
  countHosts?(filters: readonly HostFilter[], meter: Meter, signal?: AbortSignal): Promise<number>;
  /**
   * Who uses the memory of one host that `read` gave; absent where the provider has no such data. Called for leaking hosts
   * only, one by one, with a span that is a part of the judged one, and always for means: they add up as minima do not.
   *
   * - Yields one series of bytes for each consumer, with its `consumer` and the host as `resource`; `limit` is the host's
   *   capacity in bytes where that is known. Ordered, without duplicates, within the window, as series of `read` are.
   * - Consumers are processes or pods, never both: a pod's processes are its own.
   * - Where there are none, one `uncovered` reading of the host says why, and its hint how collection is turned on. Beside one
   *   that is `incommensurable` there may be series of fractions: a trace of who grew, and no more.
   * - What could not be read is one `unreadable` of the host, beside the series that could be. Nothing is thrown: what the
   *   host's memory does is known without its consumers.
   */
  consumers?(host: Resource, span: MeanSpan, meter: Meter, signal?: AbortSignal): AsyncIterable<Reading>;
}

/** Means add up to the mean of their sum; minima and maxima do not. */
export type MeanSpan = Span & { readonly statistic: 'average' };

/** A provider's list price. `stated` says the price, its source and the date on which it was looked up. */
export interface PriceList {
  readonly usdPerMetric: number;
  readonly stated: string;
}

export type PutOutcome = 'stored' | 'conflict';

/** A value with the version that a conditional put has to name. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** Tenant configs, versioned. A put that races another one is a `conflict`, never a lost update. */
export interface ConfigStore {
  /** The newest version, or the one asked for; undefined where there is none. */
  get(tenant: string, version?: number): Promise<StoredTenant | undefined>;
  /**
   * The tenant's external id; one that has none gets `newExternalId`, for good. A tenant needs no config for it, because what
   * a config names is made with it; it is not listed before it has one.
   */
  reserveExternalId(tenant: string, newExternalId: string): Promise<string>;
  /**
   * Stores the config as the version after `expectedVersion` (0 for a new tenant), with the tenant's external id:
   * `newExternalId` is taken where it has none.
   */
  put(config: TenantConfig, expectedVersion: number, newExternalId: string, putAt: number): Promise<PutOutcome>;
  /** The newest version of every tenant, in order of tenant id. */
  list(): AsyncIterable<StoredTenant>;
}

/** Incidents: one item per key, written only by conditional single-item puts. */
export interface IncidentStore {
  get(key: IncidentKey): Promise<Versioned<Incident> | undefined>;
  /** Stores the incident if its item is still at `expectedVersion` (0: there is none). */
  put(incident: Incident, expectedVersion: number): Promise<PutOutcome>;
  /** Incidents of a tenant's account and region that are suspected or open. May lag behind puts by seconds. */
  open(tenant: string, scope: Scope): AsyncIterable<Versioned<Incident>>;
  /** Incidents with pending bodies, of all tenants. May lag behind puts by seconds. */
  pending(): AsyncIterable<Versioned<Incident>>;
}

/** Summaries of runs, kept for a limited time. */
export interface RunLog {
  /** Stores or overwrites the summary with its id. */
  put(summary: RunSummary): Promise<void>;
  /** The newest runs of a tenant's account and region by scheduled time, newest first. */
  newest(tenant: string, scope: Scope, limit: number): Promise<readonly RunSummary[]>;
}

export type PublishOutcome = { readonly id: string } & (
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly retryable: boolean; readonly detail: string }
);

/**
 * A topic per tenant.
 *
 * - One outcome per event, in the order given; a failed entry never takes the others with it, and nothing is thrown.
 * - An event is never sent before an earlier one of its incident that failed: it fails as well, and may be retried.
 * - At least once: ids are deterministic, so that a subscriber can drop what it has seen.
 */
export interface Publisher {
  /** Makes the tenant's topic where it is not yet there, and returns its address. Throws `DeliveryError`. */
  ensureTopic(tenant: string): Promise<string>;
  publish(events: readonly Notification[]): Promise<readonly PublishOutcome[]>;
}

/** The queue that inspections are asked for on. Throws `DeliveryError` when it does not take a message. */
export interface InspectionQueue {
  send(message: InspectMessage): Promise<void>;
  /** Puts a message that cannot be understood aside, with the reason, where a person will find it. */
  reject(body: string, reason: string): Promise<void>;
}
