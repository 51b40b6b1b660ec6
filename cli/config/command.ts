/** `plimsoll config …` on the command line: its commands, and what they take. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseCount, parseTenantId } from '../option-values.ts';
import type { GetDefaultsOptions, PutDefaultsOptions } from './defaults.ts';
import type { EffectiveOptions } from './effective.ts';

const EXAMPLES: readonly Example[] = [
  [
    'plimsoll config effective i-0abc --tenant acme --group web-blue --stage prod',
    'a host’s values, and where they come from',
  ],
  ['plimsoll config defaults get --stage prod', 'what applies to all tenants'],
  ['plimsoll config defaults put defaults.yml --stage prod', 'change it; --dry-run shows what would change'],
];

const PRECEDENCE =
  'Each value comes from the last of these that sets it: the program, the defaults of the deployment, the tenant, the account, ' +
  'rules of groups, rules of hosts. What is stored goes before a file.';

export function addConfig(program: Command, context: CommandContext, finish: Finish): void {
  const config = program
    .command('config')
    .summary('show which values a host is inspected with, and the defaults of all tenants')
    .description('Shows which values a host is inspected with, and shows and puts the defaults of all tenants.');
  addHelpNote(config, PRECEDENCE, context);
  addEffective(config, context, finish);
  addDefaults(config, context, finish);
  addExamples(config, EXAMPLES, context);
}

function addEffective(config: Command, context: CommandContext, finish: Finish): void {
  const effective = config
    .command('effective')
    .argument('<host>', 'id of the host')
    .description(
      'Prints every value that a host is inspected with, and where it comes from. The host is not read: rules are compared with its id and with what --name, --group and --label state.',
    )
    .requiredOption('--tenant <id>', 'id of the tenant', parseTenantId)
    .option('--account <id>', 'the account of the host, where the tenant has several')
    .addOption(new Option('--provider <name>', 'the cloud of the account').choices(ACCOUNT_PROVIDERS))
    .option('--region <name>', 'the region of the host')
    .option('--name <name>', 'the name of the host')
    .option('--group <name>', 'the group of the host')
    .option('--label <key=value>', 'a label of the host; may be repeated', parseLabel)
    .option('--json', 'print one JSON object')
    .action(async (host: string, options: EffectiveOptions & DeploymentOptions) => {
      const { showEffective } = await import('./effective.ts');
      finish(await showEffective(host, options, await withDeployment(options, context)));
    });
  addDeploymentOptions(effective);
  addExamples(effective, EXAMPLES.slice(0, 1), context);
}

function addDefaults(config: Command, context: CommandContext, finish: Finish): void {
  const defaults = config
    .command('defaults')
    .summary('show and put the defaults of all tenants')
    .description('Shows and puts what applies to all tenants of the deployment where they set nothing else.');
  const get = defaults
    .command('get')
    .description('Prints the defaults.')
    .option('--version <number>', 'an earlier version', parseCount)
    .addOption(new Option('--format <format>').choices(['yaml', 'json']).default('yaml'))
    .action(async (options: GetDefaultsOptions & DeploymentOptions) => {
      const { getDefaults } = await import('./defaults.ts');
      finish(await getDefaults(options, await withDeployment(options, context)));
    });
  const put = defaults
    .command('put')
    .argument('<file>', 'YAML or JSON, with `version: 1` and a `policy`; - is standard input')
    .description('Stores the newest version of the defaults. Inspections that begin from then on follow it.')
    .option('--expect-version <number>', 'store only if this is the newest version now; 0: there is none', parseCount)
    .option('--dry-run', 'show what would change, and store nothing')
    .action(async (file: string, options: PutDefaultsOptions & DeploymentOptions) => {
      const { putDefaults } = await import('./defaults.ts');
      finish(await putDefaults(file, options, await withDeployment(options, context)));
    });
  for (const command of [get, put]) addDeploymentOptions(command);
}

function parseLabel(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give KEY=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
