/** Checks bearer tokens of listed issuers with jose. */
import { decodeJwt, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { TrustedIssuer } from '../../core/model/trusted-issuer.ts';
import type { CallerTokens, CallerVerdict } from '../../core/ports/caller-tokens.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../tokens/keys.ts';
import { failureOf } from '../tokens/refusal.ts';
import { discoverKeys } from './discovery.ts';

/** Of public keys alone: with a shared secret whoever can check a token can make one. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Microsoft Entra names 200 at the most: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const MAX_GROUPS = 200;

const name = z.string().min(1).max(300);
const groupsSchema = z.union([z.array(name).max(MAX_GROUPS), name.transform((one) => [one])]).default([]);

export interface CallerTokensOptions {
  readonly issuers: readonly TrustedIssuer[];
  /** Called instead of the global one. */
  readonly fetch?: typeof fetch;
  /** For tests: lets issuers on loopback be called without TLS. */
  readonly allowsLoopback?: boolean;
}

interface Listed {
  readonly entry: TrustedIssuer;
  readonly keys: () => Promise<RemoteJWKSet>;
}

export function createCallerTokens({
  issuers,
  fetch: fetchKeys = fetch,
  allowsLoopback = false,
}: CallerTokensOptions): CallerTokens {
  const listed = new Map<string, Listed>(
    issuers.map((entry) => [
      entry.issuer,
      { entry, keys: discoverKeys(entry.issuer, { fetch: fetchKeys, allowsLoopback }) },
    ]),
  );

  return {
    async verify(token, now) {
      const stated = statedIssuer(token);
      if (stated === undefined) return refused('it is no JSON Web Token');
      const found = listed.get(stated);
      if (found === undefined) return refused('its issuer is not listed');
      try {
        const { payload, protectedHeader } = await jwtVerify(token, await found.keys(), {
          algorithms: ALGORITHMS,
          issuer: found.entry.issuer,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(now),
        });
        if (isNotice(payload, protectedHeader.typ)) return refused('it announces an event and lets nobody in');
        return callerOf(payload, found.entry);
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

/** What a token states of itself chooses among the listed issuers, and decides nothing else. */
function statedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/**
 * Tokens of a logout and of other security events are signed by the same key, for the same audience.
 * https://openid.net/specs/openid-connect-backchannel-1_0.html, https://www.rfc-editor.org/rfc/rfc8417
 */
function isNotice({ events }: JWTPayload, type: string | undefined): boolean {
  const name = (type ?? 'jwt').toLowerCase().replace(/^application\//, '');
  return events !== undefined || name === 'logout+jwt' || name === 'secevent+jwt';
}

function callerOf(payload: JWTPayload, entry: TrustedIssuer): CallerVerdict {
  const { issuer, audience, groupsClaim } = entry;
  if (!isFor(payload, audience)) return refused('its audience is another one');
  if (isOfAnotherClient(payload, entry)) return refused('it was issued to another client');
  const claims = parseInput(z.object({ sub: name, groups: groupsSchema }), {
    sub: payload.sub,
    groups: payload[groupsClaim],
  });
  if (!claims.success) return refused(`its claims: ${describeIssues(claims.error).join('; ')}`);
  return { kind: 'accepted', caller: { issuer, subject: claims.data.sub, groups: claims.data.groups } };
}

/**
 * Access tokens of Amazon Cognito have no audience, but the client that they were issued to.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
function isFor({ aud, client_id: client }: JWTPayload, audience: string): boolean {
  return aud === undefined ? client === audience : [aud].flat().includes(audience);
}

/**
 * Of tokens of identity, whose audience is the client: one with several audiences may be another client's, which `azp` states.
 * An API that is the audience takes the tokens of every client that the issuer let request them.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
function isOfAnotherClient({ aud, azp }: JWTPayload, { audience, clientId }: TrustedIssuer): boolean {
  return audience === clientId && [aud].flat().length > 1 && azp !== clientId;
}

function refused(reason: string): CallerVerdict {
  return { kind: 'refused', reason };
}
