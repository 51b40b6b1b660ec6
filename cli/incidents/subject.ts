/** What a mute or a label is about, from the options that name it. */
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type Label, labelSchema, type Mute, muteSchema, type Subject, subjectSchema } from '../../core/model/mute.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';

export interface SubjectOptions {
  readonly account?: string;
  readonly region?: string;
  readonly host?: string;
  readonly group?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly pattern?: string;
  readonly consumer?: string;
  readonly finding?: string;
}

const FIELDS = ['account', 'region', 'host', 'group', 'pattern', 'consumer', 'finding'] as const;

/** Undefined where no option names anything. Throws `InvalidInputError`. */
export function subjectOf({ label: labels, ...options }: SubjectOptions): Subject | undefined {
  const named = FIELDS.flatMap((field) => (options[field] === undefined ? [] : [[field, options[field]] as const]));
  if (named.length === 0 && labels === undefined) return undefined;
  const parsed = parseInput(subjectSchema, { ...Object.fromEntries(named), ...(labels && { labels }) });
  if (parsed.success) return parsed.data;
  throw new InvalidInputError('What is named', describeIssues(parsed.error));
}

/** Throws `InvalidInputError` that names what is wrong, a reason that is too short for example. */
export function checkedMute(mute: Mute): Mute {
  const parsed = parseInput(muteSchema, mute);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError('The mute', describeIssues(parsed.error));
}

/** The same of a label. */
export function checkedLabel(label: Label): Label {
  const parsed = parseInput(labelSchema, label);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError('The label', describeIssues(parsed.error));
}
