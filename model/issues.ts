/** How a value that does not fit its schema is told: every wrong field by its path, and what was expected. */
import type * as z from 'zod';

/** One line per wrong field, for example `accounts[0].regions[1]: must be an AWS region, for example eu-west-1`. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    // Strict objects report all unknown keys in one issue at the parent's path: a line for each says where it stands.
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${pathText([...issue.path, key])}: unknown field`);
    }
    return [`${pathText(issue.path)}: ${issue.message}`];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(whole document)';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
