/** Enables or disables a tenant or one account at once, without the rest of the form. */
import { useState } from 'preact/hooks';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain } from '../../components/text.tsx';
import { notify } from '../../components/toast.tsx';
import { valueAt } from '../../config/document.ts';
import { entriesAt } from '../../config/field-values.ts';
import { useSource } from '../../data/use-answer.ts';
import { useEditor } from './use-editor.ts';

interface EnableButtonProps {
  /** Absent: the tenant. */
  readonly provider?: string;
  readonly account?: string;
}

export function EnableButton({ provider, account }: EnableButtonProps) {
  const { newest, isChanged } = useEditor();
  const [isOpen, setOpen] = useState(false);
  const stored =
    account === undefined
      ? newest.view.config
      : entriesAt(newest.view.config, ['accounts']).find(
          (one) => valueAt(one, ['account']) === account && valueAt(one, ['provider']) === provider,
        );
  if (stored === undefined) return null;
  const enables = valueAt(stored, ['enabled']) === false;
  const verb = enables ? 'Enable' : 'Disable';
  return (
    <>
      <button
        type="button"
        class="button button-small"
        disabled={isChanged}
        title={isChanged ? 'Save or discard your changes first' : undefined}
        onClick={() => setOpen(true)}
      >
        {verb} {account === undefined ? 'the tenant' : 'at once'}…
      </button>
      {isOpen && (
        <EnableDialog
          verb={verb}
          enables={enables}
          provider={provider}
          account={account}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

const PROVIDERS = ['aws', 'gcp', 'azure', 'prometheus', 'otlp'] as const;

interface EnableDialogProps {
  readonly verb: string;
  readonly enables: boolean;
  readonly provider: string | undefined;
  readonly account: string | undefined;
  readonly onClose: () => void;
}

function EnableDialog({ verb, enables, provider, account, onClose }: EnableDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { newest, reload } = useEditor();
  const what = account === undefined ? `tenant ${tenant}` : `account ${plain(account, 80)}`;
  const act = async () => {
    const cloud = PROVIDERS.find((one) => one === provider);
    const body = {
      enabled: enables,
      ...(account !== undefined && { account }),
      ...(cloud !== undefined && { provider: cloud }),
    };
    const options = { body, ...(newest.etag !== undefined && { ifMatch: newest.etag }) };
    const { version } = await source.send('put', '/tenants/{tenant}/enabled', { tenant }, options);
    notify(`${enables ? 'Enabled' : 'Disabled'} ${what}: version ${version} is stored.`);
    reload(version);
  };
  return (
    <ActionDialog title={`${verb} ${what}?`} action={verb} act={act} onClose={onClose}>
      <p>
        {enables
          ? 'Its schedule inspects it from the next slot on.'
          : 'No schedule inspects it any more. Its open incidents stay as they are, and nobody is notified of what happens meanwhile.'}{' '}
        A new version of the config is stored.
      </p>
    </ActionDialog>
  );
}
