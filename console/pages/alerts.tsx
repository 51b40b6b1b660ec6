/** Who is notified of what and when, and what the last days would have been by other settings. */
import './settings.css';
import type { AlertsView } from '../../api/contract/config.ts';
import { Badge } from '../components/badge.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Remote } from '../components/states.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { conditionsOf } from '../config/alert-conditions.ts';
import { useAnswer } from '../data/use-answer.ts';
import { pagePath } from '../paths.ts';
import { PolicyTest } from './alerts/policy-test.tsx';
import { Week } from './alerts/week.tsx';

export default function Alerts() {
  const { tenant } = useTenant();
  const mayEdit = useMay('admin');
  const answer = useAnswer('/tenants/{tenant}/alerts', { tenant });
  return (
    <Page
      title="Alerts"
      lead="Who is notified of what, and when."
      actions={
        <a class="button" href={pagePath(tenant, 'config', { view: 'text' })}>
          {mayEdit ? 'Edit the config' : 'Show the config'}
        </a>
      }
    >
      <Remote answer={answer} rows={12}>
        {(alerts) => (
          <>
            <State alerts={alerts} />
            <Week windows={alerts.windows} quietHours={alerts.quietHours} />
            <div class="alert-tables">
              <Routes alerts={alerts} />
              <Receivers alerts={alerts} />
            </div>
            <Rules alerts={alerts} />
            <PolicyTest />
          </>
        )}
      </Remote>
    </Page>
  );
}

function State({ alerts: { shadowUntil, preset, topic } }: { alerts: AlertsView }) {
  return (
    <dl class="facts panel">
      <div>
        <dt>Sending</dt>
        <dd>
          {shadowUntil === null ? (
            <Badge tone="good">what passes is sent</Badge>
          ) : (
            <>
              <Badge tone="warning">in shadow: nothing is sent</Badge> until <Moment at={shadowUntil} show="both" />
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Preset of rules</dt>
        <dd>
          <Text value={preset} />
        </dd>
      </div>
      <div>
        <dt>Subscribed to the topic</dt>
        <dd>{topic === null ? 'not known' : <Text value={topic} length={300} />}</dd>
      </div>
    </dl>
  );
}

function Conditions({ of }: { of: Readonly<Record<string, unknown>> }) {
  const conditions = conditionsOf(of);
  if (conditions.length === 0) return <span class="muted">everything</span>;
  return (
    <ul>
      {conditions.map((condition) => (
        <li key={condition}>
          <Text value={condition} length={300} />
        </li>
      ))}
    </ul>
  );
}

function Routes({ alerts: { routes, receivers } }: { alerts: AlertsView }) {
  return (
    <Panel title="Routes">
      {routes.length === 0 ? (
        <p class="panel-body muted">
          {receivers.length === 0
            ? 'None: the topic of the tenant gets everything.'
            : 'None: every receiver gets everything.'}
        </p>
      ) : (
        <table class="rows">
          <caption class="visually-hidden">Routes, the first that matches counts</caption>
          <thead>
            <tr>
              <th scope="col">Of</th>
              <th scope="col">Goes to</th>
            </tr>
          </thead>
          <tbody>
            {routes.map((route, index) => (
              <tr key={index}>
                <td>
                  <Conditions of={route} />
                </td>
                <td>
                  <Text
                    value={route.receivers.length === 0 ? 'the topic alone' : route.receivers.join(', ')}
                    length={300}
                  />
                  {route['continue'] === true && <span class="muted"> and to later routes</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Receivers({ alerts: { receivers } }: { alerts: AlertsView }) {
  return (
    <Panel title="Receivers">
      {receivers.length === 0 ? (
        <p class="panel-body muted">None beside the topic.</p>
      ) : (
        <table class="rows">
          <caption class="visually-hidden">Receivers</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Kind</th>
              <th scope="col">Where</th>
            </tr>
          </thead>
          <tbody>
            {receivers.map(({ name, type, detail }) => (
              <tr key={name}>
                <td>
                  <Text value={name} />
                </td>
                <td>
                  <Text value={type} />
                </td>
                <td>
                  <Text value={detail} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

const ACTIONS: Readonly<Record<string, string>> = {
  page: 'pages',
  notify: 'is sent, pages nobody',
  hold: 'is held back',
};

function Rules({ alerts: { rules, preset } }: { alerts: AlertsView }) {
  return (
    <Panel title="Rules">
      {rules.length === 0 ? (
        <p class="panel-body muted">
          None of the tenant’s own: those of the preset <Text value={preset} /> decide.
        </p>
      ) : (
        <table class="rows">
          <caption class="visually-hidden">Rules, the first that matches decides; those of the preset follow</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">What matches</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.name}>
                <td>
                  <Text value={rule.name} />
                </td>
                <td>
                  <Conditions of={rule} />
                </td>
                <td>
                  <Text value={ACTIONS[rule.action] ?? rule.action} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
