/** The pages of one tenant; each is a chunk of its own but the overview. */
import { Route, Router, useRoute } from 'preact-iso/router';
import { session } from '../data/session.ts';
import { Overview } from '../pages/overview.tsx';
import { Layout } from './layout.tsx';
import { lazy } from './lazy.tsx';
import { Empty } from './states.tsx';
import { TenantContext } from './tenant.ts';
import { Text } from './text.tsx';

const Hosts = lazy(() => import('../pages/hosts.tsx'));
const Host = lazy(() => import('../pages/host.tsx'));
const Anomalies = lazy(() => import('../pages/anomalies.tsx'));
const Anomaly = lazy(() => import('../pages/anomaly.tsx'));
const Incidents = lazy(() => import('../pages/incidents.tsx'));
const Incident = lazy(() => import('../pages/incident.tsx'));
const Inspections = lazy(() => import('../pages/inspections.tsx'));
const Recordings = lazy(() => import('../pages/recordings.tsx'));
const Recording = lazy(() => import('../pages/recording.tsx'));
const Coverage = lazy(() => import('../pages/coverage.tsx'));
const Digest = lazy(() => import('../pages/digest.tsx'));
const Config = lazy(() => import('../pages/config.tsx'));
const Alerts = lazy(() => import('../pages/alerts.tsx'));
const Marks = lazy(() => import('../pages/marks.tsx'));
const Access = lazy(() => import('../pages/access.tsx'));
const Audit = lazy(() => import('../pages/audit.tsx'));

export function TenantPages() {
  const { params } = useRoute();
  const state = session.value;
  const me = state.state === 'signed_in' ? state.me : undefined;
  const tenant = me?.tenants.find((one) => one.tenant === params['tenant']);
  if (tenant === undefined) return <NoTenant name={params['tenant'] ?? ''} />;
  return (
    <TenantContext.Provider value={tenant}>
      {/* Another tenant's pages begin anew: nothing of the last one is on them. */}
      <Layout key={tenant.tenant}>
        <Router>
          <Route path="/" component={Overview} />
          <Route path="/hosts" component={Hosts} />
          <Route path="/hosts/:host" component={Host} />
          <Route path="/anomalies" component={Anomalies} />
          <Route path="/anomalies/:host/:metric" component={Anomaly} />
          <Route path="/incidents" component={Incidents} />
          <Route path="/incidents/:incident" component={Incident} />
          <Route path="/inspections" component={Inspections} />
          <Route path="/recordings" component={Recordings} />
          <Route path="/recordings/:recording" component={Recording} />
          <Route path="/coverage" component={Coverage} />
          <Route path="/digest" component={Digest} />
          <Route path="/config" component={Config} />
          <Route path="/alerts" component={Alerts} />
          <Route path="/mutes" component={Marks} />
          <Route path="/access" component={Access} />
          <Route path="/audit" component={Audit} />
          <Route default component={NoPage} />
        </Router>
      </Layout>
    </TenantContext.Provider>
  );
}

function NoPage() {
  return <Empty title="There is no such page">The address may be of another version of the console.</Empty>;
}

function NoTenant({ name }: { name: string }) {
  return (
    <main class="lone">
      <Empty title="There is no such tenant for you">
        <p>
          <Text value={name} /> does not exist, or you may not see it. An operator gives access with{' '}
          <code>plimsoll access grant</code>.
        </p>
        <a href="/">Go to a tenant of yours</a>
      </Empty>
    </main>
  );
}
