/** What is shown while nobody is signed in. */
import type { ComponentChildren } from 'preact';
import type { Issuer } from '../data/issuer.ts';
import { session, signInWith } from '../data/session.ts';
import { Failure, Loading } from './states.tsx';
import { plain, Text } from './text.tsx';

export function SignInPages() {
  const state = session.value;
  switch (state.state) {
    case 'starting':
    case 'signed_in':
      return (
        <Lone>
          <Loading rows={2} label="Signing in" />
        </Lone>
      );
    case 'choosing':
      return (
        <Lone>
          <h1>Sign in to Plimsoll</h1>
          {state.message !== null && (
            <p class="failure" role="alert">
              <Text value={state.message} length={500} />
            </p>
          )}
          <Issuers issuers={state.issuers} />
        </Lone>
      );
    case 'forbidden':
      return (
        <Lone>
          <h1>No access</h1>
          <p>
            <Text value={state.message} length={500} />
          </p>
          <p>
            An operator of this deployment gives access with <code>plimsoll access grant</code>.
          </p>
          <Issuers issuers={state.issuers} again />
        </Lone>
      );
    case 'failed':
      return (
        <Lone>
          <h1>Plimsoll</h1>
          <Failure error={state.error} retry={() => window.location.reload()} />
        </Lone>
      );
  }
}

function Issuers({ issuers, again = false }: { issuers: readonly Issuer[]; again?: boolean }) {
  return (
    <ul class="issuers">
      {issuers.map((issuer) => (
        <li key={issuer.issuer}>
          <button type="button" class="button button-main" onClick={() => void signInWith(issuer)}>
            {again ? 'Sign in as somebody else with' : 'Sign in with'} {plain(issuer.name)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Lone({ children }: { children: ComponentChildren }) {
  return (
    <main class="lone">
      <svg class="lone-mark" viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="9" />
        <path d="M3 16h26" />
      </svg>
      {children}
    </main>
  );
}
