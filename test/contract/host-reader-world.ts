/** Hosts in memory that readers are tried on: one leaks, one is steady, one cannot be read, and one is left out by the config. */
import type { HostReadPorts } from '../../core/inspection/answer-host-read.ts';
import type { HostReadRequest } from '../../core/model/host-memory.ts';
import { isResource, type Resource, type Series } from '../../core/model/series.ts';
import { createLocalHostReader } from '../../core/points/local-host-reader.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { aSource, aWorld, FLAT, LEAK, SCOPE, type World } from '../core/inspection/world.ts';
import { aResource, aTenantConfig, NOON } from '../fixtures/builders.ts';
import { createMemorySpendStore } from '../memory/stores.ts';
import type { ReaderWorld } from './host-reader.ts';

export type ReaderPorts = World & HostReadPorts & { readonly spend: SpendStore };

const DENIED: Resource = aResource({ id: 'i-denied' });
const LEFT_OUT: Series = { ...FLAT, resource: aResource({ id: 'i-left-out' }) };

/** A source whose hosts are listed, so that those that are left out are known. */
function listedSource(region: string): MemorySource {
  const denied = { kind: 'unreadable', scope: DENIED, reason: 'denied', detail: 'no right' } as const;
  const hosts = [FLAT.resource, LEAK.resource, DENIED, LEFT_OUT.resource];
  const source = aSource(region, FLAT, LEAK, denied, LEFT_OUT);
  return {
    ...source,
    async *read(request, meter, signal) {
      const isIn = ({ id }: Resource) =>
        request.filters.every(({ include }) => include?.some((rule) => rule.id === id) ?? true);
      for await (const reading of source.read(request, meter, signal)) {
        const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
        if (isResource(scope) && isIn(scope)) yield reading.kind === 'series' ? withTimes(reading) : reading;
      }
    },
    listing: {
      lists: ['hosts'],
      page: async () => ({ entries: hosts.map(({ id }) => id) }),
      plan: (_, filters) => ({
        hosts: hosts
          .filter(({ id }) => !filters.some(({ exclude }) => exclude?.some((rule) => rule.id === id)))
          .map((resource) => ({ resource, entry: resource.id })),
        readings: [],
      }),
      hostsPerRequest: () => 500,
      sourceOf(planned) {
        const only = { include: planned.map(({ resource }) => ({ id: resource.id })) };
        const all = listedSource(region);
        return {
          ...all,
          read: (request, ...rest) => all.read({ ...request, filters: [...request.filters, only] }, ...rest),
        };
      },
    },
  };
}

/** The samples moved into the window that is read. */
function withTimes(series: Series): Series {
  const { window, periodMs, times } = series;
  const start = window.end - times.length * periodMs;
  return { ...series, times: times.map((_, index) => start + index * periodMs) };
}

export async function aReaderPorts(): Promise<ReaderPorts> {
  const config = aTenantConfig({ hosts: { exclude: [{ id: LEFT_OUT.resource.id }] } });
  const world = await aWorld({ openSource: (_tenant, _account, region) => listedSource(region) }, config);
  return { ...world, spend: createMemorySpendStore() };
}

const requestFor = ({ id }: Resource): HostReadRequest => ({
  version: 1,
  kind: 'read_host',
  tenant: 'acme',
  ...SCOPE,
  host: id,
  to: new Date(NOON).toISOString(),
});

export const READS: Pick<ReaderWorld, 'leaking' | 'steady' | 'unreadable' | 'excluded'> = {
  leaking: requestFor(LEAK.resource),
  steady: requestFor(FLAT.resource),
  unreadable: requestFor(DENIED),
  excluded: requestFor(LEFT_OUT.resource),
};

const inSeconds = (seconds: number) => ({
  now: NOON,
  totalMs: seconds * 1000,
  remainingMs: () => seconds * 1000,
});

export async function localReaderWorld(): Promise<ReaderWorld> {
  const ports = await aReaderPorts();
  const readerOf = (own: HostReadPorts) =>
    createLocalHostReader({ portsOf: () => own, deadline: () => inSeconds(300) });
  const get = () => Promise.reject(new StoreError('the table is down'));
  return {
    ...READS,
    reader: readerOf(ports),
    broken: readerOf({ ...ports, configs: { get } }),
    unanswered: readerOf({ ...ports, configs: { get: () => new Promise(() => {}) } }),
  };
}
