/**
 * Who is signed in. With `local` whoever reaches the page is, or whoever opened it with a key. With `oidc` the page is redirected to the issuer and comes back with a code;
 * the token that it is exchanged for stays in memory, so that a reload signs in again.
 */
import { signal } from '@preact/signals';
import type { MeView, SignInView } from '../../api/contract/tenants.ts';
import { type ApiError, asApiError } from './api-error.ts';
import { createHttpSource, type Tokens } from './http-source.ts';
import { type Issuer, RETURN_PATH } from './issuer.ts';
import { localToken } from './local-token.ts';
import type { Source } from './source.ts';

export type Session =
  | { readonly state: 'starting' }
  /** The person chooses where to sign in: there are several issuers, or the last attempt failed. */
  | { readonly state: 'choosing'; readonly issuers: readonly Issuer[]; readonly message: string | null }
  | { readonly state: 'signed_in'; readonly me: MeView; readonly signIn: SignInView }
  /** Signed in with the issuer, and there is no tenant for the person here. */
  | { readonly state: 'forbidden'; readonly message: string; readonly issuers: readonly Issuer[] }
  | { readonly state: 'failed'; readonly error: ApiError };

const REFRESH_MS = 60_000;
const SIMULATED_REFRESH_MS = 5_000;
const API_BASE = '/api/v1';

export const session = signal<Session>({ state: 'starting' });
/** How often a page that watches something reads again, milliseconds: in a simulation time runs fast. */
export function refreshMs(): number {
  const state = session.value;
  return state.state === 'signed_in' && state.signIn.simulated !== null ? SIMULATED_REFRESH_MS : REFRESH_MS;
}

/** The session has ended while the page was open: what is on it stays, and a dialog offers to sign in again. */
export const hasExpired = signal(false);

interface Holder {
  token: string | null;
  renew: () => Promise<string | null>;
}

const holder: Holder = { token: null, renew: async () => null };

const tokens: Tokens = {
  current: async () => holder.token,
  refreshed: async () => {
    holder.token = await holder.renew();
    if (holder.token === null) hasExpired.value = true;
    return holder.token;
  },
};

export const source: Source = createHttpSource({ base: API_BASE, tokens });

/**
 * Finds out how to sign in, and does it as far as no choice is needed. Never rejects: the outcome is in `session`.
 * @param navigate Shows another address without a reload.
 */
export async function startSession(navigate: (address: string) => void): Promise<void> {
  session.value = { state: 'starting' };
  try {
    const { location, history, sessionStorage: storage } = window;
    holder.token ??= await localToken({ location, history, storage, fetch: fetch.bind(window) });
    const signIn = await source.get('/sign-in', {});
    if (signIn.mode === 'local') await enter(signIn);
    else await startOidc(signIn, navigate);
  } catch (error) {
    session.value = { state: 'failed', error: asApiError(error) };
  }
}

/** What the clock of a simulation shows now. */
export async function readSimulated(): Promise<SignInView['simulated']> {
  return (await source.get('/sign-in', {})).simulated;
}

async function startOidc(signIn: SignInView, navigate: (address: string) => void): Promise<void> {
  const { issuers } = signIn;
  // Its own chunk: a local console never loads it.
  const { finishSignIn } = await import('./oidc.ts');
  const returned = await finishSignIn(issuers);
  if (returned.kind === 'failed') {
    session.value = { state: 'choosing', issuers, message: returned.message };
    navigate('/');
    return;
  }
  if (returned.kind === 'signed_in') {
    holder.token = returned.token;
    holder.renew = returned.renew;
    returned.onRenewed((token) => {
      holder.token = token;
      if (token === null) hasExpired.value = true;
    });
    navigate(returned.address);
    await enter(signIn);
    return;
  }
  const [only, second] = issuers;
  if (only !== undefined && second === undefined) await signInWith(only);
  else session.value = { state: 'choosing', issuers, message: only === undefined ? NO_ISSUER : null };
}

const NO_ISSUER = 'No issuer is configured. The operator of this deployment lists issuers in the parameter apiIssuers.';

/** Leaves the page for the issuer; comes back to the address that is shown now. */
export async function signInWith(issuer: Issuer): Promise<void> {
  const { pathname, search } = window.location;
  const { beginSignIn } = await import('./oidc.ts');
  try {
    await beginSignIn(issuer, pathname === RETURN_PATH ? '/' : `${pathname}${search}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    session.value = { state: 'choosing', issuers: [issuer], message };
  }
}

async function enter(signIn: SignInView): Promise<void> {
  try {
    const me = await source.get('/me', {});
    session.value =
      me.tenants.length > 0
        ? { state: 'signed_in', me, signIn }
        : {
            state: 'forbidden',
            message: `${me.name} is signed in and may see no tenant here.`,
            issuers: signIn.issuers,
          };
  } catch (error) {
    const problem = asApiError(error);
    if (problem.status !== 401 && problem.status !== 403) throw error;
    session.value = { state: 'forbidden', message: problem.message, issuers: signIn.issuers };
  }
}
