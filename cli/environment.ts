/** The variables that the command line reads. Nothing else here touches `process.env`; AWS's own are the SDK's business. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../core/model/issues.ts';
import { InvalidInputError, PlimsollError } from '../core/ports/errors.ts';

const environmentSchema = z.object({
  /** The table of tenants' configs: `tenants …` and `--tenant` need it. */
  PLIMSOLL_CONFIGS_TABLE: z.string().min(3).optional(),
  /** The table of incidents and runs. */
  PLIMSOLL_TABLE: z.string().min(3).optional(),
  /** The bucket of results: `results` needs it. */
  PLIMSOLL_RESULTS_BUCKET: z.string().min(3).max(63).optional(),
  /** A tenant's topic is this and the tenant's id: `tenants put` needs it. */
  PLIMSOLL_TOPIC_ARN_PREFIX: z.string().startsWith('arn:').optional(),
  /** The key that tenants' topics are encrypted with. A deployment of 0.1.0 has none. */
  PLIMSOLL_KEY: z.string().startsWith('arn:').optional(),
  /** The queue of the relay, which tenants' topics feed. Without it the relay subscribes to a new topic by itself, within a quarter of an hour. */
  PLIMSOLL_RELAY_QUEUE: z.string().startsWith('arn:').optional(),
  /** For how many days the log of incidents keeps an entry. */
  PLIMSOLL_EVENTS_DAYS: z.coerce.number().int().min(1).max(3660).optional(),
  /** The role whose session name proves the tenant to Google Cloud: `--tenant` needs it where it has projects. */
  PLIMSOLL_GCP_SESSION_ROLE: z.string().startsWith('arn:').optional(),
  /** The queue that takes requests for inspections: `invoke` needs it. */
  PLIMSOLL_REQUEST_QUEUE_URL: z.url().optional(),
  /** Where a Prometheus server is, for `--provider prometheus` without `--url`. */
  PROMETHEUS_URL: z.string().min(1).max(2000).optional(),
  AWS_REGION: z.string().min(1).optional(),
});

type Variables = Readonly<Record<string, string | undefined>>;

export interface CommandEnvironment {
  /** Whether the table of configs is known: some commands check more where it is. */
  hasConfigsTable(): boolean;
  /** Whether the table of incidents and runs is known. */
  hasTable(): boolean;
  /** The name of the table of configs. Throws `MissingVariableError` where it is not set. */
  configsTable(): string;
  /** The name of the table of incidents and runs. Throws `MissingVariableError` where it is not set. */
  table(): string;
  /** Whether the bucket of results is known. */
  hasResultsBucket(): boolean;
  /** The name of the bucket of results. */
  resultsBucket(): string;
  topicArnPrefix(): string;
  /** The address of the queue that takes requests for inspections. */
  requestQueueUrl(): string;
  /** The ARN of the deployment's key. Undefined where it is not set: topics then keep the encryption that they have. */
  key(): string | undefined;
  /** The ARN of the queue of the relay. Undefined where it is not set. */
  relayQueue(): string | undefined;
  /** For how many days the log of incidents keeps an entry. Undefined where it is not set: 400. */
  eventsDays(): number | undefined;
  /** Where a Prometheus server is. Undefined where it is not set. */
  prometheusUrl(): string | undefined;
  /** AWS_REGION: where Plimsoll runs. Undefined where it is not set. */
  ownRegion(): string | undefined;
  /** Whether both variables that `gcpSession` needs are set. */
  hasGcpSession(): boolean;
  gcpSession(): { readonly sessionRole: string; readonly stsRegion: string };
  /** The same with these values of variables that are not set. Throws as `readEnvironment`. */
  withDefaults(defaults: Variables): CommandEnvironment;
  /** A variable that the user named, for values that must not stand in a shell's history. */
  named(variable: string): string;
}

/** A command needs a variable that is not set. */
class MissingVariableError extends PlimsollError {
  /** @param before What is done about it, where setting the variable is the second choice. @param after How its value is found. */
  constructor(
    variable: string,
    what: string,
    { before, after }: { readonly before?: string; readonly after?: string } = {},
  ) {
    const fact = `The environment variable ${variable} is not set. It holds ${what}.`;
    super([before, [fact, after].filter(Boolean).join(' ')].filter(Boolean).join('\n'));
  }
}

/** @param output Of the stack, which holds the value. */
function fromStack(output: string) {
  return {
    before: 'Name the deployment: --stage NAME (or --stack NAME) reads its addresses from the deployed stack.',
    after: `\`npx serverless info --verbose --stage NAME\` prints it as ${output}.`,
  };
}

const SET_REGION = { after: 'Set it to the region that Plimsoll was deployed to.' };
const RESULTS_BUCKET = 'the name of the bucket of results that Plimsoll was deployed with';
const TABLE = 'the name of the table of incidents and runs that Plimsoll was deployed with';
const REQUEST_QUEUE = 'the address of the queue that takes requests for inspections';

/** Throws `InvalidInputError` that names every variable that is wrong. */
export function readEnvironment(variables: Variables = process.env): CommandEnvironment {
  const parsed = parseInput(environmentSchema, variables);
  if (!parsed.success) throw new InvalidInputError('The environment', describeIssues(parsed.error));
  const values = parsed.data;

  function required(
    variable: Exclude<keyof typeof values, 'PLIMSOLL_EVENTS_DAYS'>,
    what: string,
    how: ReturnType<typeof fromStack> | { readonly after: string },
  ): string {
    const value = values[variable];
    if (value === undefined) throw new MissingVariableError(variable, what, how);
    return value;
  }

  return {
    hasConfigsTable: () => values.PLIMSOLL_CONFIGS_TABLE !== undefined,
    configsTable: () =>
      required(
        'PLIMSOLL_CONFIGS_TABLE',
        'the name of the table of configs that Plimsoll was deployed with',
        fromStack('ConfigsTableName'),
      ),
    hasTable: () => values.PLIMSOLL_TABLE !== undefined,
    table: () => required('PLIMSOLL_TABLE', TABLE, fromStack('TableName')),
    hasResultsBucket: () => values.PLIMSOLL_RESULTS_BUCKET !== undefined,
    resultsBucket: () => required('PLIMSOLL_RESULTS_BUCKET', RESULTS_BUCKET, fromStack('ResultsBucketName')),
    topicArnPrefix: () =>
      required(
        'PLIMSOLL_TOPIC_ARN_PREFIX',
        'the ARN that tenants’ topics begin with, for example arn:aws:sns:eu-west-1:111122223333:plimsoll-prod_',
        fromStack('TopicArnPrefix'),
      ),
    key: () => values.PLIMSOLL_KEY,
    requestQueueUrl: () => required('PLIMSOLL_REQUEST_QUEUE_URL', REQUEST_QUEUE, fromStack('RequestQueueUrl')),
    relayQueue: () => values.PLIMSOLL_RELAY_QUEUE,
    eventsDays: () => values.PLIMSOLL_EVENTS_DAYS,
    prometheusUrl: () => values.PROMETHEUS_URL,
    ownRegion: () => values.AWS_REGION,
    hasGcpSession: () => values.PLIMSOLL_GCP_SESSION_ROLE !== undefined && values.AWS_REGION !== undefined,
    gcpSession: () => ({
      sessionRole: required(
        'PLIMSOLL_GCP_SESSION_ROLE',
        'the ARN of the role that Plimsoll was deployed with to sign in to Google Cloud',
        fromStack('GcpSessionRoleArn'),
      ),
      stsRegion: required('AWS_REGION', 'the AWS region in which that role is assumed', SET_REGION),
    }),
    withDefaults: (defaults) => readEnvironment({ ...defaults, ...variables }),
    named(variable) {
      const value = variables[variable];
      if (value === undefined || value === '')
        throw new MissingVariableError(variable, 'the value of the option that names it');
      return value;
    },
  };
}

/**
 * Sets these variables, and takes away all others that AWS clients follow, until it is disposed: whoever plays the cloud
 * must not reach a real one by a profile or an endpoint that the user has set.
 */
export function isolatedVariables(variables: Readonly<Record<string, string>>): Disposable {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, NO_SHARED_SETTINGS, variables);
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}

/** Files and services from which AWS clients would take what no variable sets. */
const NO_SHARED_SETTINGS = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
