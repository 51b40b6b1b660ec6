/** A policy on the command line: values for this run alone, over what is configured. */
import { basename } from 'node:path';
import { InvalidInputError } from '../inspection/errors.ts';
import { describeIssues } from '../model/issues.ts';
import { type PolicyOverride, policySchema } from '../model/policy.ts';
import { readDocument } from './document.ts';

export interface PolicyOption {
  /** As short as it was given: the values, or the file's name. */
  readonly name: string;
  readonly values: PolicyOverride;
}

/**
 * Reads `threshold=0.8,recoverAfter=3`, or, where there is no `=`, a YAML or JSON file with such values. Throws
 * `InvalidInputError` that names every wrong value.
 */
export async function readPolicyOption(text: string): Promise<PolicyOption> {
  const inline = text.includes('=');
  const parsed = policySchema.safeParse(inline ? valuesOf(text) : await readDocument(text));
  if (!parsed.success) throw new InvalidInputError(`The policy ${text}`, describeIssues(parsed.error));
  return { name: inline ? text : basename(text), values: parsed.data };
}

/** What is no number is left as it is, so that the schema's message names it. */
function valuesOf(text: string): Record<string, number | string> {
  const pairs = text.split(',').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2).map((part) => part.trim());
    return [name, value === '' || Number.isNaN(Number(value)) ? value : Number(value)] as const;
  });
  return Object.fromEntries(pairs);
}
