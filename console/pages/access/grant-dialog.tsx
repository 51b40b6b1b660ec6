/** Gives a role to a person, a program or a group that an issuer's tokens name. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain } from '../../components/text.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { session } from '../../data/session.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkGrant, type GrantForm } from '../../mark-forms.ts';

interface GrantDialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const ROLES = [
  ['viewer', 'viewer: reads'],
  ['operator', 'operator: also acknowledges, mutes, labels, inspects'],
  ['admin', 'admin: also changes the config and gives roles'],
] as const;

const KINDS = [
  ['group', 'a group'],
  ['subject', 'one person or program'],
] as const;

export function GrantDialog({ onClose, onDone }: GrantDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const state = session.value;
  const issuers = state.state === 'signed_in' ? state.signIn.issuers : [];
  const begin: GrantForm = { issuer: issuers[0]?.issuer ?? '', kind: 'group', name: '', role: 'viewer' };
  const { form, change, issues, body, attempt } = useForm(begin, checkGrant);
  const act = async () => {
    if (body === undefined) return;
    await source.send('post', '/tenants/{tenant}/grants', { tenant }, { body });
    notify(`${plain(body.name, 80)} is ${body.role} now.`);
    onDone();
  };
  return (
    <ActionDialog title="Give a role" action="Give" act={act} check={attempt} onClose={onClose}>
      {issuers.length > 0 ? (
        <SelectField
          label="Issuer"
          value={form.issuer}
          options={issuers.map(({ issuer, name }): [string, string] => [issuer, plain(name, 80)])}
          onChange={(issuer) => change({ issuer })}
        />
      ) : (
        <TextField
          label="Issuer"
          type="url"
          help="The URL of the identity provider, as its tokens state it."
          placeholder="https://login.example.com"
          value={form.issuer}
          maxLength={500}
          error={issues.issuer}
          onInput={(issuer) => change({ issuer })}
        />
      )}
      <SelectField
        label="To"
        value={form.kind}
        options={KINDS}
        onChange={(chosen) => change({ kind: chosen === 'group' ? 'group' : 'subject' })}
      />
      <TextField
        label={form.kind === 'group' ? 'Name of the group' : 'Subject'}
        help={form.kind === 'group' ? 'As the tokens name it.' : 'The claim sub of the tokens.'}
        value={form.name}
        maxLength={300}
        error={issues.name}
        onInput={(name) => change({ name })}
      />
      <SelectField
        label="Role"
        value={form.role}
        options={ROLES}
        onChange={(chosen) => change({ role: ROLES.find(([role]) => role === chosen)?.[0] ?? form.role })}
      />
    </ActionDialog>
  );
}
