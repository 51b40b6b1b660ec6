/** What the commands' help texts share: examples, the environment, exit codes, and the first steps of whoever is new. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { wrap } from './render/text.ts';

/** Columns at which help is wrapped where stdout is not a terminal. */
const HELP_WIDTH = 100;

/** A command line, and what it is for. */
export type Example = readonly [line: string, purpose: string];

export function helpWidth({ terminal }: CommandContext): number {
  return terminal.width ?? HELP_WIDTH;
}

/** Adds a paragraph below a command's options. */
export function addHelpNote(command: Command, note: string, context: CommandContext): Command {
  return command.addHelpText('after', () => `\n${wrap(note, helpWidth(context))}`);
}

/** Adds examples below a command's options, each with its purpose in the line above it, as a shell takes them. */
export function addExamples(command: Command, examples: readonly Example[], context: CommandContext): Command {
  return command.addHelpText('after', () => `\nExamples:\n${exampleLines(examples, context)}`);
}

function exampleLines(examples: readonly Example[], context: CommandContext): string {
  return examples
    .map(([line, purpose]) => `  ${wrap(`# ${purpose}`, helpWidth(context), '  # ')}\n  ${line}`)
    .join('\n');
}

const AN_ACCOUNT = '--provider aws --account 111122223333 --region eu-west-1';

/** In the order in which they are taken: the first needs nothing, the next a shell that is signed in, the last a deployment. */
const FIRST_STEPS: readonly Example[] = [
  ['plimsoll demo', 'see what it does: a simulated fleet on this machine, no account needed'],
  ['plimsoll console', 'look at the same in a browser: incidents, curves, and who grew'],
  [`plimsoll doctor ${AN_ACCOUNT}`, 'find out whether your account can be read, and which hosts have no memory metric'],
  [`plimsoll inspect ${AN_ACCOUNT}`, 'see what grows like a leak now'],
  [`plimsoll explain HOST ${AN_ACCOUNT}`, 'see why a host was found, or was not'],
  [`plimsoll backtest ${AN_ACCOUNT} --days 7`, 'see of what you would have been notified in the last week'],
  [
    'plimsoll tenants template > acme.yml',
    'once the functions are deployed: write the config of a tenant; `tenants put acme.yml --stage prod` stores it',
  ],
];

/** Variables, and what they are for. */
const ENVIRONMENT: readonly Example[] = [
  ['AWS_PROFILE, AWS_REGION …', 'credentials and region in AWS, as the AWS CLI takes them'],
  [
    'GOOGLE_APPLICATION_CREDENTIALS',
    'credentials in Google Cloud, where `gcloud auth application-default login` has none',
  ],
  ['PLIMSOLL_CONFIGS_TABLE', 'the table of configs of the deployment: for `tenants` and --tenant'],
  ['PLIMSOLL_TABLE', 'the table of incidents and runs of the deployment'],
  ['PLIMSOLL_RESULTS_BUCKET', 'the bucket of results of the deployment: for `results`'],
  ['PLIMSOLL_TOPIC_ARN_PREFIX', 'what the ARNs of its topics begin with: for `tenants put`'],
  ['PLIMSOLL_RELAY_QUEUE', 'the queue of the relay, which tenants’ topics feed: `tenants put` subscribes it'],
  ['PLIMSOLL_EVENTS_DAYS', 'days that its log of incidents is kept: for `incidents ack`, `mute` and `label`'],
  ['PLIMSOLL_KEY', 'the key of the deployment: `tenants put` encrypts topics with it'],
  ['PLIMSOLL_REQUEST_QUEUE_URL', 'the queue that takes requests for inspections: for `invoke`'],
  ['PLIMSOLL_GCP_SESSION_ROLE', 'its role that signs in to Google Cloud: for --tenant'],
  ['NO_COLOR, FORCE_COLOR', 'without colours, or with them'],
];

/** Below the list of commands: where to begin, and what is read from the environment. */
export function addOverview(program: Command, context: CommandContext): Command {
  const nameWidth = Math.max(...ENVIRONMENT.map(([name]) => name.length));
  const indent = ' '.repeat(nameWidth + 4);
  return program.addHelpText('after', () => {
    const variables = ENVIRONMENT.map(
      ([name, purpose]) => `  ${name.padEnd(nameWidth)}  ${wrap(purpose, helpWidth(context), indent)}`,
    );
    const note =
      'With --stage NAME the variables of Plimsoll need not be set: they are read from the deployed stack. In Azure: `az login`.';
    return [
      `\nFirst steps:\n${exampleLines(FIRST_STEPS, context)}`,
      `\nEnvironment:\n${variables.join('\n')}\n  ${wrap(note, helpWidth(context), '  ')}`,
      '\n`plimsoll COMMAND --help` has the options of a command, with examples.',
    ].join('\n');
  });
}
