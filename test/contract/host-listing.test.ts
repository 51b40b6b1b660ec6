/** The suite of listings: kept by an honest source without a provider, and broken by each one that lies. */
import { describe, expect, it } from 'vitest';
import type { HostListing, HostPlan, ListedPage, PlannedHost } from '../../core/ports/memory-source.ts';
import { brokenPromises } from './check.ts';
import { honestListingWorld, type ListingLie } from './honest-listing.ts';
import { describeHostListing, hostListingChecks } from './host-listing.ts';

describeHostListing('an honest source', { world: async () => honestListingWorld(), failing: {} });

const AT_ONCE = 'reads what it listed page by page as a read at once does';
const PAGES = 'takes the pages that a read takes, and no more';
const ONCE = 'plans each host once';
const ORDER = 'plans the same in whatever order the pages are put together';
const ADMITTED = 'plans the hosts that the filters let in';
const PART = 'reads a part of the hosts, and no other';
const AGAIN = 'reads and counts planned hosts without listing';
const NARROWER = 'reads fewer of the planned hosts where a filter is narrower';
const CONSUMERS = 'knows the consumers of planned hosts';
const LITTLE = 'keeps a host in some hundred bytes';
const PER_REQUEST = 'states how many hosts a request takes';
const STRANGERS = 'refuses what it has not written itself';
const TIMEOUT = 'reports timeout when the signal is aborted beforehand';

function lyingPages(bend: (page: ListedPage) => ListedPage): ListingLie {
  return (honest) => ({ ...honest, page: async (...args) => bend(await honest.page(...args)) });
}

function lyingPlans(bend: (plan: HostPlan) => HostPlan): ListingLie {
  return (honest) => ({ ...honest, plan: (...args) => bend(honest.plan(...args)) });
}

function lyingHosts(bend: (host: PlannedHost, index: number) => PlannedHost): ListingLie {
  return lyingPlans(({ hosts, readings }) => ({ hosts: hosts.map(bend), readings }));
}

/** Knows its entries in memory alone. */
const forgetful: ListingLie = (honest) => {
  const known = new Map<string, PlannedHost>();
  return {
    ...honest,
    plan(listed, filters) {
      const { hosts, readings } = honest.plan(listed, filters);
      for (const host of hosts) known.set(host.resource.id, host);
      return { hosts: hosts.map(({ resource }) => ({ resource, entry: null })), readings };
    },
    sourceOf: (hosts) => honest.sourceOf(hosts.flatMap(({ resource }) => known.get(resource.id) ?? [])),
  };
};

/** Goes on where it stopped itself, whatever token it is given. */
const ignoringTokens: ListingLie = (honest) => ({
  ...honest,
  page: (list, { token: _, ...request }, ...rest) => honest.page(list, request, ...rest),
});

/** Takes the first entry for the newest. */
const trustingTheOrder: ListingLie = (honest) => ({
  ...honest,
  plan(listed, filters) {
    const { hosts, readings } = honest.plan(listed, filters);
    return {
      hosts: hosts.map((host) => ({ ...host, resource: { ...host.resource, name: String(hosts[0]?.resource.id) } })),
      readings,
    };
  },
});

const anyPage = (honest: HostListing): HostListing => ({
  ...honest,
  page: async (_, request, meter) => honest.page('hosts', { ...request }, meter, new AbortController().signal),
});

const LIES: readonly [string, readonly string[], ListingLie][] = [
  [
    'plans a host twice',
    [ONCE, AT_ONCE],
    lyingPlans(({ hosts, readings }) => ({ hosts: [...hosts, ...hosts.slice(0, 1)], readings })),
  ],
  [
    'loses a host of the plan',
    [ONCE, AT_ONCE],
    lyingPlans(({ hosts, readings }) => ({ hosts: hosts.slice(1), readings })),
  ],
  ['loses what needs no samples', [AT_ONCE], lyingPlans(({ hosts }) => ({ hosts, readings: [] }))],
  ['loses an entry of each page', [AT_ONCE], lyingPages((page) => ({ ...page, entries: page.entries.slice(1) }))],
  ['gives the first page whatever the token', [AT_ONCE, PAGES], ignoringTokens],
  ['ends after the first page', [AT_ONCE, PAGES], lyingPages(({ entries }) => ({ entries }))],
  [
    'lists once more at the end',
    [PAGES],
    (honest) => ({
      ...honest,
      complete: async (listed, request, meter, signal) => {
        await honest.page('hosts', request, meter, signal);
        return listed;
      },
    }),
  ],
  ['depends on the order of pages', [ORDER], trustingTheOrder],
  [
    'plans hosts that no filter lets in',
    [ADMITTED],
    (honest) => ({ ...honest, plan: (listed) => honest.plan(listed, []) }),
  ],
  ['reads all hosts whatever it is given', [PART], (honest, source) => ({ ...honest, sourceOf: () => source })],
  [
    'lists again to read',
    [AGAIN],
    (honest, source) => ({
      ...honest,
      sourceOf: (hosts) => ({
        ...honest.sourceOf(hosts),
        countHosts: source.countHosts?.bind(source) ?? (async () => 0),
      }),
    }),
  ],
  [
    'obeys the first filter alone',
    [NARROWER],
    (honest) => ({
      ...honest,
      sourceOf(hosts) {
        const part = honest.sourceOf(hosts);
        return {
          ...part,
          read: (request, ...rest) => part.read({ ...request, filters: request.filters.slice(0, 1) }, ...rest),
        };
      },
    }),
  ],
  [
    'forgets the consumers',
    [CONSUMERS],
    (honest) => ({
      ...honest,
      sourceOf(hosts) {
        const { consumers: _, ...part } = honest.sourceOf(hosts);
        return part;
      },
    }),
  ],
  ['keeps everything of a host', [LITTLE], lyingHosts((host) => ({ ...host, entry: 'x'.repeat(1_000) }))],
  ['takes no host in a request', [PER_REQUEST], (honest) => ({ ...honest, hostsPerRequest: () => 0 })],
  ['keeps in memory what a store has to hold', [AT_ONCE], forgetful],
  ['takes whatever a store holds', [STRANGERS], (honest) => ({ ...honest, sourceOf: () => honest.sourceOf([]) })],
  ['gives a page of any list at any time', [STRANGERS, TIMEOUT], anyPage],
];

describe('the suite of listings', () => {
  it.each(LIES)('catches a source that %s', async (_, promises, lie) => {
    const broken = await brokenPromises(hostListingChecks, () => honestListingWorld(lie));

    expect(broken).toEqual(expect.arrayContaining([...promises]));
  });

  it('has a lie for each promise', () => {
    const liedAbout = new Set(LIES.flatMap(([, promises]) => promises));

    const trusted = hostListingChecks.map(({ message }) => message).filter((message) => !liedAbout.has(message));

    expect(trusted).toEqual([]);
  });
});
