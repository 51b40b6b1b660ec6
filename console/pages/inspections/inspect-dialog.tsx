/** Requests an inspection now. */
import { useState } from 'preact/hooks';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain } from '../../components/text.tsx';
import { useAnswer, useSource } from '../../data/use-answer.ts';
import { type InspectionForm, inspectionBodyOf } from '../../inspection-form.ts';

interface InspectDialogProps {
  readonly onClose: () => void;
  readonly onRequested: (id: string) => void;
}

const EVERYTHING: InspectionForm = { account: '', regions: '', group: '', hosts: '', hours: '' };

export function InspectDialog({ onClose, onRequested }: InspectDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const [form, setForm] = useState(EVERYTHING);
  const act = async () => {
    const body = inspectionBodyOf(form);
    const { id } = await source.send('post', '/tenants/{tenant}/inspections', { tenant }, { body });
    onRequested(id);
  };
  return (
    <ActionDialog title="Inspect now" action="Inspect" act={act} onClose={onClose}>
      <p class="muted">Everything that the config names, or less. It is counted against the cost cap.</p>
      <Fields form={form} onChange={setForm} />
    </ActionDialog>
  );
}

function Fields({ form, onChange }: { form: InspectionForm; onChange: (form: InspectionForm) => void }) {
  const { tenant } = useTenant();
  const accounts = useAnswer('/tenants/{tenant}/overview', { tenant }).value?.accounts ?? [];
  const text = (field: keyof InspectionForm, label: string, placeholder: string) => (
    <label>
      <span>{label}</span>
      <input
        class="field"
        value={form[field]}
        placeholder={placeholder}
        onInput={({ currentTarget }) => onChange({ ...form, [field]: currentTarget.value })}
      />
    </label>
  );
  return (
    <>
      <label>
        <span>Account</span>
        <select
          class="field"
          value={form.account}
          onChange={({ currentTarget }) => onChange({ ...form, account: currentTarget.value })}
        >
          <option value="">all accounts</option>
          {accounts.map(({ provider, account }) => (
            <option key={`${provider} ${account}`} value={`${provider} ${account}`}>
              {plain(`${provider} ${account}`)}
            </option>
          ))}
        </select>
      </label>
      {text('regions', 'Regions', 'all, or eu-central-1, us-east-1')}
      {text('group', 'Group', 'any')}
      {text('hosts', 'Hosts', 'all, or ids, names and patterns: web-*, i-0abc')}
      {text('hours', 'Hours to look at', 'as the config has it; 6 to 336')}
    </>
  );
}
