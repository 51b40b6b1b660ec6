/** One name under which hosts of a tenant's config send their samples themselves, by OpenTelemetry's protocol (OTLP), and what is kept of them. */
import * as z from 'zod';
import { accountFields, regionsOf } from './account-fields.ts';
import { prometheusNameSchema } from './prometheus-account.ts';
import { NO_REGION } from './series.ts';

/** https://opentelemetry.io/docs/specs/semconv/general/naming/ */
const attributeSchema = z
  .string()
  .regex(
    /^[A-Za-z_][\w./:-]{0,127}$/,
    'must be the name of a resource attribute, for example deployment.environment.name',
  );

/** Attributes that hold command lines and environments: they hold passwords, and are never kept as labels. */
const CARRIES_SECRETS = /^process\.(?:command(?:_line|_args)?|environment_variable(?:\..+)?)$/;

const keptAttributeSchema = attributeSchema.refine(
  (name) => !CARRIES_SECRETS.test(name),
  'may hold passwords and is not kept: name what may be kept of a command line under commandPatterns',
);

/** Parts of a pattern that may be left out (`?`): each doubles the ways in which it can be tried. */
const MOST_OPTIONAL = 2;

/**
 * A pattern is characters and classes in a row, of which one is repeated: it takes at most some times the square of the length of a command
 * line, whatever that is. With groups, alternatives or several repetitions one tenant could take the function for itself.
 */
const commandPatternSchema = z
  .string()
  .min(1)
  .max(200)
  .superRefine((pattern, { addIssue }) => {
    const message = patternIssue(pattern);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });

/** An escape, a class, or one character. */
const TOKENS = /\\.|\[(?:\\.|[^\]\\])*\]|./gsu;

function patternIssue(pattern: string): string | undefined {
  const tokens = pattern.match(TOKENS) ?? [];
  if (tokens.some((token) => /^(?:[()|]|\\[1-9k])$/.test(token)))
    return 'must have no groups and no alternatives: write a pattern for each';
  if (tokens.filter((token) => /^[*+{]$/.test(token)).length > 1) return 'may repeat (* + {}) once';
  if (tokens.filter((token) => token === '?').length > MOST_OPTIONAL) return `may have ${MOST_OPTIONAL} ? at the most`;
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export const otlpAccountSchema = z.strictObject({
  provider: z.literal('otlp'),
  account: prometheusNameSchema.describe('What you call the hosts that send. An ingest token sends for one such name.'),
  regions: regionsOf(
    z.string().regex(new RegExp(`^${NO_REGION}$`), `must be ${NO_REGION}: what hosts send has no regions`),
  ).default([NO_REGION]),
  groupAttribute: attributeSchema
    .optional()
    .describe('The resource attribute that groups hosts, for example service.name. Without it they have no group.'),
  keepAttributes: z
    .array(keptAttributeSchema)
    .min(1)
    .max(20)
    .optional()
    .describe('Further resource attributes that a host keeps as labels.'),
  commandPatterns: z
    .array(commandPatternSchema)
    .min(1)
    .max(20)
    .optional()
    .describe(
      'Regular expressions, tried in this order. What the first one matches is kept of the command line of a process; without a match nothing is.',
    ),
  ...accountFields,
});

export type OtlpAccount = z.output<typeof otlpAccountSchema>;
