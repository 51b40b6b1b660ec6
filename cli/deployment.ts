/** `--stage` and `--stack`: the addresses of a deployment, read from its stack, so that nobody has to export them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './context.ts';
import { UsageError } from './usage-error.ts';

export interface DeploymentOptions {
  readonly stage?: string;
  readonly stack?: string;
}

/** The variable that each output of infra/outputs.yml stands for. */
const OUTPUTS: Readonly<Record<string, string>> = {
  TableName: 'PLIMSOLL_TABLE',
  ConfigsTableName: 'PLIMSOLL_CONFIGS_TABLE',
  ResultsBucketName: 'PLIMSOLL_RESULTS_BUCKET',
  TopicArnPrefix: 'PLIMSOLL_TOPIC_ARN_PREFIX',
  KeyArn: 'PLIMSOLL_KEY',
  RelayQueueArn: 'PLIMSOLL_RELAY_QUEUE',
  EventsDays: 'PLIMSOLL_EVENTS_DAYS',
  RequestQueueUrl: 'PLIMSOLL_REQUEST_QUEUE_URL',
  GcpSessionRoleArn: 'PLIMSOLL_GCP_SESSION_ROLE',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** @param when What the options belong to, for example `with --tenant: `. */
export function addDeploymentOptions(command: Command, when = ''): Command {
  return command
    .addOption(
      new Option(
        '--stage <name>',
        `${when}read the addresses of the deployment from the stack plimsoll-<name>; variables that are set go before it`,
      )
        .argParser(parseName)
        .conflicts('stack'),
    )
    .addOption(new Option('--stack <name>', `${when}the same, of a stack with another name`).argParser(parseName));
}

/** How a command that is shown finds the same deployment, for example ` --stage prod`; empty where variables name it. */
export function deploymentArguments({ stage, stack }: DeploymentOptions): string {
  if (stack !== undefined) return ` --stack ${stack}`;
  return stage === undefined ? '' : ` --stage ${stage}`;
}

function parseName(text: string): string {
  if (STACK_NAME.test(text)) return text;
  throw new InvalidArgumentError('Give up to 128 of A-Z, a-z, 0-9 and -, the first of A-Z or a-z.');
}

/** The context with the addresses of the deployment that the options name. Variables that are set win. */
export async function withDeployment<Context extends CommandContext>(
  options: DeploymentOptions,
  context: Context,
): Promise<Context> {
  const stack = options.stack ?? (options.stage === undefined ? undefined : `plimsoll-${options.stage}`);
  if (stack === undefined) return context;
  const { signal, environment } = context;
  return { ...context, environment: environment.withDefaults(await addressesOf(stack, signal)) };
}

/** As `withDeployment`, for commands that read a deployment for `--tenant` only. */
export async function withTenantDeployment<Context extends CommandContext>(
  options: DeploymentOptions & { readonly tenant?: string },
  context: Context,
): Promise<Context> {
  const { stage, stack, tenant } = options;
  if ((stage !== undefined || stack !== undefined) && tenant === undefined)
    throw new UsageError(`${stage === undefined ? '--stack' : '--stage'} belongs to --tenant.`);
  return withDeployment(options, context);
}

/** Loads the client when it is needed: no other way to name a deployment needs it. */
async function addressesOf(stack: string, signal: AbortSignal): Promise<Record<string, string>> {
  const [{ CloudFormationClient }, { BOUNDED_WAIT }, { stackOutputs }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('../adapters/aws/client.ts'),
    import('../adapters/cloudformation/stack-outputs.ts'),
  ]);
  const client = new CloudFormationClient(BOUNDED_WAIT);
  try {
    const outputs = await stackOutputs(client, stack, signal);
    const addresses = Object.entries(OUTPUTS).flatMap(([output, variable]) => {
      const value = outputs.get(output);
      return value === undefined ? [] : [[variable, value] as const];
    });
    // Where a profile names the region, it is the deployment's too.
    return { AWS_REGION: await client.config.region(), ...Object.fromEntries(addresses) };
  } finally {
    client.destroy();
  }
}
