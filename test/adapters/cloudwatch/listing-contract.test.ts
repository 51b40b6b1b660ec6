/** CloudWatch's listing of hosts held to its promises, over the real client and the sandbox. */
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../contract/host-listing.ts';
import type { ListingWorld } from '../../contract/host-listing-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { sourceOf, startFleet } from './worlds.ts';

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const MANY = 510;
const LONG_AGO = NOON - 100 * HOUR;
const { resource } = aHost();

/** Reports under three sets of dimensions, and is described by tags. */
const ROLLED_UP = aHost({ id: 'i-rolled-up', naming: 'aggregated', tags: { Name: 'web-9', stage: 'test' } });
const PROCESSES = aHost({
  id: 'i-processes',
  collects: 'all',
  used: (time) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
});

const FLEET: readonly Host[] = [
  ...Array.from({ length: MANY }, (_, index) =>
    aHost({
      id: `i-${index}`,
      ...(index < 150 && { tags: { Name: `web-${index}`, 'aws:autoscaling:groupName': 'web' } }),
    }),
  ),
  ROLLED_UP,
  PROCESSES,
  aHost({ id: 'i-bare', reports: [], tags: { Name: 'web-bare' } }),
  aHost({ id: 'i-dead', reports: [{ start: LONG_AGO, end: NOON - 5 * HOUR }] }),
  aHost({
    id: 'i-gone',
    runs: { start: LONG_AGO, end: NOON - 10 * HOUR },
    reports: [{ start: LONG_AGO, end: NOON - 10 * HOUR }],
  }),
  aHost({ resource: { ...resource, id: 'db-7.rack2' }, naming: 'host_name' }),
  aHost({ resource: { ...resource, id: 'none', group: 'web' }, naming: 'group_only' }),
];

async function worldOf(fault?: Fault): Promise<ListingWorld> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox),
    span: ONE_HOUR,
    // By what only tags state.
    filter: { include: [{ name: 'web-*' }] },
    narrower: { exclude: [{ group: 'web' }] },
    listings: () => sandbox.calls.count('cloudwatch', 'ListMetrics') + sandbox.calls.count('tagging'),
    // Two of live instances, two of Linux, one each of Windows and nodes, two of tags.
    pages: 8,
    withConsumers: PROCESSES.resource,
  };
}

const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;

describeHostListing('CloudWatch', {
  world: () => worldOf(),
  failing: {
    'the second page of each listing is refused': () => worldOf({ ...LISTING, kind: 'truncated' }),
    'the pages of the listings repeat': () => worldOf({ ...LISTING, kind: 'endless' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
    'the listings are garbage': () => worldOf({ ...LISTING, kind: 'garbage' }),
    'tags are denied': () => worldOf({ service: 'tagging', kind: 'denied' }),
  },
});
