/** What the deployment tells the functions. The only place here that reads `process.env`; values are checked once per cold start. */
import * as z from 'zod';
import { describeIssues } from '../core/model/issues.ts';
import { InvalidInputError } from '../core/ports/errors.ts';

const environmentSchema = z.object({
  AWS_REGION: z.string().min(1),
  TABLE: z.string().min(3),
  /** A tenant's topic is this and the tenant's id. */
  TOPIC_ARN_PREFIX: z.string().startsWith('arn:'),
  INSPECT_QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
});

/** Of inspect-azure alone. */
const azureEnvironmentSchema = environmentSchema.extend({
  /** For tests and the demo, and set in no deployment: where requests for Azure go instead, on this machine only. */
  PLIMSOLL_TEST_AZURE_ENDPOINT: z
    .string()
    .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be http://127.0.0.1:PORT')
    .optional(),
});

/** Of inspect-gcp alone. */
const gcpEnvironmentSchema = environmentSchema.extend({
  /** The ARN of the role whose sessions say for which tenant the function comes. */
  GCP_SESSION_ROLE: z.string().startsWith('arn:'),
  /** For tests and the demo: where Cloud Monitoring is, without encryption or sign-in, and so on this machine only. */
  PLIMSOLL_TEST_GCP_ENDPOINT: z
    .string()
    .regex(/^127\.0\.0\.1:\d{1,5}$/, 'must be 127.0.0.1:PORT')
    .optional(),
});

export type Environment = z.output<typeof environmentSchema>;
export type AzureEnvironment = z.output<typeof azureEnvironmentSchema>;
export type GcpEnvironment = z.output<typeof gcpEnvironmentSchema>;

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws `InvalidInputError` that names every variable that is missing or wrong. */
export function readEnvironment(variables: Variables = process.env): Environment {
  return parseVariables(environmentSchema, variables);
}

export function readAzureEnvironment(variables: Variables = process.env): AzureEnvironment {
  return parseVariables(azureEnvironmentSchema, variables);
}

export function readGcpEnvironment(variables: Variables = process.env): GcpEnvironment {
  return parseVariables(gcpEnvironmentSchema, variables);
}

function parseVariables<T>(schema: z.ZodType<T>, variables: Variables): T {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw new InvalidInputError('The function’s environment', describeIssues(parsed.error));
  return parsed.data;
}
