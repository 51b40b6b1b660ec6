/** Words for a value that does not fit its schema: every wrong field by its path, and what is expected of it. */
import * as z from 'zod';

/**
 * Parses input from outside. Issues whose schemas have no message of their own come in our words, so that nobody has to parse the
 * library's English.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  return schema.safeParse(input, { error: plainMessage });
}

/** A wrong field of an input. */
export interface FieldIssue {
  /** From the document to the field: names, and indices of lists. Empty for the document itself. */
  readonly path: readonly PropertyKey[];
  /** `unknown_field`, or the library's code for what a schema refuses. Other checks than those of schemas have none. */
  readonly code?: string;
  /** It follows the path and a colon: `must be a list, not text`. */
  readonly message: string;
}

/** Every wrong field. The library reports all unknown keys of an object at the object's path: here each has its own. */
export function fieldIssues(error: z.ZodError): FieldIssue[] {
  return error.issues.flatMap((issue): FieldIssue[] => {
    if (issue.code !== 'unrecognized_keys') return [issue];
    return issue.keys.map((key) => ({ path: [...issue.path, key], code: UNKNOWN_FIELD, message: 'unknown field' }));
  });
}

/** The code of a field that its object does not have. */
export const UNKNOWN_FIELD = 'unknown_field';

/** One line, for example `accounts[0].regions[1]: must be an AWS region, for example eu-west-1`. */
export function issueText({ path, message }: FieldIssue): string {
  return `${pathText(path)}: ${message}`;
}

/** One line per wrong field. */
export function describeIssues(error: z.ZodError): string[] {
  return fieldIssues(error).map(issueText);
}

/**
 * The message of an issue whose schema has no message of its own. Undefined for what no schema of ours raises: the library
 * then words it.
 */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeMessage(issue);
    case 'invalid_value':
      return `must be ${alternatives(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return sizeMessage(issue.origin, issue.minimum, { ...issue, side: 'least' });
    case 'too_big':
      return sizeMessage(issue.origin, issue.maximum, { ...issue, side: 'most' });
    case 'invalid_format':
      return formatMessage(issue);
    case 'invalid_union':
      return unionMessage('options' in issue && issue.options);
    case 'invalid_key':
      return `its name ${issue.issues[0]?.message ?? 'is not allowed'}`;
    case 'unrecognized_keys':
      return `unknown field: ${issue.keys.join(', ')}`;
    default:
      return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  null: 'empty',
};

function typeMessage({ expected, input }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (input === undefined) return 'is missing';
  const received = typeof input === 'number' && !Number.isFinite(input) ? String(input) : z.core.util.parsedType(input);
  // 2.5 is a number already: what it lacks is said, and not what it is.
  const isNumber = expected === 'int' && received === 'number';
  return `must be ${typeText(expected)}${isNumber ? '' : `, not ${typeText(received)}`}`;
}

function typeText(type: string): string {
  return TYPES[type] ?? type;
}

interface Bound {
  readonly side: 'least' | 'most';
  readonly inclusive?: boolean | undefined;
  readonly exact?: boolean | undefined;
}

/** `must be at least 6`, `must be greater than 0`, `must not be empty`, `must have at most 3 entries`. */
function sizeMessage(origin: string, size: number | bigint, { side, inclusive = true, exact = false }: Bound): string {
  const unit = COUNTED[origin];
  if (unit === undefined) {
    if (inclusive) return `must be at ${side} ${size}`;
    return `must be ${side === 'least' ? 'greater' : 'less'} than ${size}`;
  }
  if (side === 'least' && size === 1 && !exact) return 'must not be empty';
  return `must have ${exact ? 'exactly' : `at ${side}`} ${size} ${unit}`;
}

/** What the size of a value counts. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be a time in UTC as ISO 8601 writes it, for example 2026-11-20T12:00:00Z',
  date: 'must be a date, for example 2026-11-20',
  url: 'must be a URL',
};

function formatMessage({ format, ...issue }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>) {
  if (format === 'starts_with' && 'prefix' in issue) return `must begin with ${issue['prefix']}`;
  if (format === 'regex' && 'pattern' in issue) return `must match ${issue.pattern}`;
  return FORMATS[format];
}

/** @param options The values of a discriminator, where the union has one. */
function unionMessage(options: unknown): string {
  if (!Array.isArray(options) || options.length === 0) return 'has none of the forms that it may have';
  return `must be ${alternatives(options.map((option) => JSON.stringify(String(option))))}`;
}

/** `a, b or c`. */
function alternatives(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the document)';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
