/** Ingest tokens in memory. */
import type { IngestToken } from '../../core/model/ingest-token.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';

export function createMemoryIngestTokenStore(): IngestTokenStore {
  const kept = new Map<string, IngestToken>();
  return {
    get: async (tenant, id) => kept.get(`${tenant}/${id}`),
    list: async (tenant) =>
      [...kept.values()].filter((token) => token.tenant === tenant).toSorted((a, b) => a.createdAt - b.createdAt),
    put: async (token) => void kept.set(`${token.tenant}/${token.id}`, token),
  };
}
