/** Ingest tokens in a folder, as hashes, a file each. */
import { type IngestToken, ingestTokenSchema } from '../../core/model/ingest-token.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import type { Bucket } from '../s3/bucket.ts';
import { createDocuments } from './documents.ts';

export function createFolderIngestTokenStore(bucket: Bucket): IngestTokenStore {
  const documents = createDocuments(bucket, 'ingest-tokens', ingestTokenSchema);
  return {
    get: documents.get,
    async list(tenant) {
      const tokens: readonly IngestToken[] = await documents.list(tenant);
      return tokens.toSorted((a, b) => a.createdAt - b.createdAt);
    },
    put: (token) => documents.put(token.tenant, token.id, token),
  };
}
