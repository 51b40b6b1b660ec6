/** Where an issuer of OpenID Connect has its keys: https://openid.net/specs/openid-connect-discovery-1_0.html */
import type { RemoteJWKSet } from 'jose';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { afterCooldown, FETCH_TIMEOUT_MS, KEPT_MS, openKeys } from '../tokens/keys.ts';

export interface DiscoveryOptions {
  readonly fetch: typeof fetch;
  /** For tests: lets issuers on loopback be called without TLS. */
  readonly allowsLoopback: boolean;
}

/** Reads an issuer's document, and with it the keys. Throws where neither can be read, or where it is another issuer's. */
export function discoverKeys(
  issuer: string,
  { fetch: fetchKeys, allowsLoopback }: DiscoveryOptions,
): () => Promise<RemoteJWKSet> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const read = afterCooldown(fetchKeys);
  const url = z.url().refine((text) => isProtected(text, allowsLoopback), 'must be an https address');
  const documentSchema = z.object({ issuer: z.literal(issuer), jwks_uri: url });
  let current: { readonly keys: Promise<RemoteJWKSet>; readonly until: number } | undefined;

  async function discover(former: RemoteJWKSet | undefined): Promise<RemoteJWKSet> {
    if (!isProtected(address, allowsLoopback)) throw new TypeError(`${address} is not an https address`);
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const response = await read(address, { method: 'GET', headers: new Headers(), redirect: 'manual', signal });
    if (response.status !== 200) throw new TypeError(`${address} answers ${response.status}`);
    const document = parseInput(documentSchema, await response.json());
    if (!document.success) throw new TypeError(`${address}: ${describeIssues(document.error).join('; ')}`);
    const { jwks_uri: keysAt } = document.data;
    // The keys that are known stay known.
    return former && addresses.get(former) === keysAt ? former : opened(keysAt);
  }

  const addresses = new WeakMap<RemoteJWKSet, string>();
  function opened(keysAt: string): RemoteJWKSet {
    const keys = openKeys(keysAt, fetchKeys);
    addresses.set(keys, keysAt);
    return keys;
  }

  return () => {
    if (current && performance.now() < current.until) return current.keys;
    const former = current?.keys;
    const keys = (former ?? Promise.resolve(undefined)).then(discover);
    const reading = { keys, until: performance.now() + KEPT_MS };
    current = reading;
    // One that failed is not kept; what was known before serves until the document can be read again.
    return keys.catch((error) => {
      if (current === reading) current = former && { keys: former, until: Number.NEGATIVE_INFINITY };
      if (former) return former;
      throw error;
    });
  };
}

/** Encrypted, or on this machine where that is allowed. */
function isProtected(text: string, allowsLoopback: boolean): boolean {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  return allowsLoopback && url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}
