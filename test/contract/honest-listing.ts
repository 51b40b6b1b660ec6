/** A source without a provider that lists its hosts step by step, as honest as one can be: what liars are made of. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import {
  type HostKind,
  MEMORY_UTILIZATION,
  type Reading,
  type Resource,
  type Scope,
  type Span,
} from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { HostListing, ListRequest, MemorySource, ReadRequest } from '../../core/ports/memory-source.ts';
import type { ListingWorld } from './host-listing-world.ts';

const HOUR = 3_600_000;
const END = Date.UTC(2026, 10, 20, 12);
const SPAN: Span = { window: { start: END - HOUR, end: END }, periodMs: HOUR, statistic: 'average' };
const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };
const HOSTS = ['i-00', 'i-01', 'i-02', 'i-10', 'i-11', 'i-bare'];
const PAGE_SIZE = 2;

export type ListingLie = (listing: HostListing, source: MemorySource) => HostListing;

/** @param lie What the source does otherwise than it promises. */
export function honestListingWorld(lie: ListingLie = (listing) => listing): ListingWorld {
  const state = { listings: 0 };
  return {
    open: () => honestListingSource(state, lie),
    span: SPAN,
    filter: { include: [{ id: 'i-0*' }] },
    narrower: { exclude: [{ id: '*-00' }] },
    listings: () => state.listings,
    pages: 3,
    withConsumers: resourceOf('i-00'),
  };
}

/** @param state Counts the requests for lists. */
export function honestListingSource(
  state: { listings: number },
  lie: ListingLie = (listing) => listing,
  fleet: Fleet = { ids: HOSTS },
): MemorySource {
  const source = sourceOf(() => {
    state.listings += fleet.ids.length / PAGE_SIZE;
    return fleet.ids;
  }, fleet);
  return { ...source, listing: lie(listingOf(state, fleet), source) };
}

/** The hosts of a source. One whose id ends with `bare` is not monitored. */
export interface Fleet {
  readonly ids: readonly string[];
  /** Default: machines. */
  readonly kind?: HostKind;
}

function listingOf(state: { listings: number }, fleet: Fleet): HostListing {
  const resource = (id: string) => resourceOf(id, fleet);
  return {
    lists: ['hosts'],
    page: async (list, request, _, signal) => {
      if (list !== 'hosts') throw malformed('no such list');
      const start = startOf(request);
      if (signal.aborted) throw new SourceError('no time', { reason: 'timeout', retryable: true });
      state.listings++;
      const next = start + PAGE_SIZE;
      const entries = fleet.ids.slice(start, next);
      return next < fleet.ids.length ? { entries, nextToken: String(next) } : { entries };
    },
    plan(listed, filters) {
      const ids = z.array(z.string()).safeParse(listed.get('hosts')?.entries).data;
      if (ids === undefined) throw malformed('not a list of ours');
      const admitted = ids.filter((id) => admits(filters, resource(id)));
      return {
        hosts: admitted.filter(isMonitored).map((id) => ({ resource: resource(id), entry: id })),
        readings: admitted.filter((id) => !isMonitored(id)).map((id) => notMonitored(resource(id))),
      };
    },
    hostsPerRequest: () => 2,
    sourceOf(hosts) {
      const ids = hosts.map(({ entry }) => z.string().safeParse(entry).data);
      const known = ids.filter((id) => id !== undefined);
      if (known.length < ids.length) throw malformed('not a host of ours');
      return sourceOf(() => known, fleet);
    },
  };
}

function startOf({ token = '0' }: ListRequest): number {
  if (!/^\d+$/.test(token)) throw malformed('not a token of ours');
  return Number(token);
}

function malformed(message: string): SourceError {
  return new SourceError(message, { reason: 'malformed', retryable: false });
}

function sourceOf(list: () => readonly string[], fleet: Fleet): MemorySource {
  const admitted = (filters: readonly HostFilter[]) =>
    list()
      .map((id) => resourceOf(id, fleet))
      .filter((host) => admits(filters, host));
  async function* read({ filters, span }: ReadRequest): AsyncGenerator<Reading> {
    for (const host of admitted(filters)) yield isMonitored(host.id) ? seriesOf(host, span) : notMonitored(host);
  }
  return {
    scope: SCOPE,
    ingestionDelayMs: 0,
    read,
    countHosts: async (filters: readonly HostFilter[]) => admitted(filters).length,
    async *consumers(host, span) {
      yield { ...seriesOf(host, span), consumer: { kind: 'process', name: 'node' }, unit: 'By' };
    },
  };
}

function resourceOf(id: string, { kind }: Omit<Fleet, 'ids'> = {}): Resource {
  return { ...SCOPE, id, ...(kind && { kind }) };
}

function isMonitored(id: string): boolean {
  return !id.endsWith('bare');
}

function notMonitored(resource: Resource) {
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint: 'install an agent' } as const;
}

function seriesOf(resource: Resource, span: Span) {
  const values = { times: Float64Array.of(span.window.start), values: Float64Array.of(0.5) };
  return {
    kind: 'series',
    resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    ...span,
    ...values,
  } as const;
}
