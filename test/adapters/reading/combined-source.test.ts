/** Machines and containers as one source: a memory source and a listing like any other, over honest parts. */
import { describe, expect, it } from 'vitest';
import { combinedSource, type SourceParts } from '../../../adapters/reading/combined-source.ts';
import { MEMORY_UTILIZATION, type Reading, type Resource } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource, Meter } from '../../../core/ports/memory-source.ts';
import { brokenPromises } from '../../contract/check.ts';
import { honestListingSource, honestListingWorld, type ListingLie } from '../../contract/honest-listing.ts';
import {
  crowdedWorld,
  deniedWorld,
  emptyWorld,
  honestSource,
  honestWorld,
  slowWorld,
  stallingWorld,
} from '../../contract/honest-source.ts';
import { describeHostListing, hostListingChecks } from '../../contract/host-listing.ts';
import type { ListingWorld } from '../../contract/host-listing-world.ts';
import * as lying from '../../contract/lying-sources.ts';
import { describeMemorySource, memorySourceChecks } from '../../contract/memory-source.ts';
import type { Expectation, World } from '../../contract/memory-source-world.ts';
import { failing } from '../../fixtures/failing.ts';

const UNCOUNTED: Meter = { count() {} };

const CONTAINERS = {
  'prod/shop/api': 'series',
  'prod/shop/db': 'series',
  'prod/shop/old': 'stopped_reporting',
} as const;

function containers(hosts: Readonly<Record<string, Expectation>> = CONTAINERS): MemorySource {
  return honestSource(hosts, undefined, 'container');
}

/** The honest world, and containers. */
function combinedWorld(
  lies: { readonly machines?: lying.Lie; readonly containers?: lying.Lie } = {},
  failed = {},
): World {
  const world = honestWorld(lies.machines, failed);
  const { containers: lie = (source: MemorySource) => source } = lies;
  return {
    ...world,
    open: () => combinedSource({ machines: world.open(), containers: lie(containers()) }),
    hosts: { ...world.hosts, ...CONTAINERS },
    billed: world.billed + Object.keys(CONTAINERS).length,
  };
}

/** Containers that are none, also where time is up. */
const NO_CONTAINERS: MemorySource = { ...containers({}), async *read() {} };

const withoutContainers = (machines: MemorySource) => combinedSource({ machines, containers: NO_CONTAINERS });

/** A source that throws whatever it is asked. */
function throwing(error: Error): MemorySource {
  return { ...containers(), read: () => failing(error), countHosts: () => Promise.reject(error) };
}

const DENIED = new SourceError('the role is denied', { reason: 'denied', retryable: false });

/** Machines that no one may read, and containers that can be read. */
function halfWorld(): World {
  const world = combinedWorld();
  return {
    ...world,
    open: () => combinedSource({ machines: throwing(DENIED), containers: containers() }),
    hosts: CONTAINERS,
    scopeFailures: ['denied'],
  };
}

describeMemorySource('a combined source', {
  world: async () => combinedWorld(),
  partlyFailing: {
    'a machine is forbidden': async () => combinedWorld({}, { 'i-flat': 'denied' }),
    'the machines are denied': async () => halfWorld(),
  },
  dead: {
    'both parts are denied': async () => {
      const world = deniedWorld();
      return { ...world, open: () => combinedSource({ machines: world.open(), containers: throwing(DENIED) }) };
    },
  },
  stalling: { 'a machine does not come': async () => stallingWorld(withoutContainers) },
  service: {
    empty: async () => emptyWorld(withoutContainers),
    slow: async () => slowWorld(withoutContainers),
    crowded: async () => crowdedWorld(withoutContainers),
  },
});

const CONTAINER_IDS = ['c/i-00', 'c/i-01', 'c/i-02', 'c/i-10', 'c/i-bare', 'c/i-11'];

function combinedListingWorld(lie?: ListingLie): ListingWorld {
  const state = { listings: 0 };
  const machines = honestListingWorld();
  const fleet = { ids: CONTAINER_IDS, kind: 'container' } as const;
  return {
    ...machines,
    open: () => combinedSource({ machines: machines.open(), containers: honestListingSource(state, lie, fleet) }),
    filter: { include: [{ id: '*i-0*' }] },
    listings: () => machines.listings() + state.listings,
    pages: 6,
  };
}

describeHostListing('a combined source', { world: async () => combinedListingWorld(), failing: {} });

describe('a combined source', () => {
  const span = combinedWorld().span;

  async function readAll(parts: SourceParts): Promise<Reading[]> {
    const request = { metric: MEMORY_UTILIZATION, span, filters: [] };
    return await Array.fromAsync(combinedSource(parts).read(request, UNCOUNTED));
  }

  it.each([
    ['keeps quiet about a container', 'yields exactly one reading for every host in scope', lying.keepingQuiet],
    ['reports a container twice', 'yields exactly one reading for every host in scope', lying.reportingTwice],
    ['gives the newest sample first', 'orders samples by time, without duplicates', lying.newestFirst],
    [
      'requests all samples and filters afterwards',
      'requests the samples of admitted hosts alone',
      lying.filteringAfterwards,
    ],
    ['lists its inventory at each read', 'lists its inventory once', lying.listingAgain],
    ['hides its calls', 'counts what it is billed for', lying.hidingTheBill],
  ])('is caught where one part %s', async (_, promise, lie) => {
    expect(await brokenPromises(memorySourceChecks, () => combinedWorld({ containers: lie }))).toContain(promise);
  });

  it('is caught where the list of one part ends after the first page', async () => {
    const lie: ListingLie = (honest) => ({
      ...honest,
      page: async (...args) => ({ entries: (await honest.page(...args)).entries }),
    });

    const broken = await brokenPromises(hostListingChecks, () => combinedListingWorld(lie));

    expect(broken).toContain('reads what it listed page by page as a read at once does');
  });

  it('names the part that could not be read', async () => {
    const readings = await readAll({ machines: honestWorld().open(), containers: throwing(DENIED) });

    expect(readings.at(-1)).toEqual({
      kind: 'unreadable',
      scope: honestWorld().open().scope,
      reason: 'denied',
      detail: 'containers could not be read: the role is denied',
    });
  });

  it('throws on what is no failure of a source', async () => {
    const bug = new TypeError('a mistake');

    await expect(readAll({ machines: honestWorld().open(), containers: throwing(bug) })).rejects.toBe(bug);
  });

  it('keeps the readings that a part gave before it failed, although the other failed too', async () => {
    const machines: MemorySource = {
      ...honestWorld().open(),
      async *read(...args) {
        yield* honestWorld()
          .open()
          .read(...args);
        throw DENIED;
      },
    };

    const readings = await readAll({ machines, containers: throwing(DENIED) });

    expect(readings.map(({ kind }) => kind)).toEqual([
      'series',
      'series',
      'not_monitored',
      'not_monitored',
      'unreadable',
      'unreadable',
    ]);
  });

  it('counts the hosts of the part that can be counted', async () => {
    const { countHosts } = combinedSource({ machines: throwing(DENIED), containers: containers() });
    const neither = combinedSource({ machines: throwing(DENIED), containers: throwing(DENIED) });

    await expect(countHosts?.([], UNCOUNTED)).resolves.toBe(3);
    await expect(neither.countHosts?.([], UNCOUNTED)).rejects.toBe(DENIED);
  });

  it('asks who uses the memory of a host where the host belongs', async () => {
    const consumersBy = (name: string): MemorySource => ({
      ...containers(),
      async *consumers(resource) {
        yield { kind: 'not_monitored', resource, reason: 'unsupported', hint: name };
      },
    });
    const machine: Resource = { ...containers().scope, id: 'i-1' };
    const meanSpan = { ...span, statistic: 'average' } as const;
    const hintsOf = async (parts: SourceParts, host: Resource) => {
      const { consumers } = combinedSource(parts);
      const readings = await Array.fromAsync(consumers?.(host, meanSpan, UNCOUNTED) ?? []);
      return readings.map((reading) => (reading.kind === 'not_monitored' ? reading.hint : reading.kind));
    };
    const both = { machines: consumersBy('machines'), containers: consumersBy('containers') };

    expect(await hintsOf(both, machine)).toEqual(['machines']);
    expect(await hintsOf(both, { ...machine, kind: 'task' })).toEqual(['containers']);
    const [hint] = await hintsOf({ ...both, containers: containers() }, { ...machine, kind: 'container' });
    expect(hint).toContain('inside of this container');
  });

  it('joins delays, retentions, prices and warnings', async () => {
    const machines: MemorySource = {
      ...honestWorld().open(),
      ingestionDelayMs: 5,
      retentionMs: 70,
      whyUnnamed: async () => 'no names',
      trustWarning: async () => undefined,
    };
    const price = { usdPerMetric: 0.00001, stated: 'another list' };

    const source = combinedSource({
      machines,
      containers: { ...containers(), ingestionDelayMs: 9, retentionMs: 60, price },
    });

    expect(source).toMatchObject({ ingestionDelayMs: 9, retentionMs: 60, price: { stated: 'made up; another list' } });
    await expect(source.whyUnnamed?.(UNCOUNTED)).resolves.toBe('no names');
    await expect(source.trustWarning?.()).resolves.toBeUndefined();
  });

  it('refuses parts of two scopes, or of two prices', () => {
    const machines = honestWorld().open();
    const dearer = { usdPerMetric: 1, stated: 'dearer' };
    const elsewhere = { ...machines.scope, region: 'us-east-1' };

    expect(() => combinedSource({ machines, containers: { ...containers(), scope: elsewhere } })).toThrow('two scopes');
    expect(() => combinedSource({ machines, containers: { ...containers(), price: dearer } })).toThrow('two prices');
  });

  it('lists its hosts step by step only where both parts do', () => {
    const listing = honestListingWorld().open();

    expect(combinedSource({ machines: listing, containers: containers() }).listing).toBeUndefined();
  });
});

describe('points of machines and containers', () => {
  it('are those of the machines', () => {
    const points: NonNullable<MemorySource['points']> = async function* none() {};
    const machines = { ...honestSource({}), points };

    expect(combinedSource({ machines, containers: containers() }).points).toBe(points);
    expect(combinedSource({ machines: honestSource({}), containers: containers() }).points).toBeUndefined();
  });
});
