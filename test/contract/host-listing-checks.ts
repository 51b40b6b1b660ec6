/** The checks behind the promises of a `HostListing`. */
import { expect } from 'vitest';
import type { HostFilter } from '../../core/model/host-filter.ts';
import { isResource, MEMORY_UTILIZATION, type Reading } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type {
  HostListing,
  HostPlan,
  Listed,
  ListedPage,
  MemorySource,
  Meter,
  PlannedHost,
} from '../../core/ports/memory-source.ts';
import type { ListingWorld } from './host-listing-world.ts';

const NOT_COUNTED: Meter = { count() {} };

/** Pages of one list after which it counts as one without end. */
const MAX_PAGES = 500;

export async function readsAsAtOnce(world: ListingWorld): Promise<void> {
  for (const filters of [[], [world.filter]]) {
    const atOnce = await outcomeOf(() => readAll(world.open(), world, filters));
    const inSteps = await outcomeOf(() => readInSteps(world, filters));

    expect(inSteps).toEqual(atOnce);
  }
}

export async function listsNoMorePages(world: ListingWorld): Promise<void> {
  const before = world.listings();
  await readAll(world.open(), world, []);
  const atOnce = world.listings() - before;
  await list(world, []);

  expect(world.listings() - before - atOnce).toBe(atOnce);
  expect(atOnce).toBeGreaterThanOrEqual(world.pages);
}

export async function plansEachHostOnce(world: ListingWorld): Promise<void> {
  const { hosts, readings } = await planned(world, []);

  const ids = [...hosts.map(({ resource }) => resource.id), ...readings.flatMap(idOf)];
  const read = await readAll(world.open(), world, []);
  expect(ids.sort()).toEqual(read.flatMap(idOf).sort());
  expect(new Set(ids).size).toBe(ids.length);
}

export async function plansInAnyOrder(world: ListingWorld): Promise<void> {
  const listed = await list(world, []);
  const backwards = new Map(
    [...listed].map(([name, { entries, failure }]) => [name, { entries: entries.toReversed(), failure }]),
  );

  const plan = listingOf(world.open()).plan(listed, []);
  const other = listingOf(world.open()).plan(backwards, []);

  expect(byId(other.hosts)).toEqual(byId(plan.hosts));
  expect(sorted(other.readings)).toEqual(sorted(plan.readings));
}

export async function plansAdmittedHosts(world: ListingWorld): Promise<void> {
  const filters = [world.filter];
  const all = await planned(world, []);
  const admitted = await planned(world, filters);

  const read = await readAll(world.open(), world, filters);
  const ids = [...admitted.hosts.map(({ resource }) => resource.id), ...admitted.readings.flatMap(idOf)];
  expect(ids.sort()).toEqual(read.flatMap(idOf).sort());
  expect(admitted.hosts.length).toBeGreaterThan(0);
  expect(admitted.hosts.length).toBeLessThan(all.hosts.length);
}

export async function readsAPart(world: ListingWorld): Promise<void> {
  const { hosts } = await planned(world, []);
  const part = hosts.filter((_, index) => index % 3 === 0);

  const readings = await readAll(listingOf(world.open()).sourceOf(part), world, []);

  const all = await readAll(world.open(), world, []);
  const ids = new Set(part.map(({ resource }) => resource.id));
  expect(readings).toEqual(all.filter((reading) => idOf(reading).some((id) => ids.has(id))));
}

export async function listsNothingAgain(world: ListingWorld): Promise<void> {
  const { hosts } = await planned(world, []);
  const source = listingOf(world.open()).sourceOf(hosts);
  const before = world.listings();

  await readAll(source, world, []);
  await readAll(source, world, [world.filter]);
  const count = await source.countHosts?.([], NOT_COUNTED);

  expect(world.listings()).toBe(before);
  expect(count ?? hosts.length).toBe(hosts.length);
}

export async function readsNarrower(world: ListingWorld): Promise<void> {
  const { hosts } = await planned(world, [world.filter]);
  const source = listingOf(world.open()).sourceOf(hosts);

  const first = await readAll(source, world, [world.filter]);
  const second = await readAll(source, world, [world.filter, world.narrower]);

  const ids = new Set(hosts.map(({ resource }) => resource.id));
  const read = await readAll(world.open(), world, [world.filter, world.narrower]);
  expect(first).toHaveLength(hosts.length);
  expect(second).toEqual(read.filter((reading) => idOf(reading).some((id) => ids.has(id))));
  expect(second.length).toBeGreaterThan(0);
  expect(second.length).toBeLessThan(first.length);
}

export async function knowsConsumers(world: ListingWorld): Promise<void> {
  const { withConsumers: host } = world;
  const { hosts } = await planned(world, []);
  const source = listingOf(world.open()).sourceOf(hosts);
  expect(source.consumers !== undefined).toBe(host !== undefined);
  if (host === undefined) return;
  const span = { ...world.span, statistic: 'average' } as const;
  const consumersIn = async (of: MemorySource) =>
    sorted(await Array.fromAsync(of.consumers?.(host, span, NOT_COUNTED) ?? []));

  const consumers = await consumersIn(source);

  expect(consumers).toEqual(await consumersIn(world.open()));
  expect(consumers.map(({ kind }) => kind)).toContain('series');
}

export async function keepsLittle(world: ListingWorld): Promise<void> {
  const { hosts } = await planned(world, []);

  for (const host of hosts) expect(JSON.stringify(host).length).toBeLessThan(1_000);
}

export async function statesHostsPerRequest(world: ListingWorld): Promise<void> {
  const listing = listingOf(world.open());
  const year = {
    ...world.span,
    window: { start: world.span.window.end - 365 * 86_400_000, end: world.span.window.end },
  };

  for (const span of [world.span, year]) {
    expect(Number.isInteger(listing.hostsPerRequest(span))).toBe(true);
    expect(listing.hostsPerRequest(span)).toBeGreaterThan(0);
  }
  expect(listing.hostsPerRequest(year)).toBeLessThanOrEqual(listing.hostsPerRequest(world.span));
}

export async function refusesStrangers(world: ListingWorld): Promise<void> {
  const listing = listingOf(world.open());
  const [name = ''] = listing.lists;
  const { hosts } = await planned(world, []);
  const [host] = hosts;
  const request = { window: world.span.window, filters: [] };
  const unknown = [
    () => listing.page('a list of another source', request, NOT_COUNTED, new AbortController().signal),
    () => listing.page(name, { ...request, token: 'none of its own' }, NOT_COUNTED, new AbortController().signal),
    async () =>
      listing.plan(new Map(listing.lists.map((each) => [each, { entries: [[[7]]], failure: undefined }])), []),
    async () => listing.sourceOf(host ? [{ ...host, entry: { of: 'another source' } }] : []),
  ];

  for (const use of unknown) {
    await expect(outcomeOf(use)).resolves.toMatchObject({ reason: 'malformed', retryable: false });
  }
}

export async function reportsTimeout(world: ListingWorld): Promise<void> {
  const before = world.listings();
  const listing = listingOf(world.open());
  const request = { window: world.span.window, filters: [] };

  for (const name of listing.lists) {
    const outcome = await outcomeOf(() => listing.page(name, request, NOT_COUNTED, AbortSignal.abort()));
    expect(outcome).toMatchObject({ reason: 'timeout', retryable: true });
  }

  expect(world.listings()).toBe(before);
}

/** Lists page by page, each with a new source. */
async function list(world: ListingWorld, filters: readonly HostFilter[]): Promise<ReadonlyMap<string, Listed>> {
  const signal = new AbortController().signal;
  const request = { window: world.span.window, filters };
  const listed = new Map<string, Listed>();
  for (const name of listingOf(world.open()).lists) listed.set(name, await listOne(world, name, filters));
  const listing = listingOf(world.open());
  return (await listing.complete?.(listed, request, NOT_COUNTED, signal)) ?? listed;
}

async function listOne(world: ListingWorld, name: string, filters: readonly HostFilter[]): Promise<Listed> {
  const signal = new AbortController().signal;
  const entries: Listed['entries'][number][] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { window: world.span.window, filters, ...(token !== undefined && { token }) };
    let answer: ListedPage;
    try {
      answer = stored(await listingOf(world.open()).page(name, request, NOT_COUNTED, signal));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { entries, failure: { reason: error.reason, detail: error.message } };
    }
    entries.push(...answer.entries);
    token = answer.nextToken;
    if (token === undefined) return { entries, failure: undefined };
  }
  throw new Error(`the list ${name} does not end`);
}

async function planned(world: ListingWorld, filters: readonly HostFilter[]): Promise<HostPlan> {
  const listed = await list(world, filters);
  return stored(listingOf(world.open()).plan(listed, filters));
}

/** Lists, plans, and reads the hosts in pieces of one request, each with a new source. */
async function readInSteps(world: ListingWorld, filters: readonly HostFilter[]): Promise<Reading[]> {
  const { hosts, readings } = await planned(world, filters);
  const size = listingOf(world.open()).hostsPerRequest(world.span);
  if (!(size >= 1)) throw new Error(`${size} hosts a request`);
  const all: Reading[] = [...readings];
  for (let start = 0; start < hosts.length; start += size) {
    const piece = listingOf(world.open()).sourceOf(hosts.slice(start, start + size));
    all.push(...(await readAll(piece, world, filters)));
  }
  return sorted(all);
}

async function readAll(source: MemorySource, { span }: ListingWorld, filters: readonly HostFilter[]) {
  const request = { metric: MEMORY_UTILIZATION, span, filters };
  return sorted(await Array.fromAsync(source.read(request, NOT_COUNTED)));
}

/** The result, or of a `SourceError` what a run would record. */
async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { reason, retryable, message } = error;
    return { reason, retryable, message };
  }
}

function listingOf({ listing }: MemorySource): HostListing {
  if (listing === undefined) throw new Error('the source does not list its hosts step by step');
  return listing;
}

/** As a store gives it back. */
function stored<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  const back: Value = JSON.parse(text);
  return back;
}

function idOf(reading: Reading): string[] {
  if (reading.kind !== 'unreadable') return [reading.resource.id];
  return isResource(reading.scope) ? [reading.scope.id] : [];
}

function byId(hosts: readonly PlannedHost[]): PlannedHost[] {
  return hosts.toSorted((a, b) => (a.resource.id < b.resource.id ? -1 : 1));
}

function sorted<Each extends Reading>(readings: readonly Each[]): Each[] {
  const keyOf = (reading: Reading) =>
    `${idOf(reading).join()} ${reading.kind === 'series' ? JSON.stringify(reading.consumer) : JSON.stringify(reading)}`;
  return readings
    .map((reading) => ({ reading, key: keyOf(reading) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ reading }) => reading);
}
