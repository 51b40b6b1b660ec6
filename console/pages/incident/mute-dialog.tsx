/** Mutes the incident, or hosts like it: what, how long, why. */
import { useState } from 'preact/hooks';
import { Dialog } from '../../components/dialog.tsx';
import { useTenant } from '../../components/tenant.ts';
import { now } from '../../components/time.tsx';
import { useSource } from '../../data/use-answer.ts';
import { momentOf } from '../../mark-forms.ts';
import type { ActionDialogProps } from './action-dialog.ts';
import { Form, ReasonField, SubjectField, TimeField } from './form.tsx';
import { DURATIONS, subjectChoices } from './subject.ts';
import { useAction } from './use-action.ts';

const OWN_END = 'until';

export function MuteDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(onDone);
  const choices = subjectChoices(incident);
  const [chosen, setChosen] = useState('incident');
  const [duration, setDuration] = useState<string>('7d');
  const [end, setEnd] = useState('');
  const [reason, setReason] = useState('');
  const submit = async () => {
    const subject = choices.find(({ id }) => id === chosen)?.subject;
    const until = endOf(duration, end);
    if (subject === undefined || until === null) return;
    const body = { subject, reason, until };
    const isDone = await run('Muted. It stays visible, and nobody is notified of it.', 'It was not muted.', () =>
      source.send('post', '/tenants/{tenant}/mutes', { tenant }, { body }),
    );
    if (isDone) onClose();
  };
  return (
    <Dialog title="Mute" onClose={onClose}>
      <Form submit="Mute" isRunning={isRunning} onSubmit={() => void submit()} onClose={onClose}>
        <SubjectField choices={choices} chosen={chosen} onChoose={setChosen} />
        <label>
          <span>How long</span>
          <select class="field" value={duration} onChange={({ currentTarget }) => setDuration(currentTarget.value)}>
            {DURATIONS.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
            <option value={OWN_END}>Until…</option>
          </select>
        </label>
        {duration === OWN_END && <TimeField name="Until, in your time zone" value={end} onInput={setEnd} />}
        <ReasonField value={reason} onInput={setReason} placeholder="A cache that fills after each deployment" />
      </Form>
    </Dialog>
  );
}

function endOf(duration: string, end: string): string | null {
  const found = DURATIONS.find(({ id }) => id === duration);
  return found === undefined ? momentOf(end) : new Date(now.value + found.ms).toISOString();
}
