/** Coverage. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Coverage() {
  return (
    <Page title="Coverage">
      <Loading />
    </Page>
  );
}
