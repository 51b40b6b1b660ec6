/** Finds out who calls: by what the gateway has proved, or else by the bearer token of the request. */

import type { CallerTokens, TokenCaller } from '../../core/ports/caller-tokens.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { Authenticate, Principal, Refusal } from '../ports.ts';
import type { Roles } from './roles.ts';

/** Characters of a header: the largest tokens, with hundreds of groups, have some 12,000. */
const MAX_HEADER = 16_384;

/** https://datatracker.ietf.org/doc/html/rfc6750#section-2.1 */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The same for every token that does not hold: what helps to mend one helps to forge one. */
const NOT_ACCEPTED: Refusal = {
  kind: 'refused',
  detail:
    'The token is not accepted: it has expired, or it is not of an issuer and for an audience that this API takes. Sign in again.',
};

const NONE: Refusal = {
  kind: 'refused',
  detail: 'The request has no bearer token. Sign in, and send it in the header Authorization: Bearer TOKEN.',
};

/** The issuer's keys could not be read: whether a token holds is not known, and the caller tries again. */
export class KeysUnavailableError extends StoreError {}

export interface AuthenticateOptions {
  readonly tokens: CallerTokens;
  readonly roles: Roles;
  /** Whom the gateway has proved, by what the server hands over beside the request; undefined where it has proved nobody. */
  readonly provenBy?: (environment: unknown) => Principal | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Why a token is refused, for the log. */
  readonly onRefused?: (reason: string) => void;
}

/** Rejects with `KeysUnavailableError`, and with `StoreError` where the roles could not be read. */
export function createAuthenticate({ tokens, roles, provenBy, now, onRefused }: AuthenticateOptions): Authenticate {
  return async ({ headers }, environment) => {
    const proven = provenBy?.(environment);
    if (proven !== undefined) return proven;
    const authorization = headers.get('authorization');
    if (authorization === null) return NONE;
    const token = authorization.length > MAX_HEADER ? undefined : BEARER.exec(authorization)?.[1];
    const verdict =
      token === undefined
        ? ({ kind: 'refused', reason: 'the header Authorization has no bearer token' } as const)
        : await tokens.verify(token, now());
    if (verdict.kind === 'accepted') return principalOf(verdict.caller, await roles.of(verdict.caller));
    if (verdict.kind === 'unavailable')
      throw new KeysUnavailableError('The keys of the issuer could not be read; try again in half a minute.', {
        cause: new Error(verdict.reason),
      });
    onRefused?.(verdict.reason);
    return NOT_ACCEPTED;
  };
}

function principalOf({ issuer, subject }: TokenCaller, roles: Principal['roles']): Principal {
  return { kind: 'jwt', name: `${issuer}#${subject}`, roles };
}
