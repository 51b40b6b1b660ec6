/** Prometheus' listing held to the promises of sources that list their hosts step by step. */
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../contract/host-listing.ts';
import type { ListingWorld } from '../../contract/host-listing-world.ts';
import { aMachine, FLEET, SIX_HOURS, sourceOf, startServer } from './worlds.ts';

const PROCESSES = aMachine({
  name: 'shop',
  address: '10.0.0.9',
  processes: [{ name: 'java', bytes: () => 2 ** 30 }],
});

/** Each list is a page, as servers have no tokens: machines, what stopped, targets, names, and five of containers. */
const PAGES = 9;

const LISTS = ['query'];

async function worldOf(fault?: Fault): Promise<ListingWorld> {
  const server = await startServer({ ...FLEET, machines: [...(FLEET.machines ?? []), PROCESSES] });
  if (fault) server.inject(fault);
  const labels = { instance: '10.0.0.9:9100', job: 'node' };
  return {
    open: () => sourceOf(server),
    span: SIX_HOURS,
    filter: { include: [{ labels: { job: 'node' } }, { id: 'shop/*' }] },
    narrower: { include: [{ id: '10.0.0.1:*' }, { group: 'shop/db' }] },
    listings: () => server.calls.calls.filter(({ action }) => LISTS.includes(action)).length,
    pages: PAGES,
    withConsumers: {
      provider: 'prometheus',
      account: 'prom',
      region: 'global',
      id: '10.0.0.9:9100',
      name: 'shop',
      labels,
    },
  };
}

const LISTING = { service: 'prometheus', action: 'query' } as const;

describeHostListing('Prometheus', {
  world: () => worldOf(),
  failing: {
    'parts of a store do not answer': () => worldOf({ ...LISTING, kind: 'partial' }),
    'containers are denied': () =>
      worldOf({ ...LISTING, metric: 'container_memory_working_set_bytes', kind: 'denied' }),
    'containers cannot be listed': () =>
      worldOf({ ...LISTING, metric: 'container_memory_working_set_bytes', kind: 'server_error' }),
    'limits cannot be listed': () =>
      worldOf({ ...LISTING, metric: 'kube_pod_container_resource_limits', kind: 'too_many_samples' }),
    'a value is no number': () => worldOf({ ...LISTING, kind: 'text_values' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
    'the listing is an HTML page': () => worldOf({ ...LISTING, kind: 'garbage' }),
  },
});
