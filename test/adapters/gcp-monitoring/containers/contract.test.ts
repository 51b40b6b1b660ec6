/** The containers of GKE held to the promises of memory sources, over the real client and the cluster. */
import { describeMemorySource } from '../../../contract/memory-source.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { SIX_HOURS } from '../worlds.ts';
import {
  aReplica,
  clusterWorld,
  containersOf,
  deadCluster,
  everyContainer,
  LIMIT,
  NODE,
  startCluster,
  USED,
} from './worlds.ts';

/** The first request for working sets lists the containers, the second reads them: no pod here can have earlier ones. */
const SAMPLES = { service: 'gcp', metric: USED, after: 1 } as const;
const LISTING = { service: 'gcp', metric: USED } as const;
const LIMITS = { service: 'gcp', metric: LIMIT } as const;

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: MINUTE, statistic: 'minimum' } as const;
const MANY = 300;

describeMemorySource('the containers of GKE', {
  world: () => clusterWorld(),
  partlyFailing: {
    'one series has no values': () =>
      clusterWorld({ ...SAMPLES, kind: 'malformed', only: ['pair-1'] }, { 'shop/web/pair-1/app': 'malformed' }),
    'the values are in another unit': () =>
      clusterWorld({ ...SAMPLES, kind: 'wrong_unit' }, everyContainer('malformed')),
    'the next page is refused': () => clusterWorld({ ...SAMPLES, kind: 'truncated' }, everyContainer('truncated')),
    'the pages of samples repeat': () => clusterWorld({ ...SAMPLES, kind: 'endless' }, everyContainer('truncated')),
    'samples are throttled once': () => clusterWorld({ ...SAMPLES, kind: 'throttled', times: 1 }),
    'samples are denied': () => clusterWorld({ ...SAMPLES, kind: 'denied' }, everyContainer('denied')),
    'samples are garbage': () => clusterWorld({ ...SAMPLES, kind: 'garbage' }, everyContainer('malformed')),
    'limits are denied': () => clusterWorld({ ...LIMITS, kind: 'denied' }, {}, ['denied']),
    'the pages of limits repeat': () => clusterWorld({ ...LIMITS, kind: 'endless' }, {}, ['truncated']),
    'the memory of nodes is denied': () =>
      clusterWorld({ service: 'gcp', metric: NODE, kind: 'denied' }, {}, ['denied']),
    'one container is listed without values': () =>
      clusterWorld({ ...LISTING, kind: 'malformed', only: ['zonal-0'], times: 1 }, {}, ['malformed']).then(
        withoutZonal,
      ),
  },
  dead: {
    'the service account may not list': () =>
      deadCluster({ ...LISTING, kind: 'denied' }, { reason: 'denied', retryable: false }),
    'listing is throttled for good': () =>
      deadCluster({ ...LISTING, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the listing is garbage': () =>
      deadCluster({ ...LISTING, kind: 'garbage' }, { reason: 'malformed', retryable: false }),
    'Cloud Monitoring is down': () =>
      deadCluster({ service: 'gcp', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  service: {
    empty: async () => {
      const cluster = await startCluster(aReplica('elsewhere', 0, { location: 'us-east1' }));
      // Each list is billed for one series at least.
      return { open: () => containersOf(cluster), span: SIX_HOURS, inventoryBilled: 3 };
    },
    slow: async () => {
      const cluster = await startCluster(aReplica('one', 0), aReplica('other', 0));
      cluster.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => containersOf(cluster),
        span: SIX_HOURS,
        hosts: { 'shop/web/one/app': 'timeout', 'shop/web/other/app': 'timeout' },
        requested: () => cluster.calls.calls.filter(({ metric }) => metric === USED).length > 1,
      };
    },
    crowded: async () => {
      const cluster = await startCluster(...Array.from({ length: MANY }, (_, index) => aReplica('crowd', index)));
      return {
        open: () => containersOf(cluster),
        span: ONE_HOUR,
        hosts: MANY,
        // A hundred pods can be named in one request.
        calls: 3 + MANY / 100,
        callsAhead: 3 + 8,
      };
    },
  },
});

function withoutZonal(world: Awaited<ReturnType<typeof clusterWorld>>) {
  const hosts = Object.entries(world.hosts).filter(([id]) => !id.includes('zonal'));
  return { ...world, hosts: Object.fromEntries(hosts) };
}
