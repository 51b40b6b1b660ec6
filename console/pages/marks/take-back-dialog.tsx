/** Takes a mute or a label back, with a reason. */
import { ActionDialog } from '../../components/action-dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkReason } from '../../mark-forms.ts';

export interface TakenBack {
  readonly kind: 'mute' | 'label';
  readonly id: string;
  readonly about: string;
}

interface TakeBackDialogProps {
  readonly of: TakenBack;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function TakeBackDialog({ of: { kind, id, about }, onClose, onDone }: TakeBackDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { form, change, issues, body, attempt } = useForm({ reason: '' }, checkReason);
  const act = async () => {
    if (body === undefined) return;
    const query = body;
    if (kind === 'mute') await source.send('delete', '/tenants/{tenant}/mutes/{mute}', { tenant, mute: id }, { query });
    else await source.send('delete', '/tenants/{tenant}/labels/{label}', { tenant, label: id }, { query });
    notify(`The ${kind} is taken back.`);
    onDone();
  };
  return (
    <ActionDialog title={`Take the ${kind} back?`} action="Take back" act={act} check={attempt} onClose={onClose}>
      <p>
        <strong>
          <Text value={about} length={400} />
        </strong>
      </p>
      <p class="muted">What it holds back is decided again at the next inspection.</p>
      <TextField
        label="Reason"
        value={form.reason}
        maxLength={500}
        help="Stands in the log."
        error={issues.reason}
        onInput={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}
