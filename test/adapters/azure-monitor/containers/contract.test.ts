/** The containers of AKS held to the promises of memory sources, over the real client and the sandbox. */
import { describeMemorySource } from '../../../contract/memory-source.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { SIX_HOURS } from '../worlds.ts';
import { aReplica, clusterWorld, containersOf, deadCluster, everyContainer, QUERY, startCluster } from './worlds.ts';

/** The first query lists containers, the second limits, the third reads. */
const LIMITS = { ...QUERY, after: 1, times: 1 } as const;
const SAMPLES = { ...QUERY, after: 2 } as const;

const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;
const MANY = 600;

describeMemorySource('the containers of AKS', {
  world: () => clusterWorld(),
  partlyFailing: {
    'an answer of samples is truncated': () =>
      clusterWorld({ ...SAMPLES, kind: 'truncated' }, everyContainer('truncated')),
    'samples have other columns': () => clusterWorld({ ...SAMPLES, kind: 'malformed' }, everyContainer('malformed')),
    'samples are throttled for good': () =>
      clusterWorld({ ...SAMPLES, kind: 'throttled' }, everyContainer('throttled')),
    'samples are throttled once': () => clusterWorld({ ...SAMPLES, kind: 'throttled', times: 1 }),
    'samples are denied': () => clusterWorld({ ...SAMPLES, kind: 'denied' }, everyContainer('denied')),
    'samples are garbage': () => clusterWorld({ ...SAMPLES, kind: 'garbage' }, everyContainer('malformed')),
    'limits are denied': () => clusterWorld({ ...LIMITS, kind: 'denied' }, {}, ['denied']),
    'limits are truncated': () => clusterWorld({ ...LIMITS, kind: 'truncated' }, {}, ['truncated']),
  },
  dead: {
    'the application may not ask': () =>
      deadCluster({ ...QUERY, kind: 'denied' }, { reason: 'denied', retryable: false }),
    'the list is throttled for good': () =>
      deadCluster({ ...QUERY, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the list has other columns': () =>
      deadCluster({ ...QUERY, kind: 'malformed' }, { reason: 'malformed', retryable: false }),
    'the list is truncated': () =>
      deadCluster({ ...QUERY, kind: 'truncated' }, { reason: 'truncated', retryable: false }),
    'Azure is down': () => deadCluster({ service: 'azure', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  service: {
    empty: async () => {
      const cluster = await startCluster(aReplica('elsewhere', 0, { region: 'northeurope' }));
      return { open: () => containersOf(cluster), span: SIX_HOURS };
    },
    slow: async () => {
      const cluster = await startCluster(aReplica('one', 0), aReplica('other', 0));
      cluster.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => containersOf(cluster),
        span: SIX_HOURS,
        hosts: { 'fleet/shop/web/one/app': 'timeout', 'fleet/shop/web/other/app': 'timeout' },
        requested: () => cluster.calls.count('azure', 'logs:query') > 2,
      };
    },
    crowded: async () => {
      const cluster = await startCluster(...Array.from({ length: MANY }, (_, index) => aReplica('crowd', index)));
      return {
        open: () => containersOf(cluster),
        span: ONE_HOUR,
        hosts: MANY,
        // Five hundred containers in a query.
        calls: 2 + 2,
        callsAhead: 2 + 2,
      };
    },
  },
});
