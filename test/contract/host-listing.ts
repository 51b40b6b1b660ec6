/**
 * The promises of a `HostListing`, each as a check that can be called: every source that lists its hosts step by step is held to all of
 * them, and so are liars, which have to fail. Whatever passes from one step to the next goes through JSON, as a store would have it.
 */
import { describe } from 'vitest';
import { type Check, itKeeps } from './check.ts';
import * as checks from './host-listing-checks.ts';
import type { ListingWorld } from './host-listing-world.ts';

export interface HostListingSubject {
  readonly world: () => Promise<ListingWorld>;
  /** Worlds in which lists fail or end early, by what goes wrong. What `read` makes of them, a plan makes too. */
  readonly failing: Readonly<Record<string, () => Promise<ListingWorld>>>;
}

export const hostListingChecks: readonly Check<ListingWorld>[] = [
  { message: 'reads what it listed page by page as a read at once does', verify: checks.readsAsAtOnce },
  { message: 'takes the pages that a read takes, and no more', verify: checks.listsNoMorePages },
  { message: 'plans each host once', verify: checks.plansEachHostOnce },
  { message: 'plans the same in whatever order the pages are put together', verify: checks.plansInAnyOrder },
  { message: 'plans the hosts that the filters let in', verify: checks.plansAdmittedHosts },
  { message: 'reads a part of the hosts, and no other', verify: checks.readsAPart },
  { message: 'reads and counts planned hosts without listing', verify: checks.listsNothingAgain },
  { message: 'reads fewer of the planned hosts where a filter is narrower', verify: checks.readsNarrower },
  { message: 'knows the consumers of planned hosts', verify: checks.knowsConsumers },
  { message: 'keeps a host in some hundred bytes', verify: checks.keepsLittle },
  { message: 'states how many hosts a request takes', verify: checks.statesHostsPerRequest },
  { message: 'refuses what it has not written itself', verify: checks.refusesStrangers },
  { message: 'reports timeout when the signal is aborted beforehand', verify: checks.reportsTimeout },
];

const failingListChecks: readonly Check<ListingWorld>[] = [
  { message: 'reads what it listed page by page as a read at once does', verify: checks.readsAsAtOnce },
];

/** Holds the listing of a source to its promises, one test each. */
export function describeHostListing(name: string, { world, failing }: HostListingSubject): void {
  describe(`${name} as a source that lists its hosts`, () => {
    itKeeps(hostListingChecks, world);
    describe.each(Object.entries(failing))('when %s', (_, start) => itKeeps(failingListChecks, start));
  });
}
