/** The suite of logs of scaling events: kept by the log in memory, and broken by each log that lies. */
import { describe, expect, it } from 'vitest';
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import { NOON } from '../fixtures/builders.ts';
import { createMemoryScalingLog } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { type ScalingLogSubject, scalingLogChecks } from './scaling-log.ts';

const DAY = 24 * 3_600_000;

function inMemory(): ScalingLogSubject {
  let now = NOON;
  return {
    log: createMemoryScalingLog(() => now),
    passDays(days) {
      now += days * DAY;
    },
  };
}

describe('the log of scaling events in memory', () => {
  itKeeps(scalingLogChecks, inMemory);
});

const LIES: readonly [string, string, (honest: ScalingLog) => Partial<ScalingLog>][] = [
  ['forgets the hosts', 'gives back what was added', ({ add }) => ({ add: (event) => add({ ...event, hosts: [] }) })],
  [
    'takes every event for a new one',
    'knows an event that it has, and keeps it once',
    ({ add }) => ({ add: (event) => add(event).then(() => 'added') }),
  ],
  [
    'knows events by their time',
    'keeps events of one moment apart by their ids',
    ({ add }) => ({ add: (event) => add({ ...event, id: 'one' }) }),
  ],
  [
    'lists all there are',
    'lists from a time on and before another one, oldest first, in whichever order they came',
    ({ list }) => ({ list: (tenant, scope, group) => list(tenant, scope, group, 0) }),
  ],
  [
    'lists every tenant’s',
    'keeps tenants, accounts, regions and groups apart',
    ({ add, list }) => ({
      add: (event) => add({ ...event, tenant: 'all' }),
      list: (_, ...rest) => list('all', ...rest),
    }),
  ],
];

describe('the suite of logs of scaling events', () => {
  it.each(LIES)('catches a log that %s', async (_, promise, lie) => {
    const liar = () => {
      const subject = inMemory();
      return { ...subject, log: { ...subject.log, ...lie(subject.log) } };
    };

    expect(await brokenPromises(scalingLogChecks, liar)).toContain(promise);
  });

  it('catches a log that keeps events for ever', async () => {
    const broken = await brokenPromises(scalingLogChecks, () => ({ ...inMemory(), passDays() {} }));

    expect(broken).toEqual(['keeps an event for a month and not for a year']);
  });
});
