/** Prometheus held to the promises of memory sources, over the real client and the sandbox. */
import type { UnreadableReason } from '../../../core/model/series.ts';
import { describeMemorySource } from '../../contract/memory-source.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, deadWorld, fleetWorld, HOSTS, machines, SIX_HOURS, sourceOf, startServer } from './worlds.ts';

const SAMPLES = { service: 'prometheus', action: 'query_range' } as const;
const LISTING = { service: 'prometheus', action: 'query' } as const;
const WINDOWS = '10.0.0.2:9182';

/** Every host whose samples are requested: nothing of the one that never reported is. */
function everyHost(what: UnreadableReason): Record<string, UnreadableReason | 'not_reported'> {
  return { ...Object.fromEntries(Object.keys(HOSTS).map((id) => [id, what])), '10.0.0.4:9100': 'not_reported' };
}

/** 1,500 periods: 66 hosts have the points of one answer. */
const FINE = { window: { start: NOON - 25 * HOUR, end: NOON }, periodMs: MINUTE, statistic: 'minimum' } as const;

const MANY = 330;
const PARTS = 5;
/** Machines, those that stopped, targets, names. */
const LISTS = 4;

describeMemorySource('Prometheus', {
  world: () => fleetWorld(),
  partlyFailing: {
    'one series has no numbers': () =>
      fleetWorld({ ...SAMPLES, kind: 'text_values', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'one series is of nothing (NaN)': () =>
      fleetWorld({ ...SAMPLES, kind: 'nan_values', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'one host uses five times its memory': () =>
      fleetWorld({ ...SAMPLES, kind: 'absurd', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'one host uses less than nothing': () =>
      fleetWorld({ ...SAMPLES, kind: 'negative', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'one host has two series': () =>
      fleetWorld({ ...SAMPLES, kind: 'duplicate_series', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'the points of one are between the periods': () =>
      fleetWorld({ ...SAMPLES, kind: 'misaligned', only: [WINDOWS] }, { [WINDOWS]: 'malformed' }),
    'the points come backwards': () => fleetWorld({ ...SAMPLES, kind: 'unordered' }),
    'the points come twice': () => fleetWorld({ ...SAMPLES, kind: 'duplicate_points' }),
    'there are series of hosts that nobody requested': () => fleetWorld({ ...SAMPLES, kind: 'foreign_series' }),
    'a front end aligns the times of requests': () => fleetWorld({ ...SAMPLES, kind: 'aligning' }),
    'samples are throttled for good': () => fleetWorld({ ...SAMPLES, kind: 'throttled' }, everyHost('throttled')),
    'samples are throttled once': () => fleetWorld({ ...SAMPLES, kind: 'throttled', times: 1 }),
    'samples are throttled for an hour': () =>
      fleetWorld({ ...SAMPLES, kind: 'throttled_for_long' }, everyHost('throttled')),
    'samples are denied': () => fleetWorld({ ...SAMPLES, kind: 'denied' }, everyHost('denied')),
    'samples are an HTML page': () => fleetWorld({ ...SAMPLES, kind: 'garbage' }, everyHost('malformed')),
    'samples end in the middle': () => fleetWorld({ ...SAMPLES, kind: 'truncated' }, everyHost('malformed')),
    'samples are of another type': () => fleetWorld({ ...SAMPLES, kind: 'wrong_type' }, everyHost('malformed')),
    'samples fail on the server': () => fleetWorld({ ...SAMPLES, kind: 'server_error' }, everyHost('unavailable')),
    'samples take the server too long': () => fleetWorld({ ...SAMPLES, kind: 'timeout' }, everyHost('timeout')),
    'samples are refused as bad data': () => fleetWorld({ ...SAMPLES, kind: 'bad_data' }, everyHost('malformed')),
    'samples are redirected': () => fleetWorld({ ...SAMPLES, kind: 'redirected' }, everyHost('malformed')),
    'samples are out of reach': () => fleetWorld({ ...SAMPLES, kind: 'down' }, everyHost('unavailable')),
    'samples come with a warning': () => fleetWorld({ ...SAMPLES, kind: 'partial' }, everyHost('unavailable')),
    'samples are too many however few are requested': () =>
      fleetWorld({ ...SAMPLES, kind: 'too_many_samples' }, everyHost('truncated')),
    'samples are too many once': () => fleetWorld({ ...SAMPLES, kind: 'too_many_samples', times: 1 }),
    'the service is away twice and then answers': () => fleetWorld({ ...SAMPLES, kind: 'down', times: 2 }),
  },
  dead: {
    'the credentials are wrong': () =>
      deadWorld({ service: 'prometheus', kind: 'unauthorized' }, { reason: 'denied', retryable: false }),
    'listing is throttled for good': () =>
      deadWorld({ ...LISTING, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the listing is an HTML page': () =>
      deadWorld({ ...LISTING, kind: 'garbage' }, { reason: 'malformed', retryable: false }),
    'there is no API': () => deadWorld({ ...LISTING, kind: 'not_found' }, { reason: 'not_found', retryable: false }),
    'the listing is redirected': () =>
      deadWorld({ ...LISTING, kind: 'redirected' }, { reason: 'malformed', retryable: false }),
    'listing fails on the server': () =>
      deadWorld({ ...LISTING, kind: 'server_error' }, { reason: 'unavailable', retryable: true }),
    'the server is down': () =>
      deadWorld({ service: 'prometheus', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  service: {
    empty: async () => {
      const server = await startServer({});
      return { open: () => sourceOf(server), span: SIX_HOURS };
    },
    slow: async () => {
      const server = await startServer({
        machines: [aMachine(), aMachine({ name: 'web-2', address: '10.0.0.2' })],
      });
      server.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => sourceOf(server),
        span: SIX_HOURS,
        hosts: { '10.0.0.1:9100': 'timeout', '10.0.0.2:9100': 'timeout' },
        requested: () => server.calls.calls.some(({ action }) => action === 'query_range'),
      };
    },
    crowded: async () => {
      const reports = [{ start: NOON - HOUR, end: NOON + HOUR }];
      const server = await startServer({ machines: machines(MANY).map((machine) => ({ ...machine, reports })) });
      return {
        open: () => sourceOf(server, { containers: false }),
        span: FINE,
        hosts: MANY,
        calls: LISTS + PARTS,
        callsAhead: LISTS + 4,
      };
    },
  },
});
