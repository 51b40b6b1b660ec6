/** How a value that does not fit its schema is told: every wrong field by its path, and what was expected. */
import type * as z from 'zod';

/** One line per wrong field, for example `accounts[0].regions[1]: must be an AWS region, for example eu-west-1`. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    // Strict objects report all unknown keys in one issue at the parent's path: a line for each says where it stands.
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${pathText([...issue.path, key])}: unknown field`);
    }
    return [`${pathText(issue.path)}: ${plainMessage(issue)}`];
  });
}

/** The library's messages in plain words; those that a schema words itself are plain already. */
function plainMessage(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  const [, expected = '', received] = /^Invalid input: expected (.+), received (.+)$/.exec(message) ?? [];
  if (received === 'undefined') return 'is missing';
  if (expected === 'int') return 'must be a whole number';
  if (received !== undefined) return `must be ${typeText(expected)}, not ${typeText(received)}`;
  const isOwnWords = !/^Too (small|big): /.test(message);
  if (issue.code === 'too_small' && !isOwnWords && issue.inclusive === false)
    return `must be greater than ${issue.minimum}`;
  if (issue.code === 'too_small' && !isOwnWords) return `must ${sizeText(issue.origin, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big' && !isOwnWords) return `must ${sizeText(issue.origin, 'at most', issue.maximum)}`;
  return message.replace(/^Invalid [a-z ]+[:.] expected (one of )?/i, 'must be ');
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  null: 'empty',
};

function typeText(type: string): string {
  return TYPES[type] ?? type;
}

function sizeText(origin: string, bound: 'at least' | 'at most', size: number | bigint): string {
  if (origin !== 'string' && origin !== 'array') return `be ${bound} ${size}`;
  if (bound === 'at least' && size === 1) return 'not be empty';
  return `have ${bound} ${size} ${origin === 'string' ? 'characters' : 'entries'}`;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(whole document)';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
