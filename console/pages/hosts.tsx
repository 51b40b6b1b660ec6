/** Hosts. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Hosts() {
  return (
    <Page title="Hosts">
      <Loading />
    </Page>
  );
}
