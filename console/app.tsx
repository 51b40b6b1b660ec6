/** The page: who is signed in decides what is shown, and the address which page. */
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation, useRoute } from 'preact-iso/router';
import { SignInPages } from './components/sign-in.tsx';
import { Empty } from './components/states.tsx';
import type { TenantAccess } from './components/tenant.ts';
import { TenantPages } from './components/tenant-pages.tsx';
import { session, source, startSession } from './data/session.ts';
import { SourceContext } from './data/use-answer.ts';
import { pagePath, recordingPath } from './paths.ts';

export function App() {
  return (
    <LocationProvider>
      <SourceContext.Provider value={source}>
        <Session />
      </SourceContext.Provider>
    </LocationProvider>
  );
}

function Session() {
  const { route } = useLocation();
  useEffect(() => {
    void startSession((address) => route(address, true));
  }, []);
  if (session.value.state !== 'signed_in') return <SignInPages />;
  return (
    <Router>
      <Route path="/" component={FirstTenant} />
      <Route path="/recordings" component={FirstRecordings} />
      <Route path="/recordings/:recording" component={RecordingOfSome} />
      <Route path="/t/:tenant" component={TenantPages} />
      <Route path="/t/:tenant/*" component={TenantPages} />
      <Route default component={NoPage} />
    </Router>
  );
}

/** The address without a tenant shows the first that the person may see. */
function FirstTenant() {
  const { route } = useLocation();
  const [first] = tenantsOf(session.value);
  useEffect(() => {
    if (first !== undefined) route(pagePath(first.tenant, 'overview'), true);
  }, [first]);
  return null;
}

/** `/recordings`: those of the first tenant. */
function FirstRecordings() {
  const { route } = useLocation();
  const [first] = tenantsOf(session.value);
  useEffect(() => {
    if (first !== undefined) route(pagePath(first.tenant, 'recordings'), true);
  }, [first]);
  return null;
}

/** `/recordings/r-…`: of whichever tenant has it. The demo is every tenant's, and the first one's here. */
function RecordingOfSome() {
  const { params } = useRoute();
  const { route } = useLocation();
  const recording = params['recording'] ?? '';
  const tenants = tenantsOf(session.value);
  useEffect(() => {
    const abort = new AbortController();
    void tenantWith(recording, tenants, abort.signal).then((tenant) => {
      if (tenant !== undefined && !abort.signal.aborted) route(recordingPath(tenant, recording), true);
    });
    return () => abort.abort();
  }, [recording]);
  return null;
}

/** The first tenant that has a recording; the first of all where none has it, whose page states that it is not there. */
async function tenantWith(recording: string, tenants: readonly TenantAccess[], signal: AbortSignal) {
  const asked = recording === 'demo' || tenants.length < 2 ? [] : tenants;
  for (const { tenant } of asked) {
    // A tenant that cannot be read has none that could be shown.
    const list = await source.get('/tenants/{tenant}/recordings', { tenant }, { signal }).catch(() => ({ items: [] }));
    if (list.items.some(({ id }) => id === recording)) return tenant;
  }
  return tenants[0]?.tenant;
}

function tenantsOf(state: typeof session.value): readonly TenantAccess[] {
  return state.state === 'signed_in' ? state.me.tenants : [];
}

function NoPage() {
  return (
    <main class="lone">
      <Empty title="There is no such page">
        <a href="/">Go to the overview</a>
      </Empty>
    </main>
  );
}
