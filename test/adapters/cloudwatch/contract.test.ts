/** CloudWatch held to the promises of memory sources, over the real client and the sandbox. */
import type { UnreadableReason } from '../../../core/model/series.ts';
import { describeMemorySource } from '../../contract/memory-source.ts';
import { describePointSource } from '../../contract/point-source.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost, hosts } from '../../sandbox/small-fleets.ts';
import { POINTS } from './point-worlds.ts';
import { deadWorld, fleetWorld, SIX_HOURS, sourceOf, stallingWorld, startFleet } from './worlds.ts';

const SAMPLES = { service: 'cloudwatch', action: 'GetMetricData' } as const;
const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;

/** Every host whose samples are requested. */
function everyReportingHost(what: UnreadableReason) {
  return { 'i-known': what, 'i-flat': what, 'i-rolled-up': what, 'i-dead': what, 'db-7.rack2': what };
}

/** Every host with samples that are new enough to be a series. */
function everyFreshHost(what: UnreadableReason) {
  const { 'i-dead': _, ...fresh } = everyReportingHost(what);
  return fresh;
}

/** Little of each host, so that it is the number of hosts that counts. */
const ONE_HOUR = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

const MANY = 5_000;
const IN_A_REQUEST = 500;
/**
 * 500 hosts in a page of EC2's listing and of the agent's, one page each of the two that are empty, and one of tags, of
 * which there are none.
 */
const LISTINGS = (2 * MANY) / IN_A_REQUEST + 2 + 1;

describeMemorySource('CloudWatch', {
  world: () => fleetWorld(),
  partlyFailing: {
    'one metric is forbidden': () =>
      fleetWorld({ ...SAMPLES, kind: 'forbidden', only: ['i-flat'] }, { 'i-flat': 'denied' }),
    'one metric fails inside': () =>
      fleetWorld({ ...SAMPLES, kind: 'internal_error', only: ['i-flat'] }, { 'i-flat': 'unavailable' }),
    'a page of samples is truncated': () =>
      fleetWorld(
        { ...SAMPLES, kind: 'truncated' },
        { 'i-rolled-up': 'truncated', 'i-dead': 'truncated', 'db-7.rack2': 'truncated' },
      ),
    'the pages of samples repeat': () => fleetWorld({ ...SAMPLES, kind: 'endless' }),
    'values are missing beside their times': () =>
      fleetWorld({ ...SAMPLES, kind: 'mismatched' }, everyReportingHost('malformed')),
    'values are more memory than there is': () =>
      fleetWorld({ ...SAMPLES, kind: 'absurd' }, everyFreshHost('malformed')),
    'samples stand inside periods': () =>
      fleetWorld({ ...SAMPLES, kind: 'misaligned' }, everyReportingHost('malformed')),
    'samples are throttled for good': () =>
      fleetWorld({ ...SAMPLES, kind: 'throttled' }, everyReportingHost('throttled')),
    'samples are denied': () => fleetWorld({ ...SAMPLES, kind: 'denied' }, everyReportingHost('denied')),
    'samples are garbage': () => fleetWorld({ ...SAMPLES, kind: 'garbage' }, everyReportingHost('malformed')),
    'samples fail on the server': () =>
      fleetWorld({ ...SAMPLES, kind: 'server_error' }, everyReportingHost('unavailable')),
    'samples are out of reach': () => fleetWorld({ ...SAMPLES, kind: 'down' }, everyReportingHost('unavailable')),
    'the server fails once and then answers': () => fleetWorld({ ...SAMPLES, kind: 'server_error', times: 1 }),
    'the pages of the listings repeat': () =>
      fleetWorld({ ...LISTING, kind: 'endless' }, { 'i-bare': 'truncated' }, ['truncated', 'truncated']),
  },
  dead: {
    'the role may not list': () => deadWorld({ ...LISTING, kind: 'denied' }, { reason: 'denied', retryable: false }),
    'listing is throttled for good': () =>
      deadWorld({ ...LISTING, kind: 'throttled' }, { reason: 'throttled', retryable: true }),
    'the listing is garbage': () =>
      deadWorld({ ...LISTING, kind: 'garbage' }, { reason: 'malformed', retryable: false }),
    'listing fails on the server': () =>
      deadWorld({ ...LISTING, kind: 'server_error' }, { reason: 'unavailable', retryable: true }),
    'CloudWatch is down': () =>
      deadWorld({ service: 'cloudwatch', kind: 'down' }, { reason: 'unavailable', retryable: true }),
  },
  stalling: {
    'one batch is never answered': () => stallingWorld({ ...SAMPLES, kind: 'unanswered', times: 1 }),
  },
  service: {
    empty: async () => {
      const sandbox = await startFleet();
      return { open: () => sourceOf(sandbox), span: SIX_HOURS };
    },
    slow: async () => {
      const sandbox = await startFleet(...hosts(2), aHost({ id: 'i-bare', reports: [] }));
      sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => sourceOf(sandbox),
        span: SIX_HOURS,
        hosts: { 'i-0': 'timeout', 'i-1': 'timeout', 'i-bare': 'not_reported' },
        requested: () => sandbox.calls.count('cloudwatch', 'GetMetricData') > 0,
      };
    },
    crowded: async () => {
      const sandbox = await startFleet(...hosts(MANY));
      return {
        open: () => sourceOf(sandbox),
        span: ONE_HOUR,
        hosts: MANY,
        calls: LISTINGS + MANY / IN_A_REQUEST,
        // Four requests under way.
        callsAhead: LISTINGS + 4,
      };
    },
  },
});

describePointSource('CloudWatch', POINTS);
