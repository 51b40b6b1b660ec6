/** Finds one host in its account and region, and the other hosts of its group, before any sample is paid for. */
import { admits, type HostFilter } from '../model/host-filter.ts';
import { isResource, type NotMonitored, type Resource, type Unreadable, type Window } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { HostListing, HostPlan, Listed, MemorySource, Meter, PlannedHost } from '../ports/memory-source.ts';
import { continueListing, newListing } from './list-region.ts';
import type { NewestPlan } from './newest-plan.ts';

export interface HostSearch {
  readonly source: MemorySource;
  /** The evaluated window. */
  readonly window: Window;
  /** Those of the config. */
  readonly filters: readonly HostFilter[];
  /** The id of the host: no pattern. */
  readonly host: string;
  /** Where the cloud does not know the host's group any more. */
  readonly group?: string;
  /** Hosts that are chosen before others of the group. */
  readonly first: ReadonlySet<string>;
  /** Others of the group that are chosen at the most. */
  readonly mostSiblings: number;
  readonly meter: Meter;
  /** The hosts of the newest run, where somebody knows them: they are not listed again. */
  readonly plan?: NewestPlan | undefined;
}

export type FoundHost =
  | {
      readonly kind: 'found';
      /** Reads the chosen hosts, and lists nothing. */
      readonly source: MemorySource;
      /** What is known of the host already; undefined where its samples can be requested. */
      readonly known: NotMonitored | Unreadable | undefined;
      readonly siblings: readonly PlannedHost[];
      readonly siblingCount: number | null;
      /** Lists that are not complete. */
      readonly failures: readonly Unreadable[];
    }
  /** Not among the hosts that are there now. */
  | { readonly kind: 'absent'; readonly failures: readonly Unreadable[] }
  /** It is there, and the config leaves it out. */
  | { readonly kind: 'excluded' }
  /** Nothing could be listed. */
  | { readonly kind: 'unreadable'; readonly failure: Unreadable };

export async function findHost(search: HostSearch, listing: HostListing, signal: AbortSignal): Promise<FoundHost> {
  return findPlanned(search, listing) ?? (await findListed(search, listing, signal));
}

/**
 * Undefined of a host that the plan does not have, or has without what the filters of today need: then only a list shows what becomes of
 * it. A plan that another version wrote is none.
 */
function findPlanned(search: HostSearch, listing: HostListing): FoundHost | undefined {
  const { plan, filters } = search;
  const isIt = sameHost(search);
  const planned = plan?.hosts.find(({ resource }) => isIt(resource) && admits(filters, resource));
  if (plan === undefined || planned === undefined) return undefined;
  const { group = search.group } = planned.resource;
  const others = othersOf(group, planned, plan.hosts).filter(({ resource }) => admits(filters, resource));
  const siblings = chosenFirst(others, search);
  const source = sourceOf(listing, [planned, ...siblings]);
  const siblingCount = group === undefined || !plan.isComplete ? null : others.length;
  return source && { kind: 'found', source, known: undefined, siblings, siblingCount, failures: [] };
}

function sourceOf(listing: HostListing, hosts: readonly PlannedHost[]): MemorySource | undefined {
  try {
    return listing.sourceOf(hosts);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function othersOf(
  group: string | undefined,
  host: PlannedHost | undefined,
  hosts: readonly PlannedHost[],
): readonly PlannedHost[] {
  return group === undefined ? [] : hosts.filter((one) => one !== host && one.resource.group === group);
}

async function findListed(search: HostSearch, listing: HostListing, signal: AbortSignal): Promise<FoundHost> {
  const listed = await listHosts(search, listing, signal);
  const plan = planOf(search, listing, listed, search.filters);
  if (plan.kind === 'unreadable') return { kind: 'unreadable', failure: plan };
  const failures = plan.readings.filter(
    (one): one is Unreadable => one.kind === 'unreadable' && !isResource(one.scope),
  );
  const isIt = sameHost(search);
  const planned = plan.hosts.find(({ resource }) => isIt(resource));
  const known = plan.readings.find((reading) => isIt(hostOf(reading)));
  if (planned === undefined && known === undefined) {
    const all = planOf(search, listing, listed, []);
    const isThere =
      all.kind === 'plan' && [...all.hosts.map(({ resource }) => resource), ...all.readings.map(hostOf)].some(isIt);
    return isThere ? { kind: 'excluded' } : { kind: 'absent', failures };
  }
  const group = (planned?.resource ?? (known && hostOf(known)))?.group ?? search.group;
  const others = othersOf(group, planned, plan.hosts);
  const siblings = chosenFirst(others, search);
  const chosen = [...(planned ? [planned] : []), ...siblings];
  return {
    kind: 'found',
    source: listing.sourceOf(chosen),
    known: planned === undefined ? known : undefined,
    siblings,
    siblingCount: group === undefined ? null : others.length,
    failures,
  };
}

/** Whether a host is the one that is looked for. Azure writes its ids in any case. */
export function sameHost({ source: { scope }, host }: Pick<HostSearch, 'source' | 'host'>) {
  const written = (id: string) => (scope.provider === 'azure' ? id.toLowerCase() : id);
  const wanted = written(host);
  return (resource: Resource | undefined): boolean => resource !== undefined && written(resource.id) === wanted;
}

function hostOf(reading: NotMonitored | Unreadable): Resource | undefined {
  if (reading.kind === 'not_monitored') return reading.resource;
  return isResource(reading.scope) ? reading.scope : undefined;
}

function chosenFirst(others: readonly PlannedHost[], { first, mostSiblings }: HostSearch): PlannedHost[] {
  const rank = ({ resource }: PlannedHost) => (first.has(resource.id) ? 0 : 1);
  const byId = (a: PlannedHost, b: PlannedHost) => (a.resource.id < b.resource.id ? -1 : 1);
  return others.toSorted((a, b) => rank(a) - rank(b) || byId(a, b)).slice(0, mostSiblings);
}

async function listHosts(
  { window, filters, meter }: HostSearch,
  listing: HostListing,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Listed>> {
  const lists = newListing(listing);
  await continueListing(listing, lists, { window, filters, meter, signal, timeIsUp: () => signal.aborted });
  const listed = new Map<string, Listed>(
    [...lists].map(([list, { entries, isComplete, failure }]) => [
      list,
      { entries, failure: failure ?? (isComplete ? undefined : OUT_OF_TIME) },
    ]),
  );
  return (await listing.complete?.(listed, { window, filters }, meter, signal)) ?? listed;
}

const OUT_OF_TIME = { reason: 'timeout', detail: 'the list of hosts did not come to its end in time' } as const;

function planOf(
  { source: { scope } }: HostSearch,
  listing: HostListing,
  listed: ReadonlyMap<string, Listed>,
  filters: readonly HostFilter[],
): (HostPlan & { readonly kind: 'plan' }) | Unreadable {
  try {
    return { kind: 'plan', ...listing.plan(listed, filters) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { kind: 'unreadable', scope, reason: error.reason, detail: error.message };
  }
}
