/** What every store of baselines promises. */
import { expect } from 'vitest';
import type { BaselineStore } from '../../core/ports/baseline-store.ts';
import { ItemError } from '../../core/ports/errors.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aBaseline, aBaselineSlot, aHostBaseline, aManifest } from '../fixtures/host-baselines.ts';
import type { Check } from './check.ts';

export const baselineStoreChecks: readonly Check<BaselineStore>[] = [
  {
    message: 'has nothing that was never put',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'never' });

      expect(await store.part(of, 0)).toBeUndefined();
      expect(await store.manifest(of)).toBeUndefined();
    },
  },
  {
    message: 'gives back the records that were put, in their order',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'round-trip' });
      const records = [
        aHostBaseline({ host: null, previous: aBaseline({ season: [], capacity: null, validation: null }) }),
        aHostBaseline({ group: '', host: 'grün “web”', baseline: null, errors: [], refreshes: [] }),
        aHostBaseline({ host: 'i-2' }),
      ];

      await store.putPart(of, 3, records);

      expect(await store.part(of, 3)).toEqual(records);
    },
  },
  {
    message: 'overwrites a part that is put again',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'repeated' });
      await store.putPart(of, 0, [aHostBaseline({ host: 'i-1' }), aHostBaseline({ host: 'i-2' })]);

      await store.putPart(of, 0, [aHostBaseline({ host: 'i-3' })]);

      expect(await store.part(of, 0)).toEqual([aHostBaseline({ host: 'i-3' })]);
    },
  },
  {
    message: 'keeps tenants, accounts, regions, slots and shards apart',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'apart' });
      const all = [
        of,
        { ...of, tenant: 'apart-2' },
        { ...of, slot: NOON + HOUR },
        { ...of, scope: { ...of.scope, account: '444455556666' } },
        { ...of, scope: { ...of.scope, region: 'eu-west-2' } },
        { ...of, scope: { ...of.scope, region: null } },
      ];
      for (const [at, one] of all.entries())
        for (const shard of [0, 1]) await store.putPart(one, shard, [aHostBaseline({ host: `i-${at}-${shard}` })]);

      for (const [at, one] of all.entries())
        for (const shard of [0, 1]) expect(await store.part(one, shard)).toMatchObject([{ host: `i-${at}-${shard}` }]);
    },
  },
  {
    message: 'replaces a manifest only where it is the one that was read',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'manifest' });
      const later = aManifest({ versions: [] });

      expect(await store.putManifest(of, aManifest(), 'none')).toBe('conflict');
      expect(await store.putManifest(of, aManifest(), undefined)).toBe('stored');
      const first = await store.manifest(of);
      expect(first?.value).toEqual(aManifest());
      expect(await store.putManifest(of, later, undefined)).toBe('conflict');
      expect(await store.putManifest(of, later, first?.version)).toBe('stored');
      expect(await store.putManifest(of, aManifest(), first?.version)).toBe('conflict');
      expect((await store.manifest(of))?.value).toEqual(later);
    },
  },
  {
    message: 'has one manifest for all slots of an account and region',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'one-manifest' });
      await store.putManifest(of, aManifest(), undefined);

      const later = { ...of, slot: NOON + HOUR };
      expect((await store.manifest(later))?.value).toEqual(aManifest());
      expect(await store.manifest({ ...of, scope: { ...of.scope, region: 'eu-west-2' } })).toBeUndefined();
    },
  },
  {
    message: 'refuses records that could not be read back',
    async verify(store) {
      const of = aBaselineSlot({ tenant: 'refused' });
      const record = aHostBaseline({ errors: [Number.NaN] });

      const error = await store.putPart(of, 0, [record]).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(ItemError);
      expect(await store.part(of, 0)).toBeUndefined();
    },
  },
];
