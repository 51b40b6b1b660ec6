/** Checks the tokens of pushes with jose: signatures of RS256 by keys that the issuer publishes. */
import { jwtVerify, type RemoteJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { EventTokens } from '../../core/ports/event-tokens.ts';
import { CLOCK_TOLERANCE_SECONDS, openKeys } from '../tokens/keys.ts';
import { failureOf } from '../tokens/refusal.ts';
import { faultOf } from './fault.ts';
import { ALGORITHM, expectationOf, type Origins, PUBLIC_ORIGINS } from './issuers.ts';

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
    const keys = openKeys(url, fetchKeys);
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
        return failureOf(error);
      }
    },
  };
}
