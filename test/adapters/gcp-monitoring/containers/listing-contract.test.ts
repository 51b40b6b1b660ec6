/** The listing of GKE's containers held to its promises, over the real client and the sandbox. */
import type { Fault } from '../../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../../contract/host-listing.ts';
import type { ListingWorld } from '../../../contract/host-listing-world.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { aGkePod, aReplica, containersOf, LIMIT, startCluster, USED } from './worlds.ts';

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const ROLLED_OUT = NOON - 40 * MINUTE;
const PODS = [
  ...Array.from({ length: 40 }, (_, index) => aReplica('crowd', index)),
  aReplica('bare', 0, { container: 'sidecar' }),
  aGkePod({ name: 'rolled', pod: 'rolled-6d4f8b9c7-b2k4q', runs: { start: NOON - 100 * HOUR, end: ROLLED_OUT } }),
  aGkePod({
    name: 'rolled',
    pod: 'rolled-7c5d6b8f9-z7x2v',
    runs: { start: ROLLED_OUT, end: Number.POSITIVE_INFINITY },
  }),
];

async function worldOf(fault: Fault = { service: 'gcp', kind: 'short_pages' }): Promise<ListingWorld> {
  const cluster = await startCluster(...PODS);
  cluster.inject(fault);
  return {
    open: () => containersOf(cluster),
    span: ONE_HOUR,
    filter: { exclude: [{ id: '*crowd-1*' }] },
    narrower: { exclude: [{ id: '*crowd-2*' }] },
    listings: () => cluster.calls.calls.filter(({ metric }) => metric === LIMIT).length,
    // A hundred points in each, of which a container has nine.
    pages: 4,
  };
}

const LISTING = { service: 'gcp', metric: USED } as const;

describeHostListing('the containers of GKE', {
  world: () => worldOf(),
  failing: {
    'the second page is refused': () => worldOf({ ...LISTING, kind: 'truncated' }),
    'limits are denied': () => worldOf({ service: 'gcp', metric: LIMIT, kind: 'denied' }),
    'a zone did not answer': () => worldOf({ ...LISTING, kind: 'execution_error' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
    'the listing is garbage': () => worldOf({ ...LISTING, kind: 'garbage' }),
  },
});
