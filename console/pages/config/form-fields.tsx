/** Fields of the form by their descriptions: each shows and sets one value of the document. */
import { useRef, useState } from 'preact/hooks';
import { SelectField, TextField } from '../../components/field.tsx';
import { plain } from '../../components/text.tsx';
import { type Path, valueAt } from '../../config/document.ts';
import { type FieldSpec, SUGGESTIONS } from '../../config/field-specs.ts';
import { entriesAt, inputText, optionOf, valueOfInput } from '../../config/field-values.ts';
import { useEditor } from './use-editor.ts';

interface SpecFieldProps {
  readonly spec: FieldSpec;
  /** Of the object that the field is of. */
  readonly of: Path;
}

const ELSEWHERE = 'other';

function SpecField({ spec, of }: SpecFieldProps) {
  const { read, issueAt, set, mayEdit } = useEditor();
  const path = [...of, ...spec.path];
  const value = valueAt(read.value, path);
  const shared = { label: spec.label, help: spec.help, error: issueAt(path) };
  if (spec.kind !== 'select') return <TypedField spec={spec} path={path} value={value} shared={shared} />;
  const { options } = spec;
  const index = optionOf(options, value);
  // A field that is absent shows the option that is its default: of `enabled` that is the first.
  const shown = index >= 0 ? String(index) : value === undefined ? '0' : ELSEWHERE;
  const choices = options.map(({ label }, at): [string, string] => [String(at), label]);
  return (
    <SelectField
      {...shared}
      value={shown}
      options={
        shown === ELSEWHERE
          ? [...choices, [ELSEWHERE, `as in the text: ${plain(inputText(spec, value), 40)}`]]
          : choices
      }
      disabled={!mayEdit}
      onChange={(chosen) => {
        if (chosen !== ELSEWHERE) set(path, options[Number(chosen)]?.value);
      }}
    />
  );
}

interface TypedFieldProps {
  readonly spec: Exclude<FieldSpec, { kind: 'select' }>;
  readonly path: Path;
  readonly value: unknown;
  readonly shared: { readonly label: string; readonly help: string; readonly error: string | undefined };
}

/** What is typed stays as it is typed until the field is left: `0.` would become `0` under the hands. */
function TypedField({ spec, path, value, shared }: TypedFieldProps) {
  const { set, mayEdit } = useEditor();
  const [typed, setTyped] = useState<string>();
  return (
    <TextField
      {...shared}
      value={typed ?? inputText(spec, value)}
      placeholder={spec.placeholder}
      inputMode={spec.kind === 'number' ? 'decimal' : undefined}
      list={spec.suggest}
      readOnly={!mayEdit}
      onInput={(text) => {
        setTyped(text);
        set(path, valueOfInput(spec, text));
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

export function FieldGrid({ fields, of }: { fields: readonly FieldSpec[]; of: Path }) {
  return (
    <div class="field-grid">
      {fields.map((spec) => (
        <SpecField key={spec.path.join('.')} spec={spec} of={of} />
      ))}
    </div>
  );
}

interface EntriesProps {
  readonly path: Path;
  /** Of one entry: `Quiet hours 1`. */
  readonly title: string;
  /** What stands where there is none. */
  readonly none: string;
  readonly fields: readonly FieldSpec[];
  /** What a new entry begins with. */
  readonly blank: object;
}

/** A list of the document whose entries have a few fields each. */
export function Entries({ path, title, none, fields, blank }: EntriesProps) {
  const { read, set, mayEdit, issueAt } = useEditor();
  const list = useRef<HTMLDivElement>(null);
  const entries = entriesAt(read.value, path);
  const add = () => {
    set([...path, entries.length], blank);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('fieldset:last-of-type .field')?.focus());
  };
  const remove = (index: number) => {
    set([...path, index], undefined);
    list.current?.querySelector<HTMLElement>('.entries-add')?.focus();
  };
  return (
    <div class="entries" ref={list}>
      {entries.length === 0 && <p class="muted">{none}</p>}
      {entries.map((_, index) => {
        const error = issueAt([...path, index]);
        return (
          <fieldset class="entry" key={index} data-wrong={error === undefined ? undefined : ''}>
            <legend>
              {title} {index + 1}
            </legend>
            <FieldGrid fields={fields} of={[...path, index]} />
            {mayEdit && (
              <button type="button" class="button button-small" onClick={() => remove(index)}>
                Remove<span class="visually-hidden">{` ${title.toLowerCase()} ${index + 1}`}</span>
              </button>
            )}
          </fieldset>
        );
      })}
      {mayEdit && (
        <button type="button" class="button button-small entries-add" onClick={add}>
          Add {title.toLowerCase()}
        </button>
      )}
    </div>
  );
}

const SCHEDULES = [
  ['0 * * * *', 'every hour'],
  ['*/15 * * * *', 'every quarter of an hour'],
  ['0 */4 * * *', 'every four hours'],
  ['0 6-20 * * MON-FRI', 'every hour of working days'],
  ['0 5 * * *', 'once a day'],
] as const;

/** What inputs offer, once for the page. */
export function SuggestionLists() {
  const [zones, schedules] = SUGGESTIONS;
  return (
    <>
      <datalist id={zones}>
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <datalist id={schedules}>
        {SCHEDULES.map(([cron, label]) => (
          <option key={cron} value={cron} label={label} />
        ))}
      </datalist>
    </>
  );
}
