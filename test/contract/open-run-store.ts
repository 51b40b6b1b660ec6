/** What every store of open runs promises. */
import { expect } from 'vitest';
import type { OpenRunStore } from '../../core/ports/open-run-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { anOpenRun, aRunRef } from '../fixtures/runs.ts';
import type { Check } from './check.ts';

const ofTenant = (tenant: string, overrides: Parameters<typeof aRunRef>[0] = {}) =>
  anOpenRun({ run: aRunRef({ tenant, ...overrides }) });

export const openRunChecks: readonly Check<OpenRunStore>[] = [
  {
    message: 'has no run of a region that was never inspected',
    async verify(store) {
      expect(await store.get(aRunRef({ tenant: 'unknown' }))).toBeUndefined();
    },
  },
  {
    message: 'gives back what was put, with its version',
    async verify(store) {
      const open = ofTenant('round-trip');

      expect(await store.put(open, 0)).toBe('stored');

      expect(await store.get(open.run)).toEqual({ value: open, version: 1 });
    },
  },
  {
    message: 'stores only what names the version that is there',
    async verify(store) {
      const open = ofTenant('versions');
      await store.put(open, 0);

      expect(await store.put({ ...open, shards: 1 }, 0)).toBe('conflict');
      expect(await store.put({ ...open, shards: 2 }, 2)).toBe('conflict');
      expect(await store.put({ ...open, shards: 3 }, 1)).toBe('stored');

      expect(await store.get(open.run)).toMatchObject({ value: { shards: 3 }, version: 2 });
    },
  },
  {
    message: 'has one run of the schedule for each region, and one of each request',
    async verify(store) {
      const earlier = ofTenant('keys', { scheduledTime: NOON - HOUR });
      const later = ofTenant('keys');
      const requested = ofTenant('keys', { trigger: 'on_demand', request: 'request-1' });
      const elsewhere = ofTenant('keys', { scope: { ...later.run.scope, region: 'eu-west-2' } });
      await store.put(earlier, 0);

      expect(await store.put(later, 0)).toBe('conflict');
      expect(await store.put(requested, 0)).toBe('stored');
      expect(await store.put(elsewhere, 0)).toBe('stored');

      expect((await store.get(later.run))?.value.run.scheduledTime).toBe(NOON - HOUR);
    },
  },
  {
    message: 'lists the runs of all tenants that are not closed',
    async verify(store) {
      await store.put(ofTenant('listed-1'), 0);
      await store.put({ ...ofTenant('listed-2'), state: 'listing' }, 0);
      await store.put({ ...ofTenant('listed-3'), state: 'closed' }, 0);

      const listed = (await Array.fromAsync(store.list())).filter(({ value }) => value.run.tenant.startsWith('listed'));

      expect(listed.map(({ value, version }) => [value.run.tenant, version]).sort()).toEqual([
        ['listed-1', 1],
        ['listed-2', 1],
      ]);
    },
  },
];
