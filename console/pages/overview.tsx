/** The state of a fleet at a glance: what needs somebody, where it is, and what nobody can see. */
import './overview.css';
import type { OverviewView } from '../../api/contract/tenants.ts';
import { Page, Panel } from '../components/panel.tsx';
import { AsOf, Empty, Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { refreshMs } from '../data/session.ts';
import { useAnswer } from '../data/use-answer.ts';
import { pagePath } from '../paths.ts';
import { Figures } from './overview/figures.tsx';
import { FleetMap } from './overview/fleet-map.tsx';
import { SoonestList } from './overview/soonest.tsx';

export function Overview() {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/overview', { tenant }, { every: refreshMs() });
  return (
    <Page title="Overview" lead={<AsOf answer={answer} at={answer.value?.asOf} />}>
      <Remote answer={answer} rows={12}>
        {(overview) => <Fleet overview={overview} />}
      </Remote>
    </Page>
  );
}

function Fleet({ overview }: { overview: OverviewView }) {
  const { tenant } = useTenant();
  return (
    <>
      <Warnings overview={overview} />
      <Figures overview={overview} />
      <div class="overview-parts">
        <Panel title="Fleet">
          {overview.accounts.length === 0 ? (
            <Empty title="No account is inspected yet">
              The config names the accounts: <code>plimsoll config put</code>.{' '}
              <a href={pagePath(tenant, 'config')}>See the config</a>
            </Empty>
          ) : (
            <FleetMap accounts={overview.accounts} />
          )}
        </Panel>
        <Panel title="Full first">
          <SoonestList hosts={overview.soonest} />
        </Panel>
      </div>
    </>
  );
}

/** What makes the rest less true than it looks. */
function Warnings({ overview: { unreadable, shadowUntil, enabled } }: { overview: OverviewView }) {
  return (
    <>
      {unreadable.length > 0 && (
        <section class="warning" aria-label="Not read">
          <p class="warning-title">
            <span aria-hidden="true">✕ </span>Some of the fleet could not be read. What is missing below is not healthy,
            it is unknown.
          </p>
          <ul>
            {unreadable.map((text) => (
              <li key={text}>
                <Text value={text} length={400} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {!enabled && <p class="remark">This tenant is disabled: nothing is inspected.</p>}
      {shadowUntil !== null && (
        <p class="remark">
          Shadow mode: nobody is notified until it ends <Moment at={shadowUntil} show="both" />. Incidents are recorded
          as usual.
        </p>
      )}
    </>
  );
}
