/** The page: who is signed in decides what is shown, and the address which page. */
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { SignInPages } from './components/sign-in.tsx';
import { Empty } from './components/states.tsx';
import { TenantPages } from './components/tenant-pages.tsx';
import { session, source, startSession } from './data/session.ts';
import { SourceContext } from './data/use-answer.ts';
import { pagePath } from './paths.ts';

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
      <Route path="/t/:tenant" component={TenantPages} />
      <Route path="/t/:tenant/*" component={TenantPages} />
      <Route default component={NoPage} />
    </Router>
  );
}

/** The address without a tenant shows the first that the person may see. */
function FirstTenant() {
  const { route } = useLocation();
  const state = session.value;
  const first = state.state === 'signed_in' ? state.me.tenants[0] : undefined;
  useEffect(() => {
    if (first !== undefined) route(pagePath(first.tenant, 'overview'), true);
  }, [first]);
  return null;
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
