/** Labels the incident for those who look later, and for the policy: look-alikes of a false positive are held back. */
import { useState } from 'preact/hooks';
import type { LabelView } from '../../../api/contract/marks.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useTenant } from '../../components/tenant.ts';
import { useSource } from '../../data/use-answer.ts';
import { momentOf } from '../../mark-forms.ts';
import type { ActionDialogProps } from './action-dialog.ts';
import { Form, ReasonField, SubjectField, TimeField } from './form.tsx';
import { subjectChoices } from './subject.ts';
import { useAction } from './use-action.ts';

const KINDS: readonly { readonly id: LabelView['kind']; readonly title: string; readonly what: string }[] = [
  { id: 'false-positive', title: 'False positive', what: 'It is no leak: look-alikes are held back.' },
  { id: 'true-positive', title: 'True positive', what: 'It is a leak: kept for later comparison.' },
  { id: 'known-leak', title: 'Known leak', what: 'It is a leak that somebody works on.' },
  { id: 'normal-period', title: 'Normal period', what: 'Growth in these hours is normal for it.' },
];

const DONE: Readonly<Record<LabelView['kind'], string>> = {
  'false-positive': 'Labelled a false positive: look-alikes are held back from now on.',
  'true-positive': 'Labelled a true positive: nothing is held back.',
  'known-leak': 'Labelled a known leak.',
  'normal-period': 'Labelled a normal period.',
};

export function LabelDialog({ incident, onDone, onClose }: ActionDialogProps) {
  const source = useSource();
  const { tenant } = useTenant();
  const { run, isRunning } = useAction(onDone);
  const choices = subjectChoices(incident).filter(({ id }) => id !== 'pattern' && id !== 'consumer');
  // Nothing is chosen beforehand: a kind that nobody chose would hold back what somebody has to see.
  const [kind, setKind] = useState<LabelView['kind'] | null>(null);
  const [chosen, setChosen] = useState('incident');
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const submit = async () => {
    const subject = choices.find(({ id }) => id === chosen)?.subject;
    if (subject === undefined || kind === null) return;
    const times = kind === 'normal-period' ? { from: momentOf(from), to: momentOf(to) } : { from: null, to: null };
    const isDone = await run(DONE[kind], 'It was not labelled.', () =>
      source.send('post', '/tenants/{tenant}/labels', { tenant }, { body: { kind, subject, reason, ...times } }),
    );
    if (isDone) onClose();
  };
  return (
    <Dialog title="Label" onClose={onClose}>
      <Form submit="Label" isRunning={isRunning} onSubmit={() => void submit()} onClose={onClose}>
        <fieldset class="choices">
          <legend>What it was</legend>
          {KINDS.map(({ id, title, what }) => (
            <label key={id}>
              <input type="radio" name="kind" value={id} required checked={kind === id} onChange={() => setKind(id)} />
              <span>
                {title} <small>{what}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {kind === 'false-positive' && (
          <p class="remark-plain">
            For 90 days nobody is notified of look-alikes that are neither critical nor 15 points fuller. It can be
            taken back at any time.
          </p>
        )}
        <SubjectField choices={choices} chosen={chosen} onChoose={setChosen} />
        {kind === 'normal-period' && (
          <div class="form-pair">
            <TimeField name="From, in your time zone" value={from} onInput={setFrom} />
            <TimeField name="To" value={to} onInput={setTo} />
          </div>
        )}
        <ReasonField value={reason} onInput={setReason} placeholder="The nightly import keeps its rows until noon" />
      </Form>
    </Dialog>
  );
}
