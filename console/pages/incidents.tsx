/** Incidents. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Incidents() {
  return (
    <Page title="Incidents">
      <Loading />
    </Page>
  );
}
