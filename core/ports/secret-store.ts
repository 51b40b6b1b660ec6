/** Where tenants keep the secrets of their receivers. */

export type SecretOutcome =
  | { readonly kind: 'secret'; readonly value: string }
  /** There is none, or it cannot be read until somebody changes something. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The store did not answer: the same request may succeed later. */
  | { readonly kind: 'failed'; readonly reason: string };

/** A tenant reaches its own secrets alone. Values stay in memory for some minutes, and are in no reason and no error. */
export interface SecretStore {
  /** @param name The last part of its full name. */
  get(tenant: string, name: string): Promise<SecretOutcome>;
  /** After a receiver refused it: the next `get` reads it anew. */
  forget(tenant: string, name: string): void;
}
