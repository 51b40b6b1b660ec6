/** Incident. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Incident() {
  return (
    <Page title="Incident">
      <Loading />
    </Page>
  );
}
