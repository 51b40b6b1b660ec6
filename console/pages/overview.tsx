/** The state of a fleet at a glance. */
import { Page } from '../components/panel.tsx';
import { Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { useAnswer } from '../data/use-answer.ts';

export function Overview() {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/overview', { tenant }, { every: 60_000 });
  return (
    <Page title="Overview">
      <Remote answer={answer}>{(overview) => <p>{overview.hosts.known} hosts</p>}</Remote>
    </Page>
  );
}
