/** What every run log promises. */
import { expect } from 'vitest';
import type { RunSummary } from '../../core/model/run.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import { anIncidentKey, aRunSummary, HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export interface RunLogSubject {
  readonly log: RunLog;
  /** Sets the log's clock forward, for this check alone. */
  passDays(days: number): void;
}

const { provider, account, region } = anIncidentKey();
const SCOPE = { provider, account, region };

export const runLogChecks: readonly Check<RunLogSubject>[] = [
  {
    message: 'has no runs of a tenant that was never inspected',
    async verify({ log }) {
      expect(await log.newest('unknown', SCOPE, 10)).toEqual([]);
    },
  },
  {
    message: 'gives back what was put',
    async verify({ log }) {
      const run = aRunSummary({
        tenant: 'round-trip',
        outcome: 'partial',
        unreadable: { throttled: 3, denied: 1 },
        failures: ['i-1: “denied”'],
      });

      await log.put(run);

      expect(await log.newest('round-trip', SCOPE, 1)).toEqual([run]);
    },
  },
  {
    message: 'gives the newest by scheduled time, in whichever order they were put',
    async verify({ log }) {
      for (const hour of [2, 5, 1, 4, 3]) await log.put(runAt('ordered', hour));

      const newest = await log.newest('ordered', SCOPE, 3);

      expect(newest.map(hourOf)).toEqual([5, 4, 3]);
    },
  },
  {
    message: 'gives all runs where there are fewer than requested, and none where none are requested',
    async verify({ log }) {
      for (const hour of [1, 2]) await log.put(runAt('few', hour));

      expect((await log.newest('few', SCOPE, 10)).map(hourOf)).toEqual([2, 1]);
      expect(await log.newest('few', SCOPE, 0)).toEqual([]);
    },
  },
  {
    message: 'gives the newest runs up to a time, that one included',
    async verify({ log }) {
      for (const hour of [1, 2, 3, 50]) await log.put(runAt('until', hour));

      const until = (hour: number) => log.newest('until', SCOPE, 2, NOON + hour * HOUR);

      expect((await until(3)).map(hourOf)).toEqual([3, 2]);
      expect((await until(2.5)).map(hourOf)).toEqual([2, 1]);
      expect(await until(0)).toEqual([]);
    },
  },
  {
    message: 'overwrites a run that is repeated',
    async verify({ log }) {
      await log.put(aRunSummary({ tenant: 'repeated', metricsBilled: 1 }));
      await log.put(aRunSummary({ tenant: 'repeated', metricsBilled: 2 }));

      const runs = await log.newest('repeated', SCOPE, 10);

      expect(runs.map(({ metricsBilled }) => metricsBilled)).toEqual([2]);
    },
  },
  {
    message: 'keeps tenants, accounts and regions apart',
    async verify({ log }) {
      await log.put(aRunSummary({ tenant: 'apart', metricsBilled: 1 }));
      await log.put(aRunSummary({ tenant: 'apart-too', metricsBilled: 2 }));
      await log.put(aRunSummary({ tenant: 'apart', scope: { ...SCOPE, region: `${SCOPE.region}2` } }));
      await log.put(aRunSummary({ tenant: 'apart', scope: { ...SCOPE, account: `${SCOPE.account}2` } }));
      await log.put(aRunSummary({ tenant: 'apart', scope: { ...SCOPE, provider: 'gcp' } }));

      const runs = await log.newest('apart', SCOPE, 10);

      expect(runs.map(({ metricsBilled }) => metricsBilled)).toEqual([1]);
    },
  },
  {
    message: 'keeps a run for a month and not for a year',
    async verify({ log, passDays }) {
      await log.put(runAt('kept', 1));

      passDays(30);
      const afterAMonth = await log.newest('kept', SCOPE, 1);
      passDays(335);
      const afterAYear = await log.newest('kept', SCOPE, 1);

      expect(afterAMonth).toHaveLength(1);
      expect(afterAYear).toEqual([]);
    },
  },
];

function runAt(tenant: string, hour: number): RunSummary {
  return aRunSummary({ tenant, scheduledTime: NOON + hour * HOUR });
}

function hourOf({ scheduledTime }: RunSummary): number {
  return (scheduledTime - NOON) / HOUR;
}
