/** `plimsoll discover` on the command line: what it takes. */
import { type Command, InvalidArgumentError } from 'commander';
import { awsRoleSchema } from '../../core/model/aws-account.ts';
import { azureSubscriptionSchema } from '../../core/model/azure-account.ts';
import { parseInput } from '../../core/model/issues.ts';
import type { CloudProvider } from '../../core/model/series.ts';
import { DEFAULT_ROLE } from '../../core/tenants/new-account.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseRepeated, parseTenantId } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';
import type { DiscoverOptions } from './action.ts';

const EXIT_CODES =
  'It stores nothing. Exit codes: 0 nothing to propose, 3 changes are proposed, 4 a part could not be listed, 1 error.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll discover aws --tenant acme --stage prod', 'the accounts of an organization that the tenant does not have'],
  [
    "plimsoll discover aws --ou ou-ab12-11111111 --tenant acme --stage prod --exclude '*sandbox*' --output acme.yml",
    'of one unit, with the proposed config in a file',
  ],
  ['plimsoll discover gcp --folder 123456789012 --file acme.yml --region europe-west1', 'the projects below a folder'],
  ['plimsoll discover azure --management-group acme --tenant acme --stage prod', 'the subscriptions below a group'],
];

interface Roots {
  readonly ou?: readonly string[];
  readonly folder?: readonly string[];
  readonly organization?: readonly string[];
  readonly managementGroup?: readonly string[];
}

export function addDiscover(program: Command, context: CommandContext, finish: Finish): void {
  const discover = program
    .command('discover')
    .summary('propose the accounts of an organization that a tenant’s config does not have')
    .description(
      'Lists the accounts of an AWS organization, the projects below a Google Cloud folder, or the subscriptions below an Azure management group, with your own credentials, and proposes what is missing in a tenant’s config as a patch.',
    );
  const add = (provider: CloudProvider, description: string, options: (command: Command) => Command) => {
    const command = options(discover.command(provider).description(description));
    addCommonOptions(command).action(async (given: DiscoverOptions & Roots) => {
      const [{ discoverAccounts }, { openDirectory }] = await Promise.all([
        import('./action.ts'),
        import('../../adapters/open-directory.ts'),
      ]);
      const directory = openDirectory({ provider, roots: rootsOf(provider, given) });
      finish(await discoverAccounts(directory, given, await withDeployment(given, context)));
    });
    addHelpNote(command, EXIT_CODES, context);
  };
  add('aws', 'The accounts of an AWS organization, or of parts of it.', (command) =>
    command
      .option('--ou <id>', 'only below this organizational unit; may be repeated', parseRepeated)
      .option(
        '--role <pattern>',
        `of new accounts (default: as the others have it, else ${DEFAULT_ROLE})`,
        parseRolePattern,
      ),
  );
  add('gcp', 'The projects below folders or organizations of Google Cloud, at any depth.', (command) =>
    command
      .option('--folder <number>', 'below this folder; may be repeated', parseNumber)
      .option('--organization <number>', 'below this organization; may be repeated', parseNumber),
  );
  add('azure', 'The subscriptions below management groups of Azure, at any depth.', (command) =>
    command
      .option('--management-group <id>', 'below this group; may be repeated', parseRepeated)
      .option('--client <id>', 'application that reads new subscriptions (default: that of the others)', parseClient),
  );
  addExamples(discover, EXAMPLES, context);
}

function addCommonOptions(command: Command): Command {
  const common = command
    .option('--tenant <id>', 'compare with its stored config', parseTenantId)
    .option('--file <file>', 'compare with the config in this file; with --tenant it need not exist yet');
  return addDeploymentOptions(common, 'with --tenant: ')
    .option('--region <name>', 'of new accounts; may be repeated (default: those of most others)', parseRepeated)
    .option(
      '--exclude <glob>',
      'leave out accounts with such an id or name, with * and ?; may be repeated',
      parseRepeated,
    )
    .option('--disable-gone', 'propose to disable accounts of the config that are not listed')
    .option('--output <file>', 'write the complete proposed config')
    .option('--json', 'print one JSON object a line; the last one has the proposed config');
}

/** Throws `UsageError` where a cloud has no organization that could be meant without being named. */
function rootsOf(provider: CloudProvider, { ou, folder, organization, managementGroup }: Roots): readonly string[] {
  if (provider === 'aws') return ou ?? [];
  const roots =
    provider === 'azure'
      ? (managementGroup ?? [])
      : [...(organization ?? []).map((id) => `organizations/${id}`), ...(folder ?? []).map((id) => `folders/${id}`)];
  if (roots.length > 0) return roots;
  throw new UsageError(
    provider === 'azure'
      ? 'Name the management group: --management-group ID. `az account management-group list` prints them.'
      : 'Name what to list: --folder NUMBER or --organization NUMBER. `gcloud organizations list` prints yours.',
  );
}

function parseNumber(text: string, before: readonly string[] = []): string[] {
  if (/^\d{1,20}$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('Give its number, for example 123456789012.');
}

function parseRolePattern(text: string): string {
  const example = text.replaceAll('{account}', '111122223333').replaceAll('{partition}', 'aws');
  if (text.includes('{account}') && parseInput(awsRoleSchema, example).success) return text;
  throw new InvalidArgumentError(
    'Give the ARN of a role whose name begins with plimsoll-, with {account} for the account, for example arn:aws:iam::{account}:role/plimsoll-reader.',
  );
}

function parseClient(text: string): string {
  const id = text.toLowerCase();
  if (parseInput(azureSubscriptionSchema, id).success) return id;
  throw new InvalidArgumentError('Give the application (client) id: a UUID.');
}
