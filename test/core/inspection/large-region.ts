/** A region of any size whose hosts are listed page by page, over a clock that advances by what is done, and never by itself. */
import * as z from 'zod';
import type { Deadline } from '../../../core/inspection/deadline.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import type { HostFilter } from '../../../core/model/host-filter.ts';
import type { Json } from '../../../core/model/json.ts';
import type { NotMonitored, Resource, Series, Unreadable } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { HostListing, MemorySource, PlannedHost } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, NOON } from '../../fixtures/builders.ts';
import { SCOPE } from './world.ts';

const PAGE = 500;
const HOSTS_PER_REQUEST = 252;

export interface VirtualClock {
  /** Epoch milliseconds. */
  now: number;
}

/** An invocation that begins now and has so much time. */
export function invocation(clock: VirtualClock, totalMs: number): Deadline {
  const began = clock.now;
  return { now: began, totalMs, remainingMs: () => began + totalMs - clock.now };
}

export interface RegionOptions {
  readonly hosts: number;
  readonly clock?: VirtualClock;
  /** What a page of the list, and a request for samples, take. */
  readonly pageMs?: number;
  readonly requestMs?: number;
  readonly notMonitored?: number;
  /** Whether all hosts are of one group, so that they are read in the order of their ids. */
  readonly ordered?: boolean;
  /** The series of a host; a leaking one where it grows. */
  seriesOf?(id: string): Pick<Series, 'times' | 'values'>;
  /** Called before each request for samples. */
  onRequest?(ids: readonly string[]): void;
  /** Called before each page; may throw. */
  onPage?(page: number): void;
  /** Of the page behind one that is not the last. */
  nextToken?(page: number): string;
}

/** An invocation that reads. */
export interface Reader {
  /** Called for each host that was evaluated. */
  readonly evaluated?: ((id: string) => void) | undefined;
  /** When its reads are ended, epoch milliseconds. Absent: they never are. */
  readonly until?: number;
  /** Awaited before each request. */
  turn?(): Promise<void>;
}

export interface LargeRegion {
  readonly openSource: InspectionPorts['openSource'];
  /** The same for one invocation. */
  openFor(reader: Reader): InspectionPorts['openSource'];
  /** How often the samples of each host were read, for the evaluation alone. */
  readonly reads: Map<string, number>;
  readonly pages: () => number;
  readonly requests: () => number;
}

const FEW_POINTS = aSeries([0.4, 0.4, 0.4, 0.4]);

export const hostId = (index: number) => `i-${String(index).padStart(6, '0')}`;

function* requestsFor(hosts: readonly PlannedHost[]): Generator<Resource[]> {
  for (let start = 0; start < hosts.length; start += HOSTS_PER_REQUEST)
    yield hosts.slice(start, start + HOSTS_PER_REQUEST).map(({ resource }) => resource);
}

/** Filters by id alone, as the second read of suspects has. */
function admitted(planned: readonly PlannedHost[], filters: readonly HostFilter[]): readonly PlannedHost[] {
  const only = new Set(filters.flatMap(({ include = [] }) => include.flatMap(({ id }) => id ?? [])));
  return only.size === 0 ? planned : planned.filter(({ resource }) => only.has(resource.id));
}

const entrySchema = z.object({ id: z.string(), group: z.string() });

export function aLargeRegion(options: RegionOptions): LargeRegion {
  const { hosts, clock = { now: NOON }, pageMs = 0, requestMs = 0, notMonitored = 0, ordered = false } = options;
  const { seriesOf = () => FEW_POINTS, onRequest, onPage, nextToken = (page) => String(page + 1) } = options;
  const reads = new Map<string, number>();
  let [pages, requests] = [0, 0];
  const resource = (id: string, group: string) => aResource({ ...SCOPE, id, group });

  function request(hosts: readonly Resource[], { until = Number.POSITIVE_INFINITY, evaluated }: Reader): void {
    if (clock.now + requestMs > until) {
      clock.now = Math.max(clock.now, until);
      throw new SourceError('out of time', { reason: 'timeout', retryable: true });
    }
    onRequest?.(hosts.map(({ id }) => id));
    clock.now += requestMs;
    requests++;
    for (const { id } of evaluated ? hosts : []) {
      reads.set(id, (reads.get(id) ?? 0) + 1);
      evaluated?.(id);
    }
  }

  function sourceOf(planned: readonly PlannedHost[], reader: Reader): MemorySource {
    return {
      scope: SCOPE,
      ingestionDelayMs: 0,
      async *read({ span, filters }, meter, signal) {
        for (const some of requestsFor(admitted(planned, filters))) {
          await reader.turn?.();
          if (signal?.aborted) throw new SourceError('out of time', { reason: 'timeout', retryable: true });
          meter.count('GetMetricData', some.length);
          // The second read of suspects is of averages.
          request(some, span.statistic === 'minimum' ? reader : { ...reader, evaluated: undefined });
          for (const host of some) yield { ...FEW_POINTS, ...seriesOf(host.id), resource: host, window: span.window };
        }
      },
    };
  }

  const listing: Omit<HostListing, 'sourceOf'> = {
    lists: ['hosts'],
    async page(_list, { token }, meter) {
      const page = Number(token ?? 0);
      onPage?.(page);
      clock.now += pageMs;
      meter.count('ListMetrics');
      pages++;
      const ids = Array.from({ length: Math.min(PAGE, hosts - page * PAGE) }, (_, index) =>
        hostId(page * PAGE + index),
      );
      // Listed in another order than they are planned.
      const entries: Json[] = ids.map((id, index) => ({ id, group: ordered ? 'g' : `g-${index % 7}` }));
      return (page + 1) * PAGE < hosts ? { entries, nextToken: nextToken(page) } : { entries };
    },
    plan(listed) {
      const { entries = [], failure } = listed.get('hosts') ?? {};
      const known = entries.map((entry) => entrySchema.parse(entry));
      const readings: (NotMonitored | Unreadable)[] = Array.from({ length: notMonitored }, (_, index) => ({
        kind: 'not_monitored',
        resource: resource(`i-dark-${index}`, 'dark'),
        reason: 'not_reported',
        hint: 'install the agent',
      }));
      if (failure) readings.push({ kind: 'unreadable', scope: SCOPE, ...failure });
      return { hosts: known.map(({ id, group }) => ({ resource: resource(id, group), entry: id })), readings };
    },
    hostsPerRequest: () => HOSTS_PER_REQUEST,
  };

  const openFor: LargeRegion['openFor'] = (reader) => () => ({
    ...sourceOf([], reader),
    listing: {
      ...listing,
      async page(...page) {
        await reader.turn?.();
        return listing.page(...page);
      },
      sourceOf: (hosts) => sourceOf(hosts, reader),
    },
  });
  const openSource = openFor({ evaluated: () => undefined });
  return { openSource, openFor, reads, pages: () => pages, requests: () => requests };
}
