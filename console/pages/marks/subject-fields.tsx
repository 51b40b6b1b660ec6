/** Which hosts something is about: every field that is filled in has to match. */
import { SelectField, TextField } from '../../components/field.tsx';
import { PROVIDER_NAMES } from '../../components/host.tsx';
import { Text } from '../../components/text.tsx';
import { PATTERN_CHOICES, PROVIDER_CHOICES, type SubjectForm } from '../../mark-forms.ts';

interface SubjectFieldsProps {
  readonly form: SubjectForm;
  readonly error: string | undefined;
  readonly onChange: (form: SubjectForm) => void;
}

const ANY: readonly [string, string] = ['', 'any'];

export function SubjectFields({ form, error, onChange }: SubjectFieldsProps) {
  const text = (field: keyof SubjectForm, label: string, placeholder = 'any', wrong?: string) => (
    <TextField
      label={label}
      value={form[field]}
      placeholder={placeholder}
      maxLength={256}
      error={wrong}
      onInput={(value) => onChange({ ...form, [field]: value })}
    />
  );
  return (
    <fieldset class="entry">
      <legend>About</legend>
      <p class="muted">Every field that is filled in has to match; * is any text and ? one character.</p>
      <div class="field-grid">
        {text('group', 'Group', 'web-*', error)}
        {text('host', 'Host, id or name')}
        {text('account', 'Account')}
        {text('region', 'Region')}
        <SelectField
          label="Cloud"
          value={form.provider}
          options={[ANY, ...PROVIDER_CHOICES.map((provider): [string, string] => [provider, PROVIDER_NAMES[provider]])]}
          onChange={(provider) => onChange({ ...form, provider })}
        />
        {text('labels', 'Labels', 'team=web, tier=db')}
        <SelectField
          label="Pattern of the growth"
          value={form.pattern}
          options={[
            ANY,
            ...PATTERN_CHOICES.map((pattern): [string, string] => [pattern, pattern.replaceAll('_', ' ')]),
          ]}
          onChange={(pattern) => onChange({ ...form, pattern })}
        />
        {text('consumer', 'Top consumer')}
      </div>
      {error !== undefined && (
        <p class="visually-hidden" role="alert">
          <Text value={error} />
        </p>
      )}
    </fieldset>
  );
}
