/**
 * The machines and the containers of one account and region as one source: whoever inspects a scope reads one list of hosts, and a
 * message, a result and a schedule mean all of them.
 */
import * as z from 'zod';
import type { HostFilter } from '../../core/model/host-filter.ts';
import { parseInput } from '../../core/model/issues.ts';
import type { Json } from '../../core/model/json.ts';
import type { NotMonitored, Reading, Resource, Unreadable } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type {
  HostListing,
  HostPlan,
  Listed,
  MemorySource,
  Meter,
  PlannedHost,
  PriceList,
  ReadRequest,
} from '../../core/ports/memory-source.ts';
import { requireList } from './host-list.ts';

/** Two sources of one scope. `containers` yields resources with a `kind`, `machines` those without; their ids differ. */
export interface SourceParts {
  readonly machines: MemorySource;
  readonly containers: MemorySource;
}

type PartName = keyof SourceParts;

const PARTS = ['machines', 'containers'] as const satisfies readonly PartName[];

/**
 * - The parts are read one after the other: each keeps to the rate of its provider as if it were alone, and a reader that stops
 *   early leaves the second part unread.
 * - A part that cannot be read leaves the other: it is one `unreadable` of the scope, because how many of its hosts there are is not
 *   known. Where nothing can be read, the error is that of the machines.
 * - Who uses a host's memory is asked of the part that the host's `kind` belongs to.
 * - Hosts are listed step by step only where both parts can: lists and planned hosts are prefixed with their part.
 *
 * Throws where the parts differ in scope or in price, which is a mistake of whoever composes them.
 */
export function combinedSource(parts: SourceParts): MemorySource {
  const { machines, containers } = parts;
  const both = [machines, containers] as const;
  if (JSON.stringify(machines.scope) !== JSON.stringify(containers.scope)) throw new Error('the parts have two scopes');
  const price = joinedPrice(both);
  const retentions = both.flatMap(({ retentionMs }) => retentionMs ?? []);
  const listings = listingsOf(parts);
  return {
    scope: machines.scope,
    ingestionDelayMs: Math.max(...both.map(({ ingestionDelayMs }) => ingestionDelayMs)),
    ...(retentions.length > 0 && { retentionMs: Math.min(...retentions) }),
    ...(price && { price }),
    read: (request, meter, signal) => readBoth(parts, request, meter, signal),
    ...(machines.countHosts && containers.countHosts && { countHosts: (...args) => countBoth(parts, ...args) }),
    ...(both.some(({ whyUnnamed }) => whyUnnamed) && {
      whyUnnamed: (...args) => joinedTexts(both.map((part) => part.whyUnnamed?.(...args))),
    }),
    ...(both.some(({ trustWarning }) => trustWarning) && {
      trustWarning: (...args) => joinedTexts(both.map((part) => part.trustWarning?.(...args))),
    }),
    ...(both.some(({ consumers }) => consumers) && {
      consumers: (host, ...args) => parts[partOf(host)].consumers?.(host, ...args) ?? notCollected(host),
    }),
    ...(machines.swap && {
      swap: (host, ...args) => parts[partOf(host)].swap?.(host, ...args) ?? noSwap(host),
    }),
    // Of containers nobody publishes these.
    ...(machines.points && { points: machines.points }),
    ...(listings && { listing: combinedListing(parts, listings) }),
  };
}

/** A container swaps as its node does. */
async function noSwap(resource: Resource): Promise<Reading> {
  return { kind: 'not_monitored', resource, reason: 'unsupported', hint: 'Swap belongs to the node of a container.' };
}

function partOf({ kind }: Resource): PartName {
  return kind === undefined ? 'machines' : 'containers';
}

async function* readBoth(
  parts: SourceParts,
  request: ReadRequest,
  meter: Meter,
  signal: AbortSignal | undefined,
): AsyncGenerator<Reading> {
  const failures = new Map<PartName, SourceError>();
  let hasRead = false;
  for (const name of PARTS) {
    try {
      for await (const reading of parts[name].read(request, meter, signal)) {
        hasRead = true;
        yield reading;
      }
    } catch (error) {
      failures.set(name, sourceErrorOf(error));
    }
  }
  yield* unreadableParts(parts, failures, hasRead);
}

/** Throws where all parts failed and gave nothing. */
function unreadableParts(
  { machines: { scope } }: SourceParts,
  failures: ReadonlyMap<PartName, SourceError>,
  hasRead: boolean,
): Unreadable[] {
  const [first] = failures.values();
  if (first !== undefined && failures.size === PARTS.length && !hasRead) throw first;
  return [...failures].map(([name, { reason, message }]) => {
    const detail = `${name} could not be read: ${message}`;
    return { kind: 'unreadable', scope, reason, detail };
  });
}

/** Anything but a `SourceError` is thrown on. */
function sourceErrorOf(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  throw error;
}

/** A part that fails leaves the count of the other, which a progress bar can do with. */
async function countBoth(parts: SourceParts, filters: readonly HostFilter[], meter: Meter, signal?: AbortSignal) {
  const failures: SourceError[] = [];
  let sum = 0;
  for (const name of PARTS) {
    try {
      sum += (await parts[name].countHosts?.(filters, meter, signal)) ?? 0;
    } catch (error) {
      failures.push(sourceErrorOf(error));
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === PARTS.length) throw first;
  return sum;
}

async function joinedTexts(texts: readonly (Promise<string | undefined> | undefined)[]): Promise<string | undefined> {
  const distinct = new Set((await Promise.all(texts)).filter((text) => text !== undefined));
  return distinct.size === 0 ? undefined : [...distinct].join(' ');
}

/** A meter counts metrics, and not of which part they were: it could not apply two prices. */
function joinedPrice(sources: readonly MemorySource[]): PriceList | undefined {
  const prices = sources.flatMap(({ price }) => price ?? []);
  const [first] = prices;
  if (first === undefined) return undefined;
  if (prices.some(({ usdPerMetric }) => usdPerMetric !== first.usdPerMetric))
    throw new Error('the parts have two prices');
  return { ...first, stated: [...new Set(prices.map(({ stated }) => stated))].join('; ') };
}

async function* notCollected(resource: Resource): AsyncGenerator<NotMonitored> {
  const hint =
    resource.kind === undefined
      ? 'The provider has no figures of who uses the memory of this machine.'
      : 'The provider has no figures of what runs inside of this container: look with kubectl top pod --containers, or in the container itself.';
  yield { kind: 'not_monitored', resource, reason: 'unsupported', hint };
}

type Listings = Readonly<Record<PartName, HostListing>>;

function listingsOf({ machines, containers }: SourceParts): Listings | undefined {
  if (machines.listing === undefined || containers.listing === undefined) return undefined;
  return { machines: machines.listing, containers: containers.listing };
}

/** Of a planned host: its part, and what that part wrote. */
const entrySchema = z.tuple([z.enum(PARTS), z.json()]).readonly();

function combinedListing(parts: SourceParts, listings: Listings): HostListing {
  const lists = PARTS.flatMap((name) => listings[name].lists.map((list) => prefixed(name, list)));
  return {
    lists,
    page(list, ...args) {
      const [name, own] = split(requireList(list, lists));
      return listings[name].page(own, ...args);
    },
    ...(PARTS.some((name) => listings[name].complete) && {
      async complete(listed, ...args) {
        const completed = await Promise.all(
          PARTS.map(async (name) => {
            const own = listsOf(listed, name);
            const all = (await listings[name].complete?.(own, ...args)) ?? own;
            return [...all].map(([list, entries]) => [prefixed(name, list), entries] as const);
          }),
        );
        return new Map(completed.flat());
      },
    }),
    plan: (listed, filters) => planBoth(parts, listings, listed, filters),
    hostsPerRequest: (span) => Math.min(...PARTS.map((name) => listings[name].hostsPerRequest(span))),
    sourceOf(hosts, share) {
      const owned = hosts.map(ownedHost);
      const partWith = (name: PartName) =>
        listings[name].sourceOf(
          owned.flatMap((each) => (each.name === name ? each.host : [])),
          share,
        );
      return combinedSource({ machines: partWith('machines'), containers: partWith('containers') });
    },
  };
}

function planBoth(
  parts: SourceParts,
  listings: Listings,
  listed: ReadonlyMap<string, Listed>,
  filters: readonly HostFilter[],
): HostPlan {
  const failures = new Map<PartName, SourceError>();
  const plans = PARTS.flatMap((name) => {
    try {
      const { hosts, readings } = listings[name].plan(listsOf(listed, name), filters);
      return { hosts: hosts.map(({ resource, entry }) => ({ resource, entry: [name, entry] as const })), readings };
    } catch (error) {
      failures.set(name, sourceErrorOf(error));
      return [];
    }
  });
  const unreadable = unreadableParts(parts, failures, false);
  return {
    hosts: plans.flatMap(({ hosts }) => hosts),
    readings: [...plans.flatMap(({ readings }) => readings), ...unreadable],
  };
}

function listsOf(listed: ReadonlyMap<string, Listed>, part: PartName): ReadonlyMap<string, Listed> {
  return new Map(
    [...listed].flatMap(([list, entries]) => {
      const [name, own] = split(list);
      return name === part ? [[own, entries] as const] : [];
    }),
  );
}

function prefixed(name: PartName, list: string): string {
  return `${name}-${list}`;
}

function split(list: string): readonly [PartName, string] {
  const name = PARTS.find((part) => list.startsWith(prefixed(part, '')));
  if (name === undefined) throw malformed(`the list ${list} of hosts is of neither ${PARTS.join(' nor ')}`);
  return [name, list.slice(prefixed(name, '').length)];
}

function ownedHost({ resource, entry }: PlannedHost): { readonly name: PartName; readonly host: PlannedHost } {
  const { data } = parseInput(entrySchema, entry);
  if (data === undefined) throw malformed(`the plan for host ${resource.id} names neither ${PARTS.join(' nor ')}`);
  const [name, own]: readonly [PartName, Json] = data;
  return { name, host: { resource, entry: own } };
}

function malformed(what: string): SourceError {
  return new SourceError(`${what}: list the hosts again`, { reason: 'malformed', retryable: false });
}
