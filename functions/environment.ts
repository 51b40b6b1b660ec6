/** What the deployment tells the functions. The only place here that reads `process.env`; values are checked once per cold start. */
import * as z from 'zod';
import { InvalidInputError } from '../inspection/errors.ts';
import { describeIssues } from '../model/issues.ts';

const environmentSchema = z.object({
  AWS_REGION: z.string().min(1),
  TABLE: z.string().min(3),
  /** A tenant's topic is this and the tenant's id. */
  TOPIC_ARN_PREFIX: z.string().startsWith('arn:'),
  INSPECT_QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
});

export type Environment = z.output<typeof environmentSchema>;

/** Throws `InvalidInputError` that names every variable that is missing or wrong. */
export function readEnvironment(variables: Record<string, string | undefined> = process.env): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) throw new InvalidInputError('The function’s environment', describeIssues(parsed.error));
  return parsed.data;
}
