/** Where ingest tokens are kept, as hashes. Contract: test/contract/ingest-token-store.ts. */
import type { IngestToken } from '../model/ingest-token.ts';

/** Throws `StoreError`. */
export interface IngestTokenStore {
  get(tenant: string, id: string): Promise<IngestToken | undefined>;
  /** Those of the tenant, revoked ones too, in the order in which they were created. */
  list(tenant: string): Promise<readonly IngestToken[]>;
  /** Stores or overwrites. */
  put(token: IngestToken): Promise<void>;
}
