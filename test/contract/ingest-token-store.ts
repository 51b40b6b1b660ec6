/** What every store of ingest tokens promises. */
import { expect } from 'vitest';
import { newIngestToken } from '../../core/ingest/token.ts';
import type { IngestToken } from '../../core/model/ingest-token.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

function aToken(tenant: string, fields: Partial<IngestToken> = {}): IngestToken {
  const facts = { tenant, account: 'fleet', name: 'web hosts', createdBy: 'ada', createdAt: NOON };
  return { ...newIngestToken(facts).token, ...fields };
}

export const ingestTokenStoreChecks: readonly Check<IngestTokenStore>[] = [
  {
    message: 'gives back a token as it was put, by its tenant and its id',
    async verify(store) {
      const token = aToken('kept');
      await store.put(token);

      expect(await store.get('kept', token.id)).toEqual(token);
    },
  },
  {
    message: 'has no token of another tenant, or with another id',
    async verify(store) {
      const token = aToken('own');
      await store.put(token);

      expect(await store.get('other', token.id)).toBeUndefined();
      expect(await store.get('own', 'aaaaaaaaaa')).toBeUndefined();
      expect(await store.list('other')).toEqual([]);
    },
  },
  {
    message: 'lists the tokens of a tenant in the order in which they were created, revoked ones too',
    async verify(store) {
      const [first, second] = [aToken('listed'), aToken('listed', { createdAt: NOON + HOUR })];
      for (const token of [second, aToken('listed-not'), first]) await store.put(token);
      await store.put({ ...second, revokedAt: NOON + 2 * HOUR });

      expect(await store.list('listed')).toEqual([first, { ...second, revokedAt: NOON + 2 * HOUR }]);
    },
  },
];
