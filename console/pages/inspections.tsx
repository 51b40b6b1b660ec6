/** Inspections. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Inspections() {
  return (
    <Page title="Inspections">
      <Loading />
    </Page>
  );
}
