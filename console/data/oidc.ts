/**
 * Signs in by OpenID Connect: authorization code with PKCE. Nothing outlives the page but, during the redirect, what has to be compared
 * afterwards: state, nonce and verifier, in the storage of this tab.
 */
import * as oauth from 'oauth4webapi';
import { bearerKind, renewedBearer } from './bearer.ts';
import { type Issuer, RETURN_PATH } from './issuer.ts';

const STORED = 'plimsoll.sign-in';
/** A token is renewed so many seconds before it expires. */
const RENEW_BEFORE_SECONDS = 60;
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Begun {
  readonly issuer: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The address to come back to. */
  readonly address: string;
}

export interface SignedIn {
  readonly kind: 'signed_in';
  readonly token: string;
  readonly address: string;
  /** Another token by the refresh token; null where the issuer gave none, or takes it no more. */
  readonly renew: () => Promise<string | null>;
  /** Calls back with each token that was renewed before the last one expired, and with null when that fails. */
  readonly onRenewed: (listener: (token: string | null) => void) => void;
}

export type Returned =
  | SignedIn
  /** The page was opened in another way than by coming back from an issuer. */
  | { readonly kind: 'not_returned' }
  | { readonly kind: 'failed'; readonly message: string };

/** Redirects to the issuer. Rejects where its discovery document cannot be read. */
export async function beginSignIn(issuer: Issuer, address: string): Promise<void> {
  const server = await discover(issuer);
  if (server.authorization_endpoint === undefined) throw new Error(`${issuer.name} has no authorization endpoint.`);
  const begun: Begun = {
    issuer: issuer.issuer,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    address,
  };
  sessionStorage.setItem(STORED, JSON.stringify(begun));
  const target = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: issuer.clientId,
    redirect_uri: redirectAddress(),
    response_type: 'code',
    scope: issuer.scopes,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  window.location.assign(target);
}

/** After a redirect: exchanges the code for a token. Does not reject: what fails is stated in words. */
export async function finishSignIn(issuers: readonly Issuer[]): Promise<Returned> {
  const { pathname, search } = window.location;
  if (pathname !== RETURN_PATH || !new URLSearchParams(search).has('state')) return { kind: 'not_returned' };
  const begun = takeBegun();
  const issuer = issuers.find((one) => one.issuer === begun?.issuer);
  if (begun === null || issuer === undefined) {
    return { kind: 'failed', message: 'This sign-in was not begun in this tab, or is used up. Sign in again.' };
  }
  try {
    return await exchange(issuer, begun);
  } catch (error) {
    return { kind: 'failed', message: `${issuer.name} did not sign you in: ${reasonOf(error)}` };
  }
}

async function exchange(issuer: Issuer, begun: Begun): Promise<SignedIn> {
  const server = await discover(issuer);
  const client = { client_id: issuer.clientId };
  const params = oauth.validateAuthResponse(server, client, new URL(window.location.href), begun.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    redirectAddress(),
    begun.verifier,
    transport(issuer),
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  return { kind: 'signed_in', address: begun.address, ...createRenewal(issuer, server, result) };
}

function createRenewal(issuer: Issuer, server: oauth.AuthorizationServer, first: oauth.TokenEndpointResponse) {
  const kind = bearerKind(first);
  let refreshToken = first.refresh_token;
  let listener: (token: string | null) => void = () => {};

  async function renew(): Promise<string | null> {
    if (refreshToken === undefined) return null;
    try {
      const client = { client_id: issuer.clientId };
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        oauth.None(),
        refreshToken,
        transport(issuer),
      );
      const result = await oauth.processRefreshTokenResponse(server, client, response);
      const token = renewedBearer(result, kind);
      // Without the one that the API takes the person signs in again.
      refreshToken = token === null ? undefined : (result.refresh_token ?? refreshToken);
      schedule(result);
      return token;
    } catch {
      // Whatever the reason, the person signs in again.
      refreshToken = undefined;
      return null;
    }
  }

  function schedule({ expires_in }: oauth.TokenEndpointResponse): void {
    if (expires_in === undefined || refreshToken === undefined) return;
    const ms = Math.max(1, expires_in - RENEW_BEFORE_SECONDS) * 1000;
    setTimeout(() => void renew().then(listener), Math.min(ms, LONGEST_TIMER_MS));
  }

  schedule(first);
  return {
    token: first[kind] ?? first.access_token,
    renew,
    onRenewed: (next: (token: string | null) => void) => {
      listener = next;
    },
  };
}

async function discover(issuer: Issuer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer.issuer);
  const response = await oauth.discoveryRequest(url, transport(issuer));
  return oauth.processDiscoveryResponse(url, response);
}

/** Plain HTTP is for an issuer on this machine alone. */
function transport({ issuer }: Issuer) {
  const { hostname } = new URL(issuer);
  return { [oauth.allowInsecureRequests]: hostname === 'localhost' || hostname === '127.0.0.1' };
}

function redirectAddress(): string {
  return `${window.location.origin}${RETURN_PATH}`;
}

function takeBegun(): Begun | null {
  const text = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return text === null ? null : JSON.parse(text);
}

function reasonOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError) return error.error_description ?? error.error;
  if (error instanceof oauth.ResponseBodyError) return error.error_description ?? error.error;
  return error instanceof Error ? error.message : String(error);
}
