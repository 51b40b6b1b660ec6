/** Finds the rights in a template that are wider than a name and not explained. */
import * as z from 'zod';
import type { CloudResource, Template } from './packaged-service.ts';

/** Characters below which an explanation explains nothing. */
const MIN_EXPLANATION = 40;

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.unknown().optional(),
  NotAction: z.unknown().optional(),
  Resource: z.unknown().optional(),
  NotResource: z.unknown().optional(),
  Principal: z.unknown().optional(),
});
/** IAM takes one statement without a list around it. */
const policySchema = z.looseObject({
  Statement: z.union([z.array(statementSchema), statementSchema.transform((statement) => [statement])]),
});

type Statement = z.output<typeof statementSchema>;

const explanationsSchema = z.record(z.string(), z.string().min(MIN_EXPLANATION)).default({});

interface Rights {
  readonly resource: string;
  readonly statement: Statement;
}

/** Every statement of every policy in the template, wherever a resource keeps it. */
export function rightsOf(template: Template): Rights[] {
  return Object.entries(template.Resources).flatMap(([resource, { Properties }]) =>
    policiesIn(Properties).flatMap(({ Statement }) => Statement.map((statement) => ({ resource, statement }))),
  );
}

/**
 * One line per statement that allows a wildcard action or resource which the resource's metadata does not explain, and
 * one per explanation of a wildcard that is not there (any more).
 */
export function unexplainedWildcards(template: Template): string[] {
  return Object.entries(template.Resources).flatMap(([name, resource]) => {
    const explained = new Set(Object.keys(explanationsOf(resource)));
    const wide = new Set(
      policiesIn(resource.Properties)
        .flatMap(({ Statement }) => Statement)
        .filter(isWide)
        .map(({ Sid }) => Sid ?? '(no Sid)'),
    );
    return [
      ...[...wide.difference(explained)].map((sid) => `${name}/${sid} is a wildcard that is not explained`),
      ...[...explained.difference(wide)].map((sid) => `${name}/${sid} explains a wildcard that is not there`),
    ];
  });
}

function explanationsOf({ Metadata }: CloudResource): Record<string, string> {
  return explanationsSchema.parse(Metadata['ExplainedWildcards']);
}

/** A denial with a wildcard takes rights away, as the deployment bucket's does with plain http. */
function isWide({ Effect, Action, Resource, Principal, NotAction, NotResource }: Statement): boolean {
  if (Effect === 'Deny') return false;
  return NotAction !== undefined || NotResource !== undefined || hasStar([Action, Resource, Principal]);
}

function hasStar(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('*');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasStar);
}

function policiesIn(value: unknown): z.output<typeof policySchema>[] {
  if (typeof value !== 'object' || value === null) return [];
  // Parsed and not tried: a policy that is not understood must not pass for none.
  if ('Statement' in value) return [policySchema.parse(value)];
  return Object.values(value).flatMap(policiesIn);
}
