/** Resource Graph's listing of hosts held to its promises, over the real client and the sandbox. */
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../contract/host-listing.ts';
import type { ListingWorld } from '../../contract/host-listing-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, aNode, idOf, machines, sourceOf, startFleet, WORKSPACE } from './worlds.ts';

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const MANY = 1_010;
const LONG_AGO = NOON - 100 * HOUR;
const PROCESSES = aMachine({
  name: 'processes',
  used: (time) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
});

const FLEET: readonly Host[] = [
  ...machines(MANY),
  PROCESSES,
  aMachine({ name: 'bytes', naming: 'bytes_only' }),
  aMachine({ name: 'bare', reports: [] }),
  aMachine({ name: 'dead', reports: [{ start: LONG_AGO, end: NOON - 5 * HOUR }] }),
  aMachine({ name: 'off', runs: { start: LONG_AGO, end: NOON - 10 * HOUR } }),
  aNode(3),
];

async function worldOf(fault?: Fault): Promise<ListingWorld> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox, { workspace: WORKSPACE }),
    span: ONE_HOUR,
    filter: { exclude: [{ name: 'vm-?' }, { name: 'vm-??' }, { name: 'vm-1*' }] },
    narrower: { exclude: [{ id: idOf('vm-2*') }] },
    listings: () => sandbox.calls.count('azure', 'resources'),
    // Two of machines, one of instances.
    pages: 3,
    withConsumers: { ...PROCESSES.resource, labels: { 'host.type': 'Standard_D2s_v5' } },
  };
}

const LISTING = { service: 'azure', action: 'resources' } as const;

describeHostListing('Azure Monitor', {
  world: () => worldOf(),
  failing: {
    'the listings give half of their rows': () => worldOf({ ...LISTING, kind: 'truncated' }),
    'the pages of the listings repeat': () => worldOf({ ...LISTING, kind: 'endless' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
    'the listings are garbage': () => worldOf({ ...LISTING, kind: 'garbage' }),
  },
});
