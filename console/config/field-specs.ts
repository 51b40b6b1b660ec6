/** How the form of a config describes its fields. Bounds and defaults are the API's to check, and what no field has is edited in the text. */
import type { Path } from './document.ts';

export interface FieldOption {
  /** Undefined: the field is taken out, and its default holds. */
  readonly value: unknown;
  readonly label: string;
}

interface Common {
  /** Below the object that the fields are of. */
  readonly path: Path;
  readonly label: string;
  readonly help: string;
}

/** `list` and `labels` are written in one line: `eu-west-1, us-east-1` and `team=web, tier=db`. */
export type FieldSpec = Common &
  (
    | {
        readonly kind: 'text' | 'number' | 'list' | 'labels';
        readonly placeholder?: string;
        readonly suggest?: Suggestions;
      }
    | { readonly kind: 'select'; readonly options: readonly FieldOption[] }
  );

/** Lists that an input offers: each is in the page once. */
export const SUGGESTIONS = ['time-zones', 'schedules'] as const;
export type Suggestions = (typeof SUGGESTIONS)[number];

const named = (values: readonly string[]): FieldOption[] => values.map((value) => ({ value, label: value }));
/** A select whose first option takes the field out. */
export const orDefault = (label: string, values: readonly string[]): FieldOption[] => [
  { value: undefined, label },
  ...named(values),
];

export const timezone = (path: Path, label = 'Time zone', placeholder = 'UTC'): FieldSpec => ({
  path,
  kind: 'text',
  label,
  help: 'A name of the IANA database, such as Europe/Berlin.',
  placeholder,
  suggest: 'time-zones',
});

export const CADENCE_HELP = 'Adaptive: steady hosts far from their limit are read every four hours.';
