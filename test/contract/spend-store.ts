/** What every spend store promises. */
import { expect } from 'vitest';
import type { Scope } from '../../core/model/series.ts';
import type { CapState, JobSpend, RequestSpend } from '../../core/model/spend.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };

export function aSpend(overrides: Partial<RequestSpend> = {}): RequestSpend {
  return { month: '2026-11', request: 'request-1', scope: SCOPE, usd: 0.25, ...overrides };
}

export function aJobSpend(overrides: Partial<JobSpend> = {}): JobSpend {
  return { month: '2026-11', scope: SCOPE, job: 'resident', usd: 0.25, usdPerMetric: 0.05, ...overrides };
}

export function aCapState(overrides: Partial<CapState> = {}): CapState {
  return { quietHours: 2, changedAt: NOON, reportedHours: 0, reports: 3, exceededOn: null, ...overrides };
}

export const spendStoreChecks: readonly Check<SpendStore>[] = [
  {
    message: 'has nothing of a tenant that never spent',
    async verify(store) {
      expect(await store.requestsOf('nobody', '2026-11')).toBe(0);
      expect(await store.getCap('nobody')).toBeUndefined();
    },
  },
  {
    message: 'adds up what the requests of a month spent in all regions',
    async verify(store) {
      await store.addRequest('sums', aSpend());
      await store.addRequest('sums', aSpend({ scope: { ...SCOPE, region: null }, usd: 1e-7 }));
      await store.addRequest('sums', aSpend({ request: 'request #2 / ü', usd: 0.5 }));

      expect(await store.requestsOf('sums', '2026-11')).toBeCloseTo(0.7500001, 10);
    },
  },
  {
    message: 'counts a request once in a region, with what it spent last',
    async verify(store) {
      await store.addRequest('once', aSpend({ usd: 0.1 }));
      await store.addRequest('once', aSpend({ usd: 0.2 }));

      expect(await store.requestsOf('once', '2026-11')).toBe(0.2);
    },
  },
  {
    message: 'adds up every read of a host, also of those that end at the same time',
    async verify(store) {
      await store.addRequest('reads', aSpend({ usd: 0.5 }));
      await Promise.all([0.01, 0.01, 0.02].map((usd) => store.addRead('reads', '2026-11', usd)));
      await store.addRead('reads', '2026-12', 9);
      await store.addRead('reads-too', '2026-11', 9);

      expect(await store.readsOf('reads', '2026-11')).toBeCloseTo(0.04, 10);
      expect(await store.requestsOf('reads', '2026-11')).toBeCloseTo(0.54, 10);
      expect(await store.readsOf('reads-not', '2026-11')).toBe(0);
    },
  },
  {
    message: 'adds up what each job spent, and keeps what its metrics were known to cost',
    async verify(store) {
      const other = aJobSpend({ job: 'disks #2 / ü', scope: { ...SCOPE, region: null }, usd: 1, usdPerMetric: null });
      await store.addRequest('jobs', aSpend({ usd: 0.5 }));
      await Promise.all([0.1, 0.2].map((usd) => store.addJob('jobs', aJobSpend({ usd }))));
      await store.addJob('jobs', aJobSpend({ usd: 0.3, usdPerMetric: null }));
      await store.addJob('jobs', other);
      await store.addJob('jobs', aJobSpend({ month: '2026-12', usd: 9 }));
      await store.addJob('jobs-too', aJobSpend({ usd: 9 }));

      const jobs = await store.jobsOf('jobs', '2026-11');
      expect(jobs).toHaveLength(2);
      expect(jobs).toEqual(expect.arrayContaining([{ ...aJobSpend(), usd: expect.closeTo(0.6, 10) }, other]));
      expect(await store.requestsOf('jobs', '2026-11')).toBeCloseTo(2.1, 10);
      expect(await store.readsOf('jobs', '2026-11')).toBe(0);
      expect(await store.jobsOf('jobs-not', '2026-11')).toEqual([]);
    },
  },
  {
    message: 'keeps tenants and months apart',
    async verify(store) {
      await store.addRequest('apart', aSpend());
      await store.addRequest('apart-too', aSpend({ usd: 7 }));
      await store.addRequest('apart', aSpend({ month: '2026-12', usd: 9 }));
      await store.putCap('apart-too', aCapState(), 0);

      expect(await store.requestsOf('apart', '2026-11')).toBe(0.25);
      expect(await store.getCap('apart')).toBeUndefined();
    },
  },
  {
    message: 'adds up more requests than fit an answer',
    async verify(store) {
      const requests = Array.from({ length: 1100 }, (_, index) => `request-${index}`);
      await Promise.all(requests.map((request) => store.addRequest('many', aSpend({ request, usd: 1 }))));

      expect(await store.requestsOf('many', '2026-11')).toBe(1100);
    },
  },
  {
    message: 'gives back what a cap leads to, with its version, and keeps what has another one',
    async verify(store) {
      const changed = aCapState({ quietHours: 4, jobs: 'paused', reportedJobs: 2, exceededOn: '2026-11-20' });

      expect(await store.putCap('cap', aCapState(), 0)).toBe('stored');
      expect(await store.putCap('cap', changed, 0)).toBe('conflict');
      expect(await store.putCap('cap', changed, 1)).toBe('stored');

      expect(await store.getCap('cap')).toEqual({ value: changed, version: 2 });
    },
  },
];
