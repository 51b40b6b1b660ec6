/** Checks the tokens of pushes with jose: signatures of RS256 by keys that the issuer publishes. */
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type RemoteJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { EventTokens, TokenVerdict } from '../../core/ports/event-tokens.ts';
import { faultOf } from './fault.ts';
import { ALGORITHM, CLOCK_TOLERANCE_SECONDS, expectationOf, type Origins, PUBLIC_ORIGINS } from './issuers.ts';

/** An issuer that takes longer does not answer. */
const FETCH_TIMEOUT_MS = 3_000;

/** Keys are not read again within this time, whatever key a token names, and whether or not they could be read. */
const COOLDOWN_MS = 30_000;

/** Keys are read again after this time: an issuer announces new ones a day before it signs with them. */
const KEPT_MS = 10 * 60_000;

/** Issuers whose keys are kept: one for Google, and one for each Azure directory. */
const MAX_ISSUERS = 500;

/** Google's tokens live for an hour, Entra's for a day at the most. One that is dated after the clock is refused, too. */
const MAX_TOKEN_AGE = '1 day';

export interface EventTokensOptions {
  readonly origins?: Origins;
  /** Called instead of the global one. */
  readonly fetch?: typeof fetch;
}

export function createEventTokens({
  origins = PUBLIC_ORIGINS,
  fetch: fetchKeys = fetch,
}: EventTokensOptions = {}): EventTokens {
  const keySets = new LRUCache<string, RemoteJWKSet>({ max: MAX_ISSUERS });

  function keysAt(url: string): RemoteJWKSet {
    const known = keySets.get(url);
    if (known) return known;
    const timing = { timeoutDuration: FETCH_TIMEOUT_MS, cooldownDuration: COOLDOWN_MS, cacheMaxAge: KEPT_MS };
    const keys = createRemoteJWKSet(new URL(url), { ...timing, [customFetch]: afterCooldown(fetchKeys) });
    keySets.set(url, keys);
    return keys;
  }

  return {
    faultOf,
    async verify(token, expected, now) {
      const { keys, issuers, audiences, claims } = expectationOf(expected, origins);
      try {
        const { payload } = await jwtVerify(token, keysAt(keys), {
          algorithms: [ALGORITHM],
          issuer: [...issuers],
          audience: [...audiences],
          requiredClaims: ['exp', 'iat'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          maxTokenAge: MAX_TOKEN_AGE,
          currentDate: new Date(now),
        });
        const parsed = parseInput(claims, payload);
        if (parsed.success) return { kind: 'accepted' };
        return { kind: 'refused', reason: `the token’s claims: ${describeIssues(parsed.error).join('; ')}` };
      } catch (error) {
        return verdictOn(error);
      }
    },
  };
}

/** jose waits after a fetch that succeeded; this waits after one that failed, too. */
function afterCooldown(fetchKeys: typeof fetch): typeof fetch {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (...request) => {
    if (performance.now() - failedAt < COOLDOWN_MS) throw new TypeError('the keys could not be read a moment ago');
    failedAt = performance.now();
    const response = await fetchKeys(...request);
    if (response.status === 200) failedAt = Number.NEGATIVE_INFINITY;
    return response;
  };
}

/** What jose raises of a token. Anything else is about the keys: they could not be read, or are no keys. */
const ABOUT_TOKEN = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function verdictOn(error: unknown): TokenVerdict {
  const reason = error instanceof Error ? error.message : String(error);
  const isRefusal = ABOUT_TOKEN.some((cause) => error instanceof cause);
  return { kind: isRefusal ? 'refused' : 'unavailable', reason };
}
