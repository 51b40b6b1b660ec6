/** Digest. */
import { Page } from '../components/panel.tsx';
import { Loading } from '../components/states.tsx';

export default function Digest() {
  return (
    <Page title="Digest">
      <Loading />
    </Page>
  );
}
