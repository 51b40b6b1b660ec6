/** Mutes the incident, or hosts like it: what, how long, why. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { now } from '../../components/time.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkMuteOf, DURATIONS } from '../../mark-forms.ts';
import type { ActionDialogProps } from './action-dialog.ts';
import { subjectChoices } from './subject.ts';
import { SubjectField } from './subject-field.tsx';

const BEGIN = { chosen: 'incident', duration: '168', until: '', reason: '' };

export function MuteDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const choices = subjectChoices(incident);
  const { form, change, issues, body, attempt } = useForm(BEGIN, (typed) => {
    const subject = choices.find(({ id }) => id === typed.chosen)?.subject ?? { incident: incident.id };
    return checkMuteOf(subject, typed, now.value);
  });
  const act = async () => {
    if (body === undefined) return;
    await source.send('post', '/tenants/{tenant}/mutes', { tenant }, { body });
    notify('Muted. It stays visible, and nobody is notified of it.');
    onDone();
  };
  return (
    <ActionDialog title="Mute" action="Mute" act={act} check={attempt} onClose={onClose}>
      <SubjectField choices={choices} chosen={form.chosen} onChoose={(chosen) => change({ chosen })} />
      <SelectField
        label="For"
        value={form.duration}
        options={DURATIONS}
        onChange={(duration) => change({ duration })}
      />
      {form.duration === 'until' && (
        <TextField
          label="Until"
          type="datetime-local"
          help="In your time zone."
          value={form.until}
          error={issues.until}
          onInput={(until) => change({ until })}
        />
      )}
      <TextField
        label="Reason"
        help="For those who look later."
        placeholder="A cache that fills after each deployment"
        value={form.reason}
        maxLength={500}
        error={issues.reason}
        onInput={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}
