/** A policy on the command line: values, or a file with values. */
import { basename } from 'node:path';
import { fieldIssues, issueText, parseInput } from '../../core/model/issues.ts';
import { type PolicyOverride, policySchema } from '../../core/model/policy.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { nearestOf } from '../../core/tenants/near-names.ts';
import { readDocument } from '../document.ts';
import { suggestion } from '../document-issues.ts';
import { UsageError } from '../usage-error.ts';

export interface PolicyOption {
  readonly name: string;
  /** Values that were typed are meant for this run. Those of a file apply where nothing is stored. */
  readonly kind: 'values' | 'file';
  readonly values: PolicyOverride;
}

/**
 * Reads `threshold=0.8,recoverAfter=3`, or, where there is no `=`, a YAML or JSON file with such values. Throws
 * `InvalidInputError` that names every wrong value, and `UsageError` for one that has no name
 * or is given twice, or a file that cannot be read.
 */
export async function readPolicyOption(text: string): Promise<PolicyOption> {
  const parsed = parseInput(policySchema, isInline(text) ? valuesOf(text) : await readPolicyFile(text));
  if (!parsed.success) {
    const issues = fieldIssues(parsed.error).map((issue) => issueText(issue) + suggestion(issue, FIELD_NAMES));
    throw new InvalidInputError(`The policy ${text}`, [...issues, FIELDS]);
  }
  return { name: policyName(text), kind: isInline(text) ? 'values' : 'file', values: parsed.data };
}

/** A field's name without a value looks like the name of a file. */
async function readPolicyFile(file: string): Promise<unknown> {
  try {
    return (await readDocument(file)).value;
  } catch (error) {
    const [near] = nearestOf(file, FIELD_NAMES);
    if (!(error instanceof UsageError) || near === undefined) throw error;
    throw new UsageError(`${error.message} Did you mean a value, --policy ${near}=…?`, { cause: error });
  }
}

const FIELD_NAMES = Object.keys(policySchema.shape);

const FIELDS = `a policy may hold ${FIELD_NAMES.join(', ')}, without a group around them; shares are written as 0.8, not as 80 %`;

/** As short as it was given: the values, or the file's name. */
export function policyName(text: string): string {
  return isInline(text) ? text : basename(text);
}

/** What the values of an option go before, for the end of an inspection's report. */
export function policyNote(text: string): string {
  return isInline(text)
    ? `Evaluated with ${text} over what is configured.`
    : `Evaluated with ${policyName(text)} where nothing else is stored.`;
}

function isInline(text: string): boolean {
  return text.includes('=');
}

/** What is no number is left as it is, so that the schema's message names it. */
function valuesOf(text: string): Record<string, number | string> {
  const pairs = text.split(',').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const value = rest.join('=').trim();
    return [name.trim(), value === '' || Number.isNaN(Number(value)) ? value : Number(value)] as const;
  });
  if (pairs.some(([name]) => name === '')) throw new UsageError(`The policy ${text} has a value without a name.`);
  const twice = pairs.find(([name], index) => pairs.slice(0, index).some(([earlier]) => earlier === name));
  if (twice !== undefined) throw new UsageError(`The policy ${text} gives ${twice[0]} twice.`);
  return Object.fromEntries(pairs);
}
