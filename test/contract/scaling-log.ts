/** What every log of scaling events promises. */
import { expect } from 'vitest';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import type { Scope } from '../../core/model/series.ts';
import type { ScalingLog } from '../../core/ports/scaling-log.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export interface ScalingLogSubject {
  readonly log: ScalingLog;
  /** Sets the log's clock forward, for this check alone. */
  passDays(days: number): void;
}

const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };

export function aScalingEvent(overrides: Partial<ScalingEvent> = {}): ScalingEvent {
  const what = { group: 'web', kind: 'launched', time: NOON, hosts: ['i-1'] } as const;
  return { version: 1, id: 'event-1', tenant: 'acme', ...SCOPE, provider: 'aws', ...what, ...overrides };
}

export const scalingLogChecks: readonly Check<ScalingLogSubject>[] = [
  {
    message: 'has no events of a group that never scaled',
    async verify({ log }) {
      expect(await listed(log, 'never')).toEqual([]);
    },
  },
  {
    message: 'gives back what was added',
    async verify({ log }) {
      const event = aScalingEvent({ tenant: 'round-trip', group: 'web #1 / ü', region: null, hosts: ['i-1', 'i-2'] });

      expect(await log.add(event)).toBe('added');

      expect(await Array.fromAsync(log.list('round-trip', { ...SCOPE, region: null }, 'web #1 / ü', 0))).toEqual([
        event,
      ]);
    },
  },
  {
    message: 'gives back the version of a deployment',
    async verify({ log }) {
      const event = aScalingEvent({ tenant: 'deployed', kind: 'deployed', name: 'v2.31 – ü', hosts: [] });
      await log.add(event);

      expect(await listed(log, 'deployed')).toEqual([event]);
    },
  },
  {
    message: 'knows an event that it has, and keeps it once',
    async verify({ log }) {
      const event = aScalingEvent({ tenant: 'known' });
      await log.add(event);

      expect(await log.add(event)).toBe('known');

      expect(await listed(log, 'known')).toEqual([event]);
    },
  },
  {
    message: 'keeps events of one moment apart by their ids',
    async verify({ log }) {
      for (const id of ['a', 'b', 'x'.repeat(300)]) await log.add(aScalingEvent({ tenant: 'moment', id }));

      expect((await listed(log, 'moment')).map(({ id }) => id).sort()).toEqual(['a', 'b', 'x'.repeat(300)]);
    },
  },
  {
    message: 'lists from a time on and before another one, oldest first, in whichever order they came',
    async verify({ log }) {
      for (const hour of [3, 1, 4, 2]) await log.add(at('ordered', hour));

      const between = await listed(log, 'ordered', NOON + 2 * HOUR, NOON + 4 * HOUR);

      expect(between.map(({ time }) => (time - NOON) / HOUR)).toEqual([2, 3]);
    },
  },
  {
    message: 'lists more events than fit a page, each once',
    async verify({ log }) {
      const ids = Array.from({ length: 230 }, (_, index) => `event-${index}`);
      await Promise.all(ids.map((id, index) => log.add(aScalingEvent({ tenant: 'many', id, time: NOON + index }))));

      expect((await listed(log, 'many')).map(({ id }) => id)).toEqual(ids);
    },
  },
  {
    message: 'keeps tenants, accounts, regions and groups apart',
    async verify({ log }) {
      const own = aScalingEvent({ tenant: 'apart' });
      const others: Partial<ScalingEvent>[] = [
        { tenant: 'apart-too' },
        { account: '999922223333' },
        { region: 'eu-west-2' },
        { region: null },
        { group: 'web2' },
        { group: 'we' },
        { provider: 'gcp' },
      ];
      for (const other of [{}, ...others]) await log.add({ ...own, ...other });

      expect(await listed(log, 'apart')).toEqual([own]);
    },
  },
  {
    message: 'keeps an event for a month and not for a year',
    async verify({ log, passDays }) {
      await log.add(aScalingEvent({ tenant: 'kept' }));

      passDays(30);
      const afterAMonth = await listed(log, 'kept');
      passDays(335);
      const afterAYear = await listed(log, 'kept');

      expect([afterAMonth.length, afterAYear.length]).toEqual([1, 0]);
    },
  },
];

function at(tenant: string, hour: number): ScalingEvent {
  return aScalingEvent({ tenant, id: `event-${hour}`, time: NOON + hour * HOUR });
}

function listed(log: ScalingLog, tenant: string, since = 0, until?: number): Promise<ScalingEvent[]> {
  return Array.fromAsync(log.list(tenant, SCOPE, 'web', since, until));
}
