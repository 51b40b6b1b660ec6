/** What every health store promises. */
import { expect } from 'vitest';
import type { WatchState } from '../../core/model/health.ts';
import type { Scope } from '../../core/model/series.ts';
import type { HealthStore } from '../../core/ports/health-store.ts';
import { aScopeHealth, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };

export function aWatchState(overrides: Partial<WatchState> = {}): WatchState {
  const account = {
    provider: 'aws',
    account: '111122223333',
    expectation: '0 * * * * UTC 1a2b3c4d',
    expectedSince: NOON,
  } as const;
  return {
    accounts: [{ ...account, failingSince: NOON, stoppedReportedOn: '2026-11-20' }],
    aliveOn: '2026-11-20',
    ...overrides,
  };
}

export const healthStoreChecks: readonly Check<HealthStore>[] = [
  {
    message: 'has nothing of a tenant that was never inspected',
    async verify(store) {
      expect(await store.get('unknown', SCOPE)).toBeUndefined();
      expect(await store.getWatch('unknown')).toBeUndefined();
      expect(await Array.fromAsync(store.list('unknown'))).toEqual([]);
    },
  },
  {
    message: 'gives back the health that was put, with its version',
    async verify(store) {
      const health = aScopeHealth({
        tenant: 'round-trip',
        outcome: 'partial',
        failure: 'aws/111122223333: “denied”',
        partial: { runs: 3, since: NOON - 2 },
        completeSlot: null,
        stopped: { count: 2, first: ['i-1: the agent died'] },
      });

      expect(await store.put(health, 0)).toBe('stored');

      expect(await store.get('round-trip', SCOPE)).toEqual({ value: health, version: 1 });
      expect(await Array.fromAsync(store.list('round-trip'))).toEqual([health]);
    },
  },
  {
    message: 'keeps health of which the version is not the expected one',
    async verify(store) {
      const first = aScopeHealth({ tenant: 'raced' });
      await store.put(first, 0);
      const second = { ...first, leaking: 2 };

      expect(await store.put(second, 0)).toBe('conflict');
      expect(await store.put(second, 2)).toBe('conflict');
      expect(await store.get('raced', SCOPE)).toEqual({ value: first, version: 1 });

      expect(await store.put(second, 1)).toBe('stored');
      expect(await store.get('raced', SCOPE)).toEqual({ value: second, version: 2 });
    },
  },
  {
    message: 'keeps tenants, accounts and regions apart, and lists those of one tenant',
    async verify(store) {
      const scopes: Scope[] = [
        SCOPE,
        { ...SCOPE, region: 'eu-west-2' },
        { ...SCOPE, region: null },
        { ...SCOPE, account: '444455556666' },
        { ...SCOPE, provider: 'gcp', account: 'a#b/c' },
      ];
      for (const [leaking, scope] of scopes.entries())
        await store.put(aScopeHealth({ tenant: 'apart', scope, leaking }), 0);
      await store.put(aScopeHealth({ tenant: 'apart-too', leaking: 99 }), 0);

      for (const [leaking, scope] of scopes.entries())
        expect((await store.get('apart', scope))?.value).toMatchObject({ scope, leaking });
      const listed = await Array.fromAsync(store.list('apart'));
      expect(listed.map(({ leaking }) => leaking).toSorted()).toEqual([0, 1, 2, 3, 4]);
    },
  },
  {
    message: 'lists many',
    async verify(store) {
      const accounts = Array.from({ length: 450 }, (_, index) => String(index));
      await Promise.all(
        accounts.map((account) => store.put(aScopeHealth({ tenant: 'many', scope: { ...SCOPE, account } }), 0)),
      );

      const listed = await Array.fromAsync(store.list('many'));

      expect(listed.map(({ scope }) => scope.account).toSorted()).toEqual(accounts.toSorted());
    },
  },
  {
    message: 'gives back what a tenant was notified of, and keeps what has another version',
    async verify(store) {
      const first = aWatchState();
      const second = aWatchState({ accounts: [], aliveOn: null });

      expect(await store.putWatch('watched', first, 0)).toBe('stored');
      expect(await store.putWatch('watched', second, 0)).toBe('conflict');
      expect(await store.getWatch('watched')).toEqual({ value: first, version: 1 });
      expect(await store.putWatch('watched', second, 1)).toBe('stored');

      expect(await store.getWatch('watched')).toEqual({ value: second, version: 2 });
      expect(await store.getWatch('watched-too')).toBeUndefined();
      expect(await Array.fromAsync(store.list('watched'))).toEqual([]);
    },
  },
];
