/** Azure Monitor held to the promises of memory sources, over the real clients and the sandbox. */
import { describeMemorySource } from '../../contract/memory-source.ts';
import { describePointSource } from '../../contract/point-source.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { POINTS } from './point-worlds.ts';
import {
  aMachine,
  deadWorld,
  everyHost,
  fleetWorld,
  idOf,
  machines,
  SIX_HOURS,
  sourceOf,
  stallingWorld,
  startFleet,
} from './worlds.ts';

const SAMPLES = { service: 'azure', action: 'metrics:getBatch' } as const;
const LISTING = { service: 'azure', action: 'resources' } as const;

/** Little of each machine, so that it is the number of machines that counts. */
const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const MANY = 3_000;
/** 1,000 machines in a page of the listing, and one page of scale sets, of which there are none. */
const LISTINGS = MANY / 1_000 + 1;

describeMemorySource('Azure Monitor', {
  world: () => fleetWorld(),
  partlyFailing: {
    'one machine fails inside a good answer': () =>
      fleetWorld({ ...SAMPLES, kind: 'metric_error', only: ['flat'] }, { [idOf('flat')]: 'unavailable' }),
    'one machine is forbidden inside a good answer': () =>
      fleetWorld({ ...SAMPLES, kind: 'metric_forbidden', only: ['flat'] }, { [idOf('flat')]: 'denied' }),
    'one machine is deleted after the listing': () =>
      fleetWorld({ ...SAMPLES, kind: 'resource_gone', only: ['flat'] }, { [idOf('flat')]: 'not_found' }),
    'the percentage is not a metric of the region': () =>
      fleetWorld({ ...SAMPLES, kind: 'unknown_metric', metric: 'Available Memory Percentage' }),
    'an answer of samples is truncated': () =>
      fleetWorld(
        { ...SAMPLES, kind: 'truncated' },
        { [idOf('bytes')]: 'truncated', [idOf('flat')]: 'truncated', [idOf('known')]: 'truncated' },
      ),
    'values are no numbers': () => fleetWorld({ ...SAMPLES, kind: 'malformed' }, everyHost('malformed')),
    'samples are throttled for good': () => fleetWorld({ ...SAMPLES, kind: 'throttled' }, everyHost('throttled')),
    'samples are throttled for an hour': () =>
      fleetWorld({ ...SAMPLES, kind: 'throttled_for_long' }, everyHost('throttled')),
    'samples are denied': () => fleetWorld({ ...SAMPLES, kind: 'denied' }, everyHost('denied')),
    'samples are garbage': () => fleetWorld({ ...SAMPLES, kind: 'garbage' }, everyHost('malformed')),
    'samples fail on the server': () => fleetWorld({ ...SAMPLES, kind: 'server_error' }, everyHost('unavailable')),
    'samples are out of reach': () => fleetWorld({ ...SAMPLES, kind: 'down' }, everyHost('unavailable')),
    'the server fails once and then answers': () => fleetWorld({ ...SAMPLES, kind: 'server_error', times: 1 }),
    'throttled once, the server then answers': () => fleetWorld({ ...SAMPLES, kind: 'throttled', times: 1 }),
    'the sizes of machines may not be listed': () =>
      fleetWorld({ service: 'azure', action: 'vmSizes', kind: 'denied' }, { [idOf('bytes')]: 'denied' }),
    'the pages of the listings repeat': () =>
      fleetWorld({ ...LISTING, kind: 'endless' }, {}, ['truncated', 'truncated']),
  },
  dead: {
    'the application may not list': () =>
      deadWorld({ ...LISTING, kind: 'denied' }, { reason: 'denied', retryable: false }),
    'listing is throttled for good': () =>
      deadWorld({ ...LISTING, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the listing is garbage': () =>
      deadWorld({ ...LISTING, kind: 'garbage' }, { reason: 'malformed', retryable: false }),
    'the listing has another shape': () =>
      deadWorld({ ...LISTING, kind: 'malformed' }, { reason: 'malformed', retryable: false }),
    'listing fails on the server': () =>
      deadWorld({ ...LISTING, kind: 'server_error' }, { reason: 'unavailable', retryable: true }),
    'listing is throttled for an hour': () =>
      deadWorld({ ...LISTING, kind: 'throttled_for_long' }, { reason: 'throttled', retryable: true }),
    'Azure is down': () => deadWorld({ service: 'azure', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  stalling: {
    'one batch is never answered': () => stallingWorld({ ...SAMPLES, kind: 'unanswered', times: 1 }, 'timeout'),
    'one batch is throttled for an hour': () =>
      stallingWorld({ ...SAMPLES, kind: 'throttled_for_long', times: 1 }, 'throttled'),
  },
  service: {
    empty: async () => {
      const sandbox = await startFleet();
      return { open: () => sourceOf(sandbox), span: SIX_HOURS };
    },
    slow: async () => {
      const sandbox = await startFleet(aMachine({ name: 'one' }), aMachine({ name: 'other' }));
      sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => sourceOf(sandbox),
        span: SIX_HOURS,
        hosts: { [idOf('one')]: 'timeout', [idOf('other')]: 'timeout' },
        requested: () => sandbox.calls.count('azure', 'metrics:getBatch') > 0,
      };
    },
    crowded: async () => {
      const sandbox = await startFleet(...machines(MANY));
      return {
        open: () => sourceOf(sandbox),
        span: ONE_HOUR,
        hosts: MANY,
        calls: LISTINGS + MANY / 50,
        // Four requests under way.
        callsAhead: LISTINGS + 4,
      };
    },
  },
});

describePointSource('Azure', POINTS);
