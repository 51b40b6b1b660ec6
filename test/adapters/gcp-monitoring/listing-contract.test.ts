/** Cloud Monitoring's listing of hosts held to its promises, over the real client and the sandbox. */
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../contract/host-listing.ts';
import type { ListingWorld } from '../../contract/host-listing-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { anInstance, CPU, instances, PROJECT, REGION, sourceOf, startFleet } from './worlds.ts';

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: MINUTE, statistic: 'minimum' } as const;

const MANY = 240;
const LONG_AGO = NOON - 100 * HOUR;
const PROCESSES = anInstance({
  id: '9001',
  used: (time) => 0.6 + (time - NOON) / HOUR / 100,
  expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
});

function node(id: string, name: string, overrides: Partial<Host> = {}, zone = `${REGION}-b`): Host {
  const labels = { 'cloud.availability_zone': zone };
  const resource = { provider: 'gcp', account: PROJECT, region: REGION, id, name, labels } as const;
  return anInstance({ id, naming: 'k8s_node', resource, ...overrides });
}

/** Ended within the half hour that the listing covers. */
const ENDED = { start: LONG_AGO, end: NOON - 10 * MINUTE };

/** Namesakes are the first and the last of their kind, so that they are on different pages. */
const FLEET: readonly Host[] = [
  node('1', 'gke-repaired', { runs: ENDED, reports: [ENDED] }),
  node('2', 'gke-twin'),
  ...instances(MANY),
  PROCESSES,
  anInstance({ id: '9002', reports: [] }),
  anInstance({ id: '9003', reports: [{ start: LONG_AGO, end: NOON - 5 * HOUR }] }),
  node('9004', 'gke-twin', {}, `${REGION}-c`),
  node('9005', 'gke-repaired', { runs: { start: NOON - 9 * MINUTE, end: Number.POSITIVE_INFINITY } }),
];

async function worldOf(fault: Fault = { ...LISTING, kind: 'short_pages' }): Promise<ListingWorld> {
  const sandbox = await startFleet(...FLEET);
  sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox),
    span: ONE_HOUR,
    filter: { exclude: [{ name: 'vm-10??' }] },
    narrower: { exclude: [{ id: '11*' }] },
    listings: () => sandbox.calls.calls.filter(({ metric }) => metric === CPU).length,
    // A hundred instances in each, and one for when namesakes were seen last.
    pages: 4,
    withConsumers: { ...PROCESSES.resource, name: 'vm-9001' },
  };
}

const LISTING = { service: 'gcp', metric: CPU } as const;

describeHostListing('Cloud Monitoring', {
  world: () => worldOf(),
  failing: {
    'the second page is refused': () => worldOf({ ...LISTING, kind: 'truncated' }),
    'the pages repeat': () => worldOf({ ...LISTING, kind: 'endless' }),
    'a zone did not answer': () => worldOf({ ...LISTING, kind: 'execution_error' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
    'the listing is garbage': () => worldOf({ ...LISTING, kind: 'garbage' }),
  },
});
