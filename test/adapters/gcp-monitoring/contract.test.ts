/** Cloud Monitoring held to the promises of memory sources, over the real client and the sandbox. */
import type { UnreadableReason } from '../../../core/model/series.ts';
import { describeMemorySource } from '../../contract/memory-source.ts';
import { describePointSource } from '../../contract/point-source.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { POINTS } from './point-worlds.ts';
import {
  anInstance,
  CPU,
  deadWorld,
  fleetWorld,
  instances,
  MEMORY,
  SIX_HOURS,
  sourceOf,
  startFleet,
} from './worlds.ts';

const SAMPLES = { service: 'gcp', metric: MEMORY } as const;
const LISTING = { service: 'gcp', metric: CPU } as const;

/** Every host whose samples are requested; nodes as well, because nobody knows that they have none of the agent's. */
function everyHost(what: UnreadableReason): Record<string, UnreadableReason> {
  return { '1': what, '2': what, '3': what, '4': what, '5': what };
}

/** Little of each machine, so that it is the number of machines that counts. */
const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: MINUTE, statistic: 'minimum' } as const;

const MANY = 2_000;
/** Points of an hour by the minute, 100,000 in a page. */
const PAGES = Math.ceil((MANY * 60) / 100_000);

describeMemorySource('Cloud Monitoring', {
  world: () => fleetWorld(),
  partlyFailing: {
    'one series has no values': () => fleetWorld({ ...SAMPLES, kind: 'malformed', only: ['2'] }, { '2': 'malformed' }),
    'the metric is not a gauge': () => fleetWorld({ ...SAMPLES, kind: 'not_gauge' }, everyHost('malformed')),
    'the values are in another unit': () => fleetWorld({ ...SAMPLES, kind: 'wrong_unit' }, everyHost('malformed')),
    // Hosts whose oldest sample has come are complete, whatever comes after.
    'the next page is refused': () =>
      fleetWorld({ ...SAMPLES, kind: 'truncated' }, { '3': 'truncated', '5': 'truncated' }),
    'the pages of samples repeat': () =>
      fleetWorld({ ...SAMPLES, kind: 'endless' }, { '3': 'truncated', '5': 'truncated' }),
    'the answer is incomplete, by its own errors': () =>
      fleetWorld({ ...SAMPLES, kind: 'execution_error' }, everyHost('timeout')),
    'samples are throttled for good': () => fleetWorld({ ...SAMPLES, kind: 'throttled' }, everyHost('throttled')),
    'samples are throttled once': () => fleetWorld({ ...SAMPLES, kind: 'throttled', times: 1 }),
    'samples are denied': () => fleetWorld({ ...SAMPLES, kind: 'denied' }, everyHost('denied')),
    'samples are garbage': () => fleetWorld({ ...SAMPLES, kind: 'garbage' }, everyHost('malformed')),
    'samples fail on the server': () => fleetWorld({ ...SAMPLES, kind: 'server_error' }, everyHost('unavailable')),
    'samples are out of reach': () => fleetWorld({ ...SAMPLES, kind: 'down' }, everyHost('unavailable')),
    'the service is away twice and then answers': () => fleetWorld({ ...SAMPLES, kind: 'down', times: 2 }),
    'the pages of the listing repeat': () => fleetWorld({ ...LISTING, kind: 'endless' }, {}, ['truncated']),
    'the listing’s next page is refused': () => fleetWorld({ ...LISTING, kind: 'truncated' }, {}, ['truncated']),
  },
  dead: {
    'the service account may not list': () =>
      deadWorld({ ...LISTING, kind: 'denied' }, { reason: 'denied', retryable: false }),
    'listing is throttled for good': () =>
      deadWorld({ ...LISTING, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the listing is garbage': () =>
      deadWorld({ ...LISTING, kind: 'garbage' }, { reason: 'malformed', retryable: false }),
    'listing fails on the server': () =>
      deadWorld({ ...LISTING, kind: 'server_error' }, { reason: 'unavailable', retryable: true }),
    'Cloud Monitoring is down': () =>
      deadWorld({ service: 'gcp', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  service: {
    empty: async () => {
      const elsewhere = { 'cloud.availability_zone': 'us-east1-b' };
      const { resource } = anInstance();
      const sandbox = await startFleet(anInstance({ resource: { ...resource, labels: elsewhere } }));
      // Every call is billed for one series at least.
      return { open: () => sourceOf(sandbox), span: SIX_HOURS, inventoryBilled: 1 };
    },
    slow: async () => {
      const sandbox = await startFleet(anInstance({ id: '1' }), anInstance({ id: '2' }));
      sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => sourceOf(sandbox),
        span: SIX_HOURS,
        hosts: { '1': 'timeout', '2': 'timeout' },
        requested: () => sandbox.calls.calls.some(({ metric }) => metric === MEMORY),
      };
    },
    crowded: async () => {
      const sandbox = await startFleet(...instances(MANY));
      return {
        open: () => sourceOf(sandbox),
        span: ONE_HOUR,
        hosts: MANY,
        calls: 1 + PAGES,
        // One page after the other.
        callsAhead: 2,
      };
    },
  },
});

describePointSource('Cloud Monitoring', POINTS);
