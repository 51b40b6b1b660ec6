/** Lists the hosts of a region page by page, as far as time allows; another invocation goes on from there. */
import pLimit from 'p-limit';
import type { HostFilter } from '../model/host-filter.ts';
import type { Json } from '../model/json.ts';
import type { RunRef } from '../model/run-ref.ts';
import { listStatesSchema } from '../model/run-work.ts';
import type { Unreadable, Window } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { HostListing, Listed, ListedPage, Meter } from '../ports/memory-source.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { parsed, requireWork } from './run-work.ts';

/** One list, as far as it is known. */
export interface ListState {
  readonly entries: Json[];
  /** Of the next page; undefined before the first page, and when the list is complete. */
  nextToken: string | undefined;
  isComplete: boolean;
  failure: Listed['failure'];
  /** Entries that are stored, and parts that hold them. */
  stored: number;
  parts: number;
}

export type RegionListing = ReadonlyMap<string, ListState>;

export function newListing({ lists }: HostListing): RegionListing {
  return new Map(lists.map((list) => [list, newList()]));
}

function newList(): ListState {
  return { entries: [], nextToken: undefined, isComplete: false, failure: undefined, stored: 0, parts: 0 };
}

export interface ListOptions {
  readonly window: Window;
  readonly filters: readonly HostFilter[];
  readonly meter: Meter;
  /** Aborted when the time for listing is up. */
  readonly signal: AbortSignal;
  /** Whether time is up, asked between two pages. */
  timeIsUp(): boolean;
}

/**
 * Continues all lists of a region, at once because they are independent. A list that fails is complete as far as it came. When time
 * is up the lists stay as they are, unless not one page came: then more invocations would not help either, and they fail.
 *
 * @returns Whether the listing is complete.
 */
export async function continueListing(
  source: HostListing,
  listing: RegionListing,
  options: ListOptions,
): Promise<boolean> {
  const pages = await Promise.all([...listing].map(([list, state]) => continueList(source, list, state, options)));
  const came = pages.reduce((sum, count) => sum + count, 0);
  const open = [...listing.values()].filter(({ isComplete }) => !isComplete);
  if (came === 0) for (const state of open) fail(state, NO_PAGE);
  return isListed(listing);
}

/** Whether all lists are complete. */
export function isListed(listing: RegionListing): boolean {
  return [...listing.values()].every(({ isComplete }) => isComplete);
}

const NO_PAGE = { reason: 'timeout', detail: 'not one page of the list of hosts came in time' } as const;

/** The number of pages that came. */
async function continueList(
  source: HostListing,
  list: string,
  state: ListState,
  { window, filters, meter, signal, timeIsUp }: ListOptions,
): Promise<number> {
  let pages = 0;
  const tokens = new Set<string | undefined>();
  while (!state.isComplete && (pages === 0 || !timeIsUp())) {
    const token = state.nextToken;
    tokens.add(token);
    try {
      const page = await source.page(list, { window, filters, ...(token !== undefined && { token }) }, meter, signal);
      addPage(state, page, tokens);
      pages++;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (signal.aborted || timeIsUp()) break;
      fail(state, { reason: error.reason, detail: error.message });
    }
  }
  return pages;
}

/** @param tokens With which pages were requested. */
function addPage(state: ListState, { entries, nextToken }: ListedPage, tokens: ReadonlySet<string | undefined>): void {
  for (const entry of entries) state.entries.push(entry);
  state.nextToken = nextToken;
  state.isComplete = nextToken === undefined;
  if (nextToken !== undefined && tokens.has(nextToken)) fail(state, NO_END);
}

/** Sources end such a list themselves; one that does not would be listed for ever. */
const NO_END = { reason: 'truncated', detail: 'the list of hosts gives further pages without end' } as const;

function fail(state: ListState, failure: Pick<Unreadable, 'reason' | 'detail'>): void {
  state.failure = failure;
  state.isComplete = true;
}

const STATES = 'listing/states';

const partName = (list: string, part: number) => `listing/${list}/${String(part).padStart(5, '0')}`;

/** Lists that are read at once. */
const AT_ONCE = 8;

/** Stores what was listed since the listing was loaded. The states come last: without them the parts do not count. */
export async function saveListing(run: RunRef, listing: RegionListing, work: WorkStore): Promise<void> {
  for (const [list, state] of listing) {
    if (state.entries.length === state.stored) continue;
    await work.put(run, partName(list, state.parts), state.entries.slice(state.stored));
    state.parts++;
    state.stored = state.entries.length;
  }
  const states = [...listing].map(([list, { nextToken = null, isComplete, failure = null, parts }]) => ({
    list,
    nextToken,
    isComplete,
    failure: failure && { ...failure },
    parts,
  }));
  await work.put(run, STATES, states);
}

/** What other invocations have listed; a new listing where none was saved. */
export async function loadListing(run: RunRef, source: HostListing, work: WorkStore): Promise<RegionListing> {
  const listing = new Map(newListing(source));
  const saved = await work.get(run, STATES);
  if (saved === undefined) return listing;
  for (const { list, nextToken, isComplete, failure, parts } of parsed(listStatesSchema.safeParse(saved), STATES)) {
    const entries = await loadParts(run, list, parts, work);
    const known = { nextToken: nextToken ?? undefined, isComplete, failure: failure ?? undefined };
    listing.set(list, { entries, ...known, stored: entries.length, parts });
  }
  return listing;
}

async function loadParts(run: RunRef, list: string, parts: number, work: WorkStore): Promise<Json[]> {
  const limit = pLimit(AT_ONCE);
  const names = Array.from({ length: parts }, (_, part) => partName(list, part));
  const loaded = await Promise.all(names.map((name) => limit(() => requireWork(run, name, work))));
  return loaded.flat();
}
