/** Where is kept who may do what. Contract: test/contract/access-store.ts. */
import type { Grant } from '../model/grant.ts';

/** Whom a token names. */
export interface Grantee {
  readonly issuer: string;
  readonly subject: string;
  readonly groups: readonly string[];
}

/** Grants by caller and by tenant. Throws `StoreError`. */
export interface AccessStore {
  /** All grants of the caller, by its subject and its groups, of every tenant. */
  ofCaller(grantee: Grantee): Promise<readonly Grant[]>;
  /** All grants of the tenant. */
  ofTenant(tenant: string): Promise<readonly Grant[]>;
  /** Stores it, or replaces the one to the same subject or group. Returns it with its id. */
  put(grant: Omit<Grant, 'id'>): Promise<Grant>;
  /** Takes it back, and returns whether there was one. */
  remove(tenant: string, id: string): Promise<boolean>;
}
