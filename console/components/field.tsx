/** Inputs with their label and what they are for; an error is shown where the help was. */
import './field.css';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Text } from './text.tsx';

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  /** Stands where the help stood, so that nothing below it moves. */
  readonly error?: string | undefined;
  readonly class?: string;
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

export function Field({ label, help, error, class: name = '', children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  const hasNote = help !== undefined || error !== undefined;
  return (
    <div class={`labelled ${name}`}>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': hasNote ? note : undefined,
        'aria-invalid': error === undefined ? undefined : 'true',
      })}
      {hasNote && (
        <p id={note} class={error === undefined ? 'labelled-help' : 'labelled-error'}>
          {error === undefined ? help : <Text value={error} length={400} />}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'datetime-local' | 'url';
  readonly placeholder?: string | undefined;
  readonly inputMode?: 'decimal' | undefined;
  /** Id of a list of suggestions. */
  readonly list?: string | undefined;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  readonly required?: boolean;
  readonly onBlur?: () => void;
}

export function TextField({
  label,
  help,
  error,
  class: name = '',
  value,
  onInput,
  onBlur,
  type = 'text',
  ...input
}: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error} class={name}>
      {(attributes) => (
        <input
          {...attributes}
          {...definedOf(input)}
          class="field"
          type={type}
          value={value}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
          onBlur={onBlur}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}

export function SelectField({
  label,
  help,
  error,
  class: name = '',
  value,
  options,
  onChange,
  disabled = false,
}: SelectFieldProps) {
  return (
    <Field label={label} help={help} error={error} class={name}>
      {(attributes) => (
        <select
          {...attributes}
          class="field"
          value={value}
          disabled={disabled}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function definedOf<T extends object>(attributes: T): Partial<T> {
  const defined: Partial<T> = { ...attributes };
  for (const name of Object.keys(defined))
    if (Reflect.get(defined, name) === undefined) Reflect.deleteProperty(defined, name);
  return defined;
}

/** Moves the focus to the first field that is wrong, and opens what it is in. */
export function focusFirstError(root: ParentNode): boolean {
  const field = root.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field === null) return false;
  for (let at = field.closest('details'); at !== null; at = at.parentElement?.closest('details') ?? null)
    at.open = true;
  field.focus();
  return true;
}
