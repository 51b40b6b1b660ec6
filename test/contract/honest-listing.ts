/** A source without a provider that lists its hosts step by step, as honest as one can be: what liars are made of. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource, type Scope, type Span } from '../../core/model/series.ts';
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
  const open = (): MemorySource => {
    const source = sourceOf(() => {
      state.listings += HOSTS.length / PAGE_SIZE;
      return HOSTS;
    });
    return { ...source, listing: lie(listingOf(state), source) };
  };
  return {
    open,
    span: SPAN,
    filter: { include: [{ id: 'i-0*' }] },
    narrower: { exclude: [{ id: '*-00' }] },
    listings: () => state.listings,
    pages: 3,
    withConsumers: resourceOf('i-00'),
  };
}

function listingOf(state: { listings: number }): HostListing {
  return {
    lists: ['hosts'],
    page: async (list, request, _, signal) => {
      if (list !== 'hosts') throw malformed('no such list');
      const start = startOf(request);
      if (signal.aborted) throw new SourceError('no time', { reason: 'timeout', retryable: true });
      state.listings++;
      const next = start + PAGE_SIZE;
      const entries = HOSTS.slice(start, next);
      return next < HOSTS.length ? { entries, nextToken: String(next) } : { entries };
    },
    plan(listed, filters) {
      const ids = z.array(z.string()).safeParse(listed.get('hosts')?.entries).data;
      if (ids === undefined) throw malformed('not a list of ours');
      const admitted = ids.filter((id) => admits(filters, resourceOf(id)));
      return {
        hosts: admitted.filter(isMonitored).map((id) => ({ resource: resourceOf(id), entry: id })),
        readings: admitted.filter((id) => !isMonitored(id)).map(notMonitored),
      };
    },
    hostsPerRequest: () => 2,
    sourceOf(hosts) {
      const ids = hosts.map(({ entry }) => z.string().safeParse(entry).data);
      const known = ids.filter((id) => id !== undefined);
      if (known.length < ids.length) throw malformed('not a host of ours');
      return sourceOf(() => known);
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

function sourceOf(list: () => readonly string[]): MemorySource {
  async function* read({ filters, span }: ReadRequest): AsyncGenerator<Reading> {
    for (const id of list()) {
      if (admits(filters, resourceOf(id))) yield isMonitored(id) ? seriesOf(id, span) : notMonitored(id);
    }
  }
  return {
    scope: SCOPE,
    ingestionDelayMs: 0,
    read,
    countHosts: async (filters: readonly HostFilter[]) => list().filter((id) => admits(filters, resourceOf(id))).length,
    async *consumers(host, span) {
      yield { ...seriesOf(host.id, span), consumer: { kind: 'process', name: 'node' }, unit: 'By' };
    },
  };
}

function resourceOf(id: string): Resource {
  return { ...SCOPE, id };
}

function isMonitored(id: string): boolean {
  return id !== 'i-bare';
}

function notMonitored(id: string) {
  return { kind: 'not_monitored', resource: resourceOf(id), reason: 'not_reported', hint: 'install an agent' } as const;
}

function seriesOf(id: string, span: Span) {
  const values = { times: Float64Array.of(span.window.start), values: Float64Array.of(0.5) };
  return {
    kind: 'series',
    resource: resourceOf(id),
    metric: MEMORY_UTILIZATION,
    unit: '1',
    ...span,
    ...values,
  } as const;
}
