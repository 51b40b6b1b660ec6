/** Mutes hosts for a time. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { now } from '../../components/time.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkMute, DURATIONS, type MuteForm, NO_SUBJECT } from '../../mark-forms.ts';
import { SubjectFields } from './subject-fields.tsx';

interface MuteDialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const BEGIN: MuteForm = { subject: NO_SUBJECT, reason: '', duration: '24', until: '' };

export function MuteDialog({ onClose, onDone }: MuteDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { form, change, issues, body, attempt } = useForm(BEGIN, (typed) => checkMute(typed, now.value));
  const act = async () => {
    if (body === undefined) return;
    await source.send('post', '/tenants/{tenant}/mutes', { tenant }, { body });
    notify('Muted. Take it back at any time.');
    onDone();
  };
  return (
    <ActionDialog title="Mute hosts" action="Mute" act={act} check={attempt} onClose={onClose}>
      <SubjectFields form={form.subject} error={issues.subject} onChange={(subject) => change({ subject })} />
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
        help="Stands in the log of every incident that it holds back."
        value={form.reason}
        maxLength={500}
        error={issues.reason}
        onInput={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}
