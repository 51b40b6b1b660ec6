/** Labels hosts or groups. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkLabel, LABEL_CHOICES, type LabelForm, NO_SUBJECT } from '../../mark-forms.ts';
import { SubjectFields } from './subject-fields.tsx';

interface LabelDialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const MEANINGS: Readonly<Record<LabelForm['kind'], string>> = {
  '': 'Choose…',
  'known-leak': 'known leak: it is known and lived with',
  'normal-period': 'normal period: growth in this time is as it should be',
};

/** Nothing is chosen beforehand. */
const KINDS = ['', ...LABEL_CHOICES] as const;

const BEGIN: LabelForm = { subject: NO_SUBJECT, kind: '', reason: '', from: '', to: '' };

export function LabelDialog({ onClose, onDone }: LabelDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { form, change, issues, body, attempt } = useForm(BEGIN, checkLabel);
  const act = async () => {
    if (body === undefined) return;
    await source.send('post', '/tenants/{tenant}/labels', { tenant }, { body });
    notify('Labelled. Take it back at any time.');
    onDone();
  };
  return (
    <ActionDialog title="Label hosts" action="Label" act={act} check={attempt} onClose={onClose}>
      <p class="muted">
        False and true positives are labelled on the page of their incident, whose growth is what others are compared
        with.
      </p>
      <SelectField
        label="It is a"
        value={form.kind}
        options={KINDS.map((kind): [string, string] => [kind, MEANINGS[kind]])}
        error={issues.kind}
        onChange={(chosen) => change({ kind: KINDS.find((kind) => kind === chosen) ?? form.kind })}
      />
      <SubjectFields form={form.subject} error={issues.subject} onChange={(subject) => change({ subject })} />
      <div class="field-grid">
        <TextField
          label="From"
          type="datetime-local"
          help="Empty: from ever."
          value={form.from}
          error={issues.from}
          onInput={(from) => change({ from })}
        />
        <TextField
          label="Until"
          type="datetime-local"
          help={form.kind === 'normal-period' ? 'In your time zone.' : 'Empty: without an end.'}
          value={form.to}
          error={issues.to}
          onInput={(to) => change({ to })}
        />
      </div>
      <TextField
        label="Reason"
        value={form.reason}
        maxLength={500}
        help="For those who wonder later."
        error={issues.reason}
        onInput={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}
