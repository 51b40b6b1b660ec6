/** A note in the log of the incident, and who takes care of it. */
import { useState } from 'preact/hooks';
import { Dialog } from '../../components/dialog.tsx';
import { useTenant } from '../../components/tenant.ts';
import { session } from '../../data/session.ts';
import { useSource } from '../../data/use-answer.ts';
import type { ActionDialogProps } from './action-dialog.ts';
import { Form } from './form.tsx';
import { useAction } from './use-action.ts';

export function NoteDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(onDone);
  const [note, setNote] = useState('');
  const submit = async () => {
    const params = { tenant, incident: incident.ref };
    const isDone = await run('The note is in the log.', 'The note was not written.', () =>
      source.send('post', '/tenants/{tenant}/incidents/{incident}/notes', params, { body: { note } }),
    );
    if (isDone) onClose();
  };
  return (
    <Dialog title="Note" onClose={onClose}>
      <Form submit="Write the note" isRunning={isRunning} onSubmit={() => void submit()} onClose={onClose}>
        <label>
          <span>What others should know</span>
          <textarea
            class="field"
            required
            rows={4}
            maxLength={2000}
            value={note}
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
          />
        </label>
      </Form>
    </Dialog>
  );
}

export function OwnerDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(onDone);
  const state = session.value;
  const [owner, setOwner] = useState(incident.owner ?? (state.state === 'signed_in' ? state.me.name : ''));
  const set = async (name: string | null) => {
    const params = { tenant, incident: incident.ref };
    const isDone = await run(name === null ? 'Nobody owns it.' : `${name} owns it.`, 'The owner was not set.', () =>
      source.send('put', '/tenants/{tenant}/incidents/{incident}/owner', params, { body: { owner: name } }),
    );
    if (isDone) onClose();
  };
  return (
    <Dialog title="Owner" onClose={onClose}>
      <Form submit="Set the owner" isRunning={isRunning} onSubmit={() => void set(owner)} onClose={onClose}>
        <label>
          <span>Who takes care of it: a person or a team</span>
          <input
            class="field"
            required
            maxLength={300}
            value={owner}
            onInput={({ currentTarget }) => setOwner(currentTarget.value)}
          />
        </label>
        {incident.owner !== null && (
          <button type="button" class="button-plain" disabled={isRunning} onClick={() => void set(null)}>
            Nobody owns it
          </button>
        )}
      </Form>
    </Dialog>
  );
}
