/** What the forms of actions have in common. */
import type { ComponentChildren } from 'preact';
import { plain } from '../../components/text.tsx';
import type { SubjectChoice } from './subject.ts';

interface FormProps {
  readonly submit: string;
  readonly isRunning: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Form({ submit, isRunning, onSubmit, onClose, children }: FormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <div class="form-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="button button-main" disabled={isRunning}>
          {submit}
        </button>
      </div>
    </form>
  );
}

interface SubjectFieldProps {
  readonly choices: readonly SubjectChoice[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function SubjectField({ choices, chosen, onChoose }: SubjectFieldProps) {
  return (
    <fieldset class="choices">
      <legend>What it is about</legend>
      {choices.map(({ id, title }) => (
        <label key={id}>
          <input type="radio" name="subject" value={id} checked={chosen === id} onChange={() => onChoose(id)} />
          <bdi>{plain(title, 200)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

interface ReasonFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly placeholder: string;
}

export function ReasonField({ value, onInput, placeholder }: ReasonFieldProps) {
  return (
    <label>
      <span>Reason, for those who look later</span>
      <input
        class="field"
        required
        minLength={3}
        maxLength={500}
        placeholder={placeholder}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}

/** A moment in the viewer's zone, as `momentOf` reads it. */
export function TimeField({ name, value, onInput }: { name: string; value: string; onInput: (value: string) => void }) {
  return (
    <label>
      <span>{name}</span>
      <input
        class="field"
        type="datetime-local"
        required
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}
