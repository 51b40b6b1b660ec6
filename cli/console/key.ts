/**
 * Who may use the API of a page on this machine. The key in the printed address is exchanged once for a token, which the page keeps in the
 * storage of its tab and sends as a header. Not a cookie: that would reach every other port of this machine (RFC 6265, section 8.5), behind
 * which other people may listen; storage is of one port.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '../../api/problem.ts';
import { respondProblem } from '../../api/respond.ts';
import { KEY_EXCHANGE_PATH } from '../../console/data/local-token.ts';

export interface KeyExchange {
  /** The answer to the request for a token; undefined for all others. */
  exchange(request: Request): Response | undefined;
  /** Whether a request has the token. */
  isProven(request: Request): boolean;
}

const BYTES = 24;

/** A key or a token. */
export function newSecret(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** @param known Another token, which programs show. */
export function createKeyExchange(key: string, known?: string): KeyExchange {
  const token = newSecret();
  let isUsed = false;
  return {
    exchange(request) {
      if (request.method !== 'POST' || new URL(request.url).pathname !== KEY_EXCHANGE_PATH) return undefined;
      if (isUsed || !isSame(bearerOf(request), key)) return refuseUnproven();
      isUsed = true;
      return Response.json({ token }, { headers: { 'Cache-Control': 'no-store' } });
    },
    isProven(request) {
      const given = bearerOf(request);
      return isSame(given, token) || (known !== undefined && isSame(given, known));
    },
  };
}

/** What the API answers to whoever has no token. */
export function refuseUnproven(): Response {
  const detail =
    'Open the address that `plimsoll console` has printed, with its key. It works once and in one tab: for another one, start the command again. ' +
    'With --receive, programs show the token in FOLDER/api-token: `Authorization: Bearer TOKEN`.';
  return respondProblem(new ProblemError(401, detail), newSecret(), new Headers({ 'Cache-Control': 'no-store' }));
}

function bearerOf({ headers }: Request): string {
  return (headers.get('authorization') ?? '').replace(/^Bearer /, '');
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
