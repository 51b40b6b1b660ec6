/** The suite of stores of baselines: kept by the store in memory, and broken by each store that lies. */
import { describe, expect, it } from 'vitest';
import type { BaselineStore } from '../../core/ports/baseline-store.ts';
import { createMemoryBaselineStore } from '../memory/baselines.ts';
import { baselineStoreChecks } from './baseline-store.ts';
import { brokenPromises, itKeeps } from './check.ts';

describe('the store of baselines in memory', () => {
  itKeeps(baselineStoreChecks, createMemoryBaselineStore);
});

const ORDER = 'gives back the records that were put, in their order';
const AGAIN = 'overwrites a part that is put again';
const APART = 'keeps tenants, accounts, regions, slots and shards apart';
const MANIFEST = 'replaces a manifest only where it is the one that was read';
const ONE = 'has one manifest for all slots of an account and region';
const REFUSED = 'refuses records that could not be read back';

type Lie = (honest: BaselineStore) => Partial<BaselineStore>;

const LIES: readonly [string, string, Lie][] = [
  ['sorts records', ORDER, ({ part }) => ({ part: async (of, shard) => (await part(of, shard))?.toReversed() })],
  [
    'forgets the baseline before',
    ORDER,
    ({ putPart }) => ({
      putPart: (of, shard, records) =>
        putPart(
          of,
          shard,
          records.map((record) => ({ ...record, previous: null })),
        ),
    }),
  ],
  [
    'keeps what was put first',
    AGAIN,
    ({ part, putPart }) => ({
      putPart: async (of, shard, records) => putPart(of, shard, (await part(of, shard)) ?? records),
    }),
  ],
  [
    'mixes slots',
    APART,
    ({ part, putPart }) => ({
      putPart: (of, shard, records) => putPart({ ...of, slot: 0 }, shard, records),
      part: (of, shard) => part({ ...of, slot: 0 }, shard),
    }),
  ],
  [
    'mixes tenants',
    APART,
    ({ part, putPart }) => ({
      putPart: (of, shard, records) => putPart({ ...of, tenant: 'all' }, shard, records),
      part: (of, shard) => part({ ...of, tenant: 'all' }, shard),
    }),
  ],
  [
    'replaces any manifest',
    MANIFEST,
    ({ manifest, putManifest }) => ({
      putManifest: async (of, value) => putManifest(of, value, (await manifest(of))?.version),
    }),
  ],
  [
    'has one manifest for all regions',
    ONE,
    ({ manifest, putManifest }) => ({
      putManifest: (of, value, expected) =>
        putManifest({ ...of, scope: { ...of.scope, region: null } }, value, expected),
      manifest: (of) => manifest({ ...of, scope: { ...of.scope, region: null } }),
    }),
  ],
  [
    'stores zero for what is no number',
    REFUSED,
    ({ putPart }) => ({
      putPart: (of, shard, records) =>
        putPart(
          of,
          shard,
          records.map((record) => ({ ...record, errors: record.errors.map((error) => error || 0) })),
        ),
    }),
  ],
];

describe('the suite of stores of baselines', () => {
  it.each(LIES)('catches a store that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryBaselineStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(baselineStoreChecks, liar)).toContain(promise);
  });
});
