/** What is around every page: navigation, tenants, who is signed in, notices. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { hasExpired, readSimulated, session, signInWith } from '../data/session.ts';
import { type PageName, pagePath } from '../paths.ts';
import { setTheme, THEMES, theme } from '../theme.ts';
import { Dialog } from './dialog.tsx';
import { ShortcutHelp, useShortcuts } from './shortcuts.tsx';
import { useMay, useTenant } from './tenant.ts';
import { plain, Text } from './text.tsx';
import { preparing, useClock } from './time.tsx';
import { Notices } from './toast.tsx';

const NAVIGATION: readonly (readonly [page: PageName, title: string])[] = [
  ['overview', 'Overview'],
  ['incidents', 'Incidents'],
  ['hosts', 'Hosts'],
  ['anomalies', 'Anomalies'],
  ['inspections', 'Inspections'],
  ['recordings', 'Recordings'],
  ['coverage', 'Coverage'],
  ['mutes', 'Mutes and labels'],
  ['alerts', 'Alerts'],
  ['config', 'Config'],
  ['digest', 'Digest'],
  ['access', 'Access'],
  ['audit', 'Audit'],
];

export function Layout({ children }: { children: ComponentChildren }) {
  const state = session.value;
  useClock(state.state === 'signed_in' ? state.signIn.simulated : null, readSimulated);
  const help = useShortcuts();
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(main);
  return (
    <div class="frame">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Mark />
        <TenantSwitch />
        <div class="top-end">
          <Simulation />
          <ThemeSwitch />
          <Person />
        </div>
      </header>
      <Navigation />
      <main id="content" ref={main} tabIndex={-1} class="content">
        {children}
      </main>
      <Notices />
      {help.isOpen && <ShortcutHelp onClose={help.close} />}
      {hasExpired.value && <Expired />}
    </div>
  );
}

/** After another page has come, a screen reader and the keyboard begin at its content. */
function useFocusOnNavigation(main: { current: HTMLElement | null }): void {
  const { path } = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
}

function Mark() {
  const { tenant } = useTenant();
  return (
    <a class="mark" href={pagePath(tenant, 'overview')} aria-label="Plimsoll, overview">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="9" />
        <path d="M3 16h26" />
      </svg>
      <span class="mark-name">Plimsoll</span>
    </a>
  );
}

function TenantSwitch() {
  const { route } = useLocation();
  const shown = useTenant();
  const state = session.value;
  const tenants = state.state === 'signed_in' ? state.me.tenants : [];
  if (tenants.length < 2) {
    return (
      <span class="tenant">
        <Text value={shown.name ?? shown.tenant} />
      </span>
    );
  }
  return (
    <label class="tenant">
      <span class="visually-hidden">Tenant</span>
      <select value={shown.tenant} onChange={({ currentTarget }) => route(pagePath(currentTarget.value, 'overview'))}>
        {tenants.map(({ tenant, name }) => (
          <option key={tenant} value={tenant}>
            {plain(name ?? tenant, 60)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Simulation() {
  const state = session.value;
  if (state.state !== 'signed_in' || state.signIn.simulated === null) return null;
  const meanwhile = preparing.value ? ', its week is being made' : '';
  return (
    <span class={`badge ${preparing.value ? 'tone-warning' : 'tone-info'}`} title={`A simulated fleet${meanwhile}`}>
      <span>
        simulated<span class="simulation-what"> fleet{meanwhile}</span>
      </span>
    </span>
  );
}

function ThemeSwitch() {
  return (
    <label class="theme">
      <span class="visually-hidden">Colours</span>
      <select
        value={theme.value}
        onChange={({ currentTarget }) => {
          const chosen = THEMES.find((one) => one === currentTarget.value);
          if (chosen !== undefined) setTheme(chosen);
        }}
      >
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}

function Person() {
  const state = session.value;
  const { role } = useTenant();
  if (state.state !== 'signed_in') return null;
  return (
    <span class="person" title={`${plain(state.me.name)}: ${role}`}>
      <Text value={state.me.name} length={60} /> <span class="muted">{role}</span>
    </span>
  );
}

function Navigation() {
  const { path } = useLocation();
  const mayAudit = useMay('operator');
  const { tenant } = useTenant();
  return (
    <nav class="navigation" aria-label="Pages">
      <ul>
        {NAVIGATION.filter(([page]) => mayAudit || page !== 'audit').map(([page, title]) => {
          const address = pagePath(tenant, page);
          const isCurrent = page === 'overview' ? path === address : path === address || path.startsWith(`${address}/`);
          return (
            <li key={page}>
              <a href={address} aria-current={isCurrent ? 'page' : undefined}>
                {title}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** The token has expired and was not renewed. What is on the page stays readable behind the dialog. */
function Expired() {
  const state = session.value;
  const issuers = state.state === 'signed_in' ? state.signIn.issuers : [];
  return (
    <Dialog title="Your session has ended" onClose={() => (hasExpired.value = false)}>
      <p>What is on the page is from before. Sign in again to read and to change; you come back to this page.</p>
      {issuers.map((issuer) => (
        <button type="button" class="button button-main" key={issuer.issuer} onClick={() => void signInWith(issuer)}>
          Sign in with {plain(issuer.name)}
        </button>
      ))}
    </Dialog>
  );
}
