/** Starts a recording. */
import { useEffect, useId } from 'preact/hooks';
import type { RecordingView } from '../../../api/contract/recordings.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain } from '../../components/text.tsx';
import { now } from '../../components/time.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useAnswer, useSource } from '../../data/use-answer.ts';
import {
  checkRecording,
  EVERY_CHOICES,
  NO_RECORDING,
  onlyAccount,
  type RecordingField,
  type RecordingForm,
  sendingAccounts,
} from '../../recording-form.ts';

interface StartDialogProps {
  readonly onClose: () => void;
  readonly onStarted: (recording: RecordingView) => void;
}

export function StartDialog({ onClose, onStarted }: StartDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const accounts = sendingAccounts(useAnswer('/tenants/{tenant}/overview', { tenant }).value?.accounts ?? []);
  const { form, change, issues, body, attempt } = useForm(NO_RECORDING, (typed) => checkRecording(typed, now.value));
  const only = onlyAccount(accounts);
  // Once, when it is known: whoever empties the field wants it empty.
  useEffect(() => {
    if (only !== undefined && form.account === '') change({ account: only });
  }, [only]);
  const act = async () => {
    if (body === undefined) return;
    const recording = await source.send('post', '/tenants/{tenant}/recordings', { tenant }, { body });
    notify(`${plain(recording.name, 80)} is started. Hosts begin within six minutes.`);
    onStarted(recording);
  };
  return (
    <ActionDialog title="Start a recording" action="Start" act={act} check={attempt} onClose={onClose}>
      <p class="muted">
        Hosts that run <code>plimsoll record</code> sample what is named here and their own list allows; of other
        senders what they send anyway is kept.
      </p>
      <Fields form={form} issues={issues} change={change} accounts={accounts} />
    </ActionDialog>
  );
}

interface FieldsProps extends FormProps {
  /** Those that are suggested. */
  readonly accounts: readonly string[];
}

interface FormProps {
  readonly form: RecordingForm;
  readonly issues: { readonly [Name in RecordingField]?: string };
  readonly change: (part: Partial<RecordingForm>) => void;
}

function Fields({ form, issues, change, accounts }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        value={form.name}
        maxLength={200}
        error={issues.name}
        onInput={(name) => change({ name })}
      />
      <AccountField
        accounts={accounts}
        value={form.account}
        error={issues.account}
        onInput={(account) => change({ account })}
      />
      <TextField
        label="Hosts"
        value={form.hosts}
        placeholder="web-*, db-1"
        help="Names or ids, with commas between them. * stands for any text."
        error={issues.hosts}
        onInput={(hosts) => change({ hosts })}
      />
      <TextField
        label="With labels"
        value={form.labels}
        placeholder="team=web, tier=db"
        help="Empty: whatever labels they have."
        onInput={(labels) => change({ labels })}
      />
      <TextField
        label="Processes"
        value={form.processes}
        placeholder="node, java*, 4711"
        help="Names of executables or numbers of processes, with commas between them."
        error={issues.processes}
        onInput={(processes) => change({ processes })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={form.tree}
          onChange={({ currentTarget }) => change({ tree: currentTarget.checked })}
        />
        and the processes that they start
      </label>
      <Times form={form} issues={issues} change={change} />
    </>
  );
}

function AccountField({
  accounts,
  value,
  error,
  onInput,
}: {
  accounts: readonly string[];
  value: string;
  error?: string | undefined;
  onInput: (value: string) => void;
}) {
  const list = useId();
  return (
    <>
      <TextField
        label="Account"
        value={value}
        maxLength={63}
        list={list}
        help="Of provider otlp, as the config names it."
        error={error}
        onInput={onInput}
      />
      <datalist id={list}>
        {accounts.map((account) => (
          <option key={account} value={account} />
        ))}
      </datalist>
    </>
  );
}

function Times({ form, issues, change }: FormProps) {
  return (
    <div class="field-grid">
      <TextField
        label="From"
        type="datetime-local"
        help="Empty: now."
        value={form.from}
        error={issues.from}
        onInput={(from) => change({ from })}
      />
      <TextField
        label="Until"
        type="datetime-local"
        help="Empty: a day later."
        value={form.to}
        error={issues.to}
        onInput={(to) => change({ to })}
      />
      <SelectField
        label="A sample every"
        value={form.every}
        options={EVERY_CHOICES}
        onChange={(every) => change({ every })}
      />
    </div>
  );
}
