/** How the keys of an issuer are read, whoever's tokens they are for: seldom, not for long, no redirect, and not much. */
import { createRemoteJWKSet, customFetch, type FetchImplementation, type RemoteJWKSet } from 'jose';

/** Difference between the clocks of issuer and function. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** An issuer that takes longer does not answer. */
export const FETCH_TIMEOUT_MS = 3_000;

/** What could not be read is not read again within this time; nor are keys, whatever key a token names. */
const COOLDOWN_MS = 30_000;

/** Keys are read again after this time: an issuer announces new ones a day before it signs with them. */
export const KEPT_MS = 10 * 60_000;

/** Bytes of an answer. The keys of the largest issuers have some 20 KB. */
const MAX_BYTES = 256 * 1024;

export function openKeys(url: string, fetchKeys: typeof fetch): RemoteJWKSet {
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: KEPT_MS,
    [customFetch]: afterCooldown(fetchKeys),
  });
}

/** jose waits after a fetch that succeeded; this waits after one that failed, too. */
export function afterCooldown(fetchKeys: typeof fetch): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (url, options) => {
    if (performance.now() - failedAt < COOLDOWN_MS) throw new TypeError('it could not be read a moment ago');
    failedAt = performance.now();
    const response = await bounded(await fetchKeys(url, options));
    if (response.status === 200) failedAt = Number.NEGATIVE_INFINITY;
    return response;
  };
}

/** The answer with its body, which has been read. Throws `TypeError` where it is larger than any that an issuer gives. */
async function bounded(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new TypeError(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  // An answer to a redirect has no body, and none can be given to it.
  return response.status === 200 ? new Response(Buffer.concat(chunks), { status: 200 }) : response;
}
