/** A note in the log of the incident, and who takes care of it. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Field, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { session } from '../../data/session.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkNote } from '../../mark-forms.ts';
import type { ActionDialogProps } from './action-dialog.ts';

export function NoteDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { form, change, issues, body, attempt } = useForm({ note: '' }, checkNote);
  const act = async () => {
    if (body === undefined) return;
    const params = { tenant, incident: incident.ref };
    await source.send('post', '/tenants/{tenant}/incidents/{incident}/notes', params, { body });
    notify('The note is in the log.');
    onDone();
  };
  return (
    <ActionDialog title="Note" action="Write the note" act={act} check={attempt} onClose={onClose}>
      <Field label="What others should know" help="Stands in the log of the incident." error={issues.note}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="field"
            rows={4}
            maxLength={2000}
            value={form.note}
            onInput={({ currentTarget }) => change({ note: currentTarget.value })}
          />
        )}
      </Field>
    </ActionDialog>
  );
}

export function OwnerDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const state = session.value;
  const me = state.state === 'signed_in' ? state.me.name : '';
  const { form, change, body } = useForm({ owner: incident.owner ?? me }, ({ owner }) => ({
    body: { owner: owner.trim() === '' ? null : owner.trim() },
    issues: {},
  }));
  const act = async () => {
    if (body === undefined) return;
    const params = { tenant, incident: incident.ref };
    await source.send('put', '/tenants/{tenant}/incidents/{incident}/owner', params, { body });
    notify(body.owner === null ? 'Nobody owns it.' : `${body.owner} owns it.`);
    onDone();
  };
  return (
    <ActionDialog title="Owner" action="Set the owner" act={act} onClose={onClose}>
      <TextField
        label="Who takes care of it"
        help="A person or a team. Empty: nobody."
        value={form.owner}
        maxLength={300}
        onInput={(owner) => change({ owner })}
      />
    </ActionDialog>
  );
}
