/** Host. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Host() {
  return (
    <Page title="Host">
      <Loading />
    </Page>
  );
}
