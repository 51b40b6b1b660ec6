/** The listing of AKS's containers held to its promises, over the real client and the sandbox. */
import type { Fault } from '../../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../../contract/host-listing.ts';
import type { ListingWorld } from '../../../contract/host-listing-world.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { anAksPod, aReplica, containersOf, QUERY, startCluster } from './worlds.ts';

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const ROLLED_OUT = NOON - 40 * MINUTE;
const controller = { kind: 'Deployment', name: 'rolled', rollout: 0 } as const;
const PODS = [
  ...Array.from({ length: 40 }, (_, index) => aReplica('crowd', index)),
  anAksPod({ controller, pod: 'rolled-6d4f8b9c7-b2k4q', runs: { start: NOON - 100 * HOUR, end: ROLLED_OUT } }),
  anAksPod({
    controller: { ...controller, rollout: 1 },
    pod: 'rolled-7c5d6b8f9-z7x2v',
    runs: { start: ROLLED_OUT, end: Number.POSITIVE_INFINITY },
  }),
  aReplica('uncounted', 0, { used: () => 0 }),
];

async function worldOf(fault?: Fault): Promise<ListingWorld> {
  const cluster = await startCluster(...PODS);
  if (fault) cluster.inject(fault);
  return {
    open: () => containersOf(cluster, { pageRows: 20 }),
    span: ONE_HOUR,
    filter: { exclude: [{ id: '*crowd-1*' }] },
    narrower: { exclude: [{ id: '*crowd-2*' }] },
    listings: () => cluster.calls.calls.filter(({ metric }) => metric === 'KubePodInventory').length,
    pages: 3,
  };
}

describeHostListing('the containers of AKS', {
  world: () => worldOf(),
  failing: {
    'the list of containers is denied': () => worldOf({ ...QUERY, metric: 'KubePodInventory', kind: 'denied' }),
    'limits are garbage': () => worldOf({ ...QUERY, metric: 'Perf', kind: 'garbage' }),
    'pages are truncated': () => worldOf({ ...QUERY, kind: 'truncated' }),
  },
});
