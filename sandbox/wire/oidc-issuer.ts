/**
 * An issuer of OpenID Connect on loopback, as far as a page that signs people in needs one: discovery, keys, and the authorization code
 * flow with PKCE. Whoever is sent to it is signed in as its `user` at once; no password is requested.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, exportSPKI, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { close, listen } from './listen.ts';

/** Seconds until a token expires. */
const EXPIRES_AFTER = 3600;

const KEY = 'key-1';

export interface OidcUser {
  readonly subject: string;
  readonly groups: readonly string[];
}

export interface SignOptions {
  /** The id of a key that the token names. */
  readonly key?: string;
  /** The type that its header states. Default: none. */
  readonly typ?: string;
  /** Whether the issuer's own key signs it. */
  readonly own?: boolean;
}

export interface OidcIssuer {
  /** Its URL, `http://127.0.0.1:40123`. */
  readonly issuer: string;
  /** Its public key as PEM, which everybody has. */
  readonly publicKey: string;
  /** Who is signed in next. */
  user: OidcUser;
  /** Whether it answers, or with an error. */
  up: boolean;
  /** Paths that were requested, the first first. */
  readonly requests: readonly string[];
  /** Answers a path in another way. */
  readonly overrides: Map<string, (response: ServerResponse) => void>;
  /** A token of the issuer with these claims among others; one that is undefined is left out. */
  sign(claims: Readonly<Record<string, unknown>>, options?: SignOptions): Promise<string>;
  close(): Promise<void>;
}

/** What a code stands for, until it is redeemed. */
interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
  readonly user: OidcUser;
}

/** @param audience What its access tokens are for. */
export async function startOidcIssuer(audience = 'plimsoll', now: () => number = Date.now): Promise<OidcIssuer> {
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const requests: string[] = [];
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => void answer(request, response));
  const origin = `http://127.0.0.1:${await listen(server)}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    requests.push(url.pathname);
    const override = issuer.overrides.get(url.pathname);
    if (override) return override(response);
    if (!issuer.up) return send(response, 503, {});
    if (request.method === 'OPTIONS') return send(response, 204);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(response, 200, documentOf(origin));
      case '/keys':
        return send(response, 200, { keys: [await jwkOf(own)] });
      case '/authorize':
        return authorize(url.searchParams, issuer.user, grants, response);
      case '/token':
        return redeem(new URLSearchParams(await text(request)), response);
      default:
        return send(response, 404, {});
    }
  }

  async function redeem(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    // A code is good for one try.
    grants.delete(code);
    if (grant === undefined || !isRedeemedBy(form, grant)) return send(response, 400, { error: 'invalid_grant' });
    const { clientId, nonce, user } = grant;
    const claims = { sub: user.subject, groups: [...user.groups] };
    const [access, id] = await Promise.all([
      issuer.sign({ ...claims, aud: audience }),
      issuer.sign({ ...claims, aud: clientId, ...(nonce !== null && { nonce }) }),
    ]);
    send(response, 200, { access_token: access, id_token: id, token_type: 'Bearer', expires_in: EXPIRES_AFTER });
  }

  const issuer: OidcIssuer = {
    issuer: origin,
    publicKey: await pemOf(own),
    user: { subject: 'ada', groups: [] },
    up: true,
    requests,
    overrides: new Map(),
    sign(claims, { key = KEY, own: isOwn = true, typ } = {}) {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ iss: origin, aud: audience, iat: issuedAt, exp: issuedAt + EXPIRES_AFTER, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: key, ...(typ !== undefined && { typ }) })
        .sign(isOwn ? own.privateKey : foreign.privateKey);
    },
    close: () => close(server),
  };
  return issuer;
}

function documentOf(origin: string) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/keys`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
  };
}

function authorize(query: URLSearchParams, user: OidcUser, grants: Map<string, Grant>, response: ServerResponse): void {
  const [clientId, redirectUri, challenge] = ['client_id', 'redirect_uri', 'code_challenge'].map((name) =>
    query.get(name),
  );
  const isCodeFlow = query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256';
  if (!isCodeFlow || !clientId || !redirectUri || !challenge) {
    send(response, 400, { error: 'invalid_request' });
    return;
  }
  const code = randomUUID();
  grants.set(code, { clientId, redirectUri, challenge, nonce: query.get('nonce'), user });
  const back = new URL(redirectUri);
  back.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  response.writeHead(302, { location: back.href }).end();
}

/** https://datatracker.ietf.org/doc/html/rfc7636#section-4.6 */
function isRedeemedBy(form: URLSearchParams, { clientId, redirectUri, challenge }: Grant): boolean {
  const verifier = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  return (
    form.get('grant_type') === 'authorization_code' &&
    form.get('client_id') === clientId &&
    form.get('redirect_uri') === redirectUri &&
    verifier === challenge
  );
}

async function jwkOf({ publicKey }: GenerateKeyPairResult) {
  return { ...(await exportJWK(publicKey)), kid: KEY, alg: 'RS256', use: 'sig' };
}

function pemOf({ publicKey }: GenerateKeyPairResult): Promise<string> {
  return exportSPKI(publicKey);
}

/** Pages of any origin may read the answer, as those of an issuer's registered applications may. */
function send(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'content-type',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
