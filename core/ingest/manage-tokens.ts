/** Ingest tokens are created and revoked here, for the API and the command line alike. */
import type { IngestToken } from '../model/ingest-token.ts';
import type { IngestTokenStore } from '../ports/ingest-token-store.ts';
import { type NewToken, newIngestToken, type TokenFacts } from './token.ts';

/** Tokens of a tenant that are not revoked: one for each site or team, and not one for each host. */
export const MOST_TOKENS = 200;

/** Undefined where the tenant has as many as are allowed. Throws `StoreError`. */
export async function createIngestToken(
  facts: TokenFacts,
  store: Pick<IngestTokenStore, 'list' | 'put'>,
): Promise<NewToken | undefined> {
  const valid = (await store.list(facts.tenant)).filter(({ revokedAt }) => revokedAt === undefined);
  if (valid.length >= MOST_TOKENS) return undefined;
  const made = newIngestToken(facts);
  await store.put(made.token);
  return made;
}

/**
 * Undefined where the tenant has no such token. One that is revoked already stays as it is. Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 */
export async function revokeIngestToken(
  { tenant, id }: Pick<IngestToken, 'tenant' | 'id'>,
  store: Pick<IngestTokenStore, 'get' | 'put'>,
  now: number,
): Promise<IngestToken | undefined> {
  const token = await store.get(tenant, id);
  if (token === undefined || token.revokedAt !== undefined) return token;
  const revoked = { ...token, revokedAt: now };
  await store.put(revoked);
  return revoked;
}
