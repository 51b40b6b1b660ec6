/** Labels the incident for those who look later, and for the policy: look-alikes of a false positive are held back. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import type { LabelView } from '../../../api/contract/marks.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { notify } from '../../components/toast.tsx';
import { useForm } from '../../components/use-form.ts';
import { useSource } from '../../data/use-answer.ts';
import { checkLabelOf } from '../../mark-forms.ts';
import type { ActionDialogProps } from './action-dialog.ts';
import { type SubjectChoice, subjectChoices } from './subject.ts';
import { SubjectField } from './subject-field.tsx';

type Kind = LabelView['kind'];

const KINDS: readonly { readonly id: Kind; readonly title: string; readonly what: string }[] = [
  { id: 'false-positive', title: 'False positive', what: 'It is no leak: look-alikes are held back.' },
  { id: 'true-positive', title: 'True positive', what: 'It is a leak: kept for later comparison.' },
  { id: 'known-leak', title: 'Known leak', what: 'Its host or group has a leak that somebody works on.' },
  { id: 'normal-period', title: 'Normal period', what: 'Growth in these hours is normal for its host or group.' },
];

const DONE: Readonly<Record<Kind, string>> = {
  'false-positive': 'Labelled a false positive: look-alikes are held back from now on.',
  'true-positive': 'Labelled a true positive: nothing is held back.',
  'known-leak': 'Labelled a known leak.',
  'normal-period': 'Labelled a normal period.',
};

/** Nothing is chosen beforehand: a kind that nobody chose would hold back what somebody has to see. */
const BEGIN: { kind: Kind | ''; chosen: string; reason: string; from: string; to: string } = {
  kind: '',
  chosen: '',
  reason: '',
  from: '',
  to: '',
};

/** What it was is a label of the incident; what is known or normal is one of its hosts, over a time. */
function choicesOf(incident: IncidentView, kind: Kind | ''): SubjectChoice[] {
  const wanted = kind === 'known-leak' || kind === 'normal-period' ? ['host', 'group'] : ['incident'];
  return subjectChoices(incident).filter(({ id }) => wanted.includes(id));
}

export function LabelDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const subjectIn = ({ kind, chosen }: typeof BEGIN) => {
    const choices = choicesOf(incident, kind);
    return choices.find(({ id }) => id === chosen) ?? choices[0];
  };
  const { form, change, issues, body, attempt } = useForm(BEGIN, (typed) =>
    checkLabelOf(subjectIn(typed)?.subject ?? { incident: incident.id }, typed),
  );
  const { kind } = form;
  const act = async () => {
    if (body === undefined) return;
    await source.send('post', '/tenants/{tenant}/labels', { tenant }, { body });
    notify(DONE[body.kind]);
    onDone();
  };
  const choices = choicesOf(incident, kind);
  return (
    <ActionDialog title="Label" action="Label" act={act} check={attempt} onClose={onClose}>
      <KindField kind={kind} error={issues.kind} onChoose={(chosen) => change({ kind: chosen })} />
      {kind === 'false-positive' && (
        <p class="remark-plain">
          For 90 days nobody is notified of look-alikes that are neither critical nor 15 points fuller. It can be taken
          back at any time.
        </p>
      )}
      {choices.length > 1 && (
        <SubjectField choices={choices} chosen={subjectIn(form)?.id ?? ''} onChoose={(chosen) => change({ chosen })} />
      )}
      {kind === 'normal-period' && (
        <div class="form-pair">
          <TextField
            label="From"
            type="datetime-local"
            help="In your time zone. Empty: from ever."
            value={form.from}
            error={issues.from}
            onInput={(from) => change({ from })}
          />
          <TextField
            label="Until"
            type="datetime-local"
            help="In your time zone."
            value={form.to}
            error={issues.to}
            onInput={(to) => change({ to })}
          />
        </div>
      )}
      <TextField
        label="Reason"
        help="For those who look later."
        placeholder="The nightly import keeps its rows until noon"
        value={form.reason}
        maxLength={500}
        error={issues.reason}
        onInput={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}

interface KindFieldProps {
  readonly kind: Kind | '';
  readonly error: string | undefined;
  readonly onChoose: (kind: Kind) => void;
}

function KindField({ kind, error, onChoose }: KindFieldProps) {
  return (
    <fieldset class="choices">
      <legend>What it was</legend>
      {KINDS.map(({ id, title, what }) => (
        <label key={id}>
          <input
            type="radio"
            name="kind"
            value={id}
            aria-invalid={error === undefined ? undefined : 'true'}
            checked={kind === id}
            onChange={() => onChoose(id)}
          />
          <span>
            {title} <small>{what}</small>
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p class="labelled-error" role="alert">
          <Text value={error} />
        </p>
      )}
    </fieldset>
  );
}
