/** Ingest tokens of tenants, one item each, in the partition of their tenant: they are gone with it. */
import type { IngestToken } from '../../core/model/ingest-token.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import { ingestTokenItem } from './items.ts';
import { INGEST_TOKENS, tenantItemKey, tenantPartition } from './keys.ts';
import { openTable, type StoreOptions } from './table.ts';

/** Items of one answer: they have some 400 bytes. */
const PAGE_SIZE = 400;

export function createIngestTokenStore(options: StoreOptions): IngestTokenStore {
  const table = openTable(options);
  return {
    async get(tenant, id) {
      return (await table.get(tenantItemKey(INGEST_TOKENS, { tenant, id }), ingestTokenItem))?.token;
    },

    async list(tenant) {
      const tokens: IngestToken[] = [];
      const lookup = { partition: tenantPartition(tenant), beginsWith: INGEST_TOKENS, pageSize: PAGE_SIZE };
      for await (const page of table.pages(lookup))
        for (const item of page) tokens.push(table.parse(item, ingestTokenItem).token);
      return tokens.toSorted((a, b) => a.createdAt - b.createdAt);
    },

    async put(token) {
      await table.put({ ...tenantItemKey(INGEST_TOKENS, token), token }, ingestTokenItem, 'always');
    },
  };
}
