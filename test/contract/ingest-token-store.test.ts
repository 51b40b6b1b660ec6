/** The suite of stores of ingest tokens: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import { createMemoryIngestTokenStore } from '../memory/ingest-token-store.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { ingestTokenStoreChecks } from './ingest-token-store.ts';

describe('ingest tokens in memory', () => {
  itKeeps(ingestTokenStoreChecks, createMemoryIngestTokenStore);
});

type Lie = (honest: IngestTokenStore) => Partial<IngestTokenStore>;

const LIES: readonly [string, Lie][] = [
  ['finds any tenant’s token by its id', ({ get }) => ({ get: async (_, id) => get('own', id) })],
  ['forgets that one was revoked', ({ put }) => ({ put: ({ revokedAt: _, ...token }) => put(token) })],
  ['lists the latest first', ({ list }) => ({ list: async (tenant) => (await list(tenant)).toReversed() })],
  [
    'lists those of all tenants',
    ({ list }) => ({ list: async () => [...(await list('listed')), ...(await list('own'))] }),
  ],
];

describe('the suite of stores of ingest tokens', () => {
  it.each(LIES)('catches one that %s', async (_, lie) => {
    const liar = () => {
      const honest = createMemoryIngestTokenStore();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(ingestTokenStoreChecks, liar)).not.toEqual([]);
  });
});
