/** The memory of the machines and containers that one Prometheus server knows, or a service that answers as one does. */
import type { HostFilter } from '../../core/model/host-filter.ts';
import type { PointReading } from '../../core/model/points.ts';
import {
  MEMORY_UTILIZATION,
  NO_REGION,
  type NotMonitored,
  type Reading,
  type Scope,
  type Unreadable,
  type Window,
} from '../../core/model/series.ts';
import type { MemorySource, Meter, PlannedHost, PointsRequest, ReadRequest } from '../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { pageOf } from '../reading/host-list.ts';
import { onceForKey } from '../reading/once.ts';
import { requireMetric } from '../reading/require-metric.ts';
import { createRetries, type RetryClock } from '../reading/retry.ts';
import type { RequestContext } from './client.ts';
import { clusterLabelsOf } from './clusters.ts';
import type { PromqlConnection } from './connection.ts';
import { readConsumers, readSwap } from './consumers.ts';
import { type CustomQuery, requireSyntax } from './custom-queries.ts';
import { readFacts } from './facts.ts';
import { readFeeds } from './feeds.ts';
import { admitted, type Inventory, type InventoryOptions, listInventory, planOf } from './inventory.ts';
import { type KnownHost, knownHostOf } from './known-host.ts';
import { hostList, listNames } from './lists.ts';
import { readPageFaults } from './page-faults.ts';
import { readMachinePoints } from './read-points.ts';
import { readingOf } from './readings.ts';
import { sampleSource } from './sample-sources.ts';
import { hostsPerRequest, readSamples, type SourceHosts } from './samples.ts';

export interface PromqlOptions {
  /** What its owner calls the server. */
  readonly account: string;
  readonly connection: PromqlConnection;
  /** Whether containers are hosts too. Default: true. */
  readonly containers?: boolean;
  /**
   * The labels that distinguish servers whose machines and pods have equal names. Default: `cluster`, and at Google `location` too.
   */
  readonly clusterLabels?: readonly string[] | undefined;
  /** The label that groups machines. Absent: they have no group. */
  readonly groupLabel?: string | undefined;
  /** Expressions that replace those for known exporters: of machines, of containers, or of both. */
  readonly queries?: readonly CustomQuery[] | undefined;
  /** Milliseconds that one request may take, and bytes that are read of its answer, unpacked. */
  readonly deadlineMs?: number;
  readonly maxBytes?: number;
  /** For tests: the time of retries, and that at which hosts are counted (epoch milliseconds). */
  readonly clock?: RetryClock;
  readonly now?: () => number;
}

export type PromqlSource = MemorySource &
  Required<Pick<MemorySource, 'consumers' | 'countHosts' | 'listing' | 'points'>> & {
    /** What the server is and has, a sentence each, for people. Throws `SourceError` where nothing can be read. */
    facts(meter: Meter, signal?: AbortSignal): Promise<readonly string[]>;
  };

/** Servers scrape every 15 s to 2 min; stores that are written to from afar have samples some minutes late. */
const INGESTION_DELAY_MS = 5 * 60_000;

/** A server stops a query after two minutes by itself, and a run has five of them. */
const DEADLINE_MS = 60_000;

/** 100,000 containers have some 40 MiB of labels, and 100,000 points are 3 MiB. */
const MAX_BYTES = 64 * 2 ** 20;

/** How far back hosts are looked for where they are counted without a read. */
const COUNTED_MS = 100 * 3_600_000;

/** Windows of one run differ by less. An inventory of another time has other hosts. */
const SAME_WINDOW_MS = 3_600_000;

/** Hosts that are gone and are read at the most: what they are compared with needs no more. The first ones by id, the same each time. */
const MOST_GONE = 200;

/**
 * Reads `system.memory.utilization` of machines, a fraction of *used* memory, and `system.memory.usage` of containers, bytes of the
 * working set with the newest limit. What a server does not scrape it does not know: only targets that fail are `not_monitored`.
 */
export function promqlSource(options: PromqlOptions): PromqlSource {
  const { account, connection, containers = true, groupLabel, queries = [], clock } = options;
  const { deadlineMs = DEADLINE_MS, maxBytes = MAX_BYTES } = options;
  const { clusterLabels = clusterLabelsOf(connection.url) } = options;
  const scope: Scope = { provider: 'prometheus', account, region: NO_REGION };
  const retries = createRetries(clock);
  const own: Own = {
    scope,
    groupLabel,
    coverage: { containers, queries, clusterLabels },
    now: options.now ?? Date.now,
  };
  const open = (meter: Meter, signal: AbortSignal): RequestContext => {
    requireSyntax(queries);
    return { connection, scope, meter, signal, retries, deadlineMs, maxBytes };
  };
  const listed = listedInventories(own);
  return {
    ...sourceOf(own, open, listed),
    points: pointsOf(own, open, listedInventories(machinesAlone(own))),
    async whyUnnamed(meter, signal = NEVER) {
      return (await listed(open(meter, signal), countedWindow(own.now()))).unnamed;
    },
    facts: async (meter, signal = NEVER) => {
      const context = open(meter, signal);
      return await readFacts(context, await listed(context, countedWindow(own.now())));
    },
    listing: {
      lists: listNames(own.coverage),
      async page(list, { window, token }, meter, signal) {
        return await pageOf(hostList(open(meter, signal), list, { coverage: own.coverage, window }), token);
      },
      plan: (lists, filters) => planOf(lists, own, filters),
      hostsPerRequest,
      sourceOf: (planned) => ({
        ...sourceOf(own, open, givenHosts(planned)),
        points: pointsOf(own, open, givenHosts(planned)),
      }),
    },
  };
}

interface Own extends InventoryOptions {
  readonly now: () => number;
}

/** Never aborts. */
const NEVER = new AbortController().signal;

type Open = (meter: Meter, signal: AbortSignal) => RequestContext;
type Inventories = ((context: RequestContext, window: Window) => Promise<Inventory>) & {
  /** Whether the server may have hosts that are not in it. */
  readonly isPart?: boolean;
};

/** Lists once for all windows of a run. */
function listedInventories(own: Own): Inventories {
  const listed = onceForKey(isSameWindow, (window: Window, context: RequestContext) =>
    listInventory(context, own, window),
  );
  return (context, window) => listed(window, context);
}

/** A listing that goes further back has all that one of a part of it has. */
function isSameWindow(listed: Window, wanted: Window): boolean {
  return Math.abs(listed.end - wanted.end) <= SAME_WINDOW_MS && listed.start <= wanted.start + SAME_WINDOW_MS;
}

function givenHosts(planned: readonly PlannedHost[]): Inventories {
  const inventory = {
    hosts: planned.map(knownHostOf),
    notMonitored: [],
    ambiguous: [],
    missing: [],
    unnamed: undefined,
  };
  return Object.assign(async () => inventory, { isPart: true });
}

function countedWindow(now: number): Window {
  const end = Math.floor((now - INGESTION_DELAY_MS) / 60_000) * 60_000;
  return { start: end - COUNTED_MS, end };
}

function sourceOf(own: Own, open: Open, inventories: Inventories) {
  async function* readAll(context: RequestContext, request: ReadRequest): AsyncGenerator<Reading> {
    const inventory = await inventories(context, request.span.window);
    const { hosts, readings } = admitted(inventory, request.filters);
    yield* readings;
    const wanted = [...expected(hosts), ...(request.includeGone ? gone(hosts) : [])];
    const known = inventories.isPart ? undefined : inventory.hosts;
    for await (const read of readSamples(context, groupsOf(wanted, known, own), request.span)) {
      const reading = readingOf(read, request);
      if (reading) yield reading;
    }
  }

  return {
    scope: own.scope,
    ingestionDelayMs: INGESTION_DELAY_MS,
    read(request: ReadRequest, meter: Meter, signal?: AbortSignal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, (either) => readAll(open(meter, either), request));
    },
    async countHosts(filters: readonly HostFilter[], meter: Meter, signal = NEVER) {
      const inventory = await inventories(open(meter, signal), countedWindow(own.now()));
      const { hosts, unread } = admitted(inventory, filters);
      return expected(hosts).length + unread.length;
    },
    consumers: (...[host, span, meter, signal]: Parameters<NonNullable<MemorySource['consumers']>>) =>
      untilConsumerStops(signal, (either) =>
        readConsumers(open(meter, either), host, { span, clusterLabels: own.coverage.clusterLabels }),
      ),
    swap: (...[host, span, meter, signal = NEVER]: Parameters<NonNullable<MemorySource['swap']>>) =>
      readSwap(open(meter, signal), host, { span, clusterLabels: own.coverage.clusterLabels }),
    pageFaults: (...[host, span, meter, signal = NEVER]: Parameters<NonNullable<MemorySource['pageFaults']>>) =>
      readPageFaults(open(meter, signal), host, { span, clusterLabels: own.coverage.clusterLabels }),
  };
}

/** Points are of machines: a container has none of these metrics for itself. */
function machinesAlone(own: Own): Own {
  const queries = own.coverage.queries.filter(({ kind }) => kind === 'machine');
  return { ...own, coverage: { ...own.coverage, queries, containers: false } };
}

/** Hosts are looked for over this long at the least: a window may be a minute. */
const LISTED_MS = 3 * 3_600_000;

function pointsOf(own: Own, open: Open, inventories: Inventories) {
  async function* readAll(context: RequestContext, request: PointsRequest): AsyncGenerator<PointReading> {
    const { start, end } = request.window;
    const inventory = await inventories(context, { start: Math.min(start, end - LISTED_MS), end });
    const { hosts, readings } = admitted(inventory, request.filters);
    const isOfMachines = request.metrics.some(({ feed }) => feed === undefined);
    if (isOfMachines) yield* readings.flatMap((reading) => ofEachMetric(reading, request));
    const wanted = expected(hosts).filter(({ resource }) => resource.kind !== 'container');
    const known = inventories.isPart ? undefined : inventory.hosts;
    const { clusterLabels } = own.coverage;
    if (isOfMachines) yield* readMachinePoints(context, { hosts: wanted, known, clusterLabels }, request);
    const machines = new Map(inventory.hosts.map(({ resource }) => [resource.id, resource]));
    yield* readFeeds(context, machines, request);
  }
  return (request: PointsRequest, meter: Meter, signal?: AbortSignal) =>
    untilConsumerStops(signal, (either) => readAll(open(meter, either), request));
}

function ofEachMetric(reading: NotMonitored | Unreadable, { metrics }: PointsRequest): PointReading[] {
  if (reading.kind === 'unreadable') return [{ ...reading, metric: null }];
  return metrics.flatMap(({ name, feed }) => (feed === undefined ? [{ ...reading, metric: name }] : []));
}

function expected(hosts: readonly KnownHost[]): KnownHost[] {
  return hosts.filter(({ state }) => state !== 'gone');
}

function gone(hosts: readonly KnownHost[]): KnownHost[] {
  return hosts
    .filter(({ state }) => state === 'gone')
    .toSorted((a, b) => (a.resource.id < b.resource.id ? -1 : 1))
    .slice(0, MOST_GONE);
}

/** @param known All hosts of the server; undefined where it may have others. */
function groupsOf(wanted: readonly KnownHost[], known: readonly KnownHost[] | undefined, own: Own): SourceHosts[] {
  const total = known && Map.groupBy(known, ({ source }) => source);
  return [...Map.groupBy(wanted, ({ source }) => source)].flatMap(([key, hosts]) => {
    const source = sampleSource(key, own.coverage.queries, own.coverage.clusterLabels);
    return source ? [{ source, hosts, isAll: total?.get(key)?.length === hosts.length }] : [];
  });
}
