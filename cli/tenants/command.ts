/** `plimsoll tenants …` on the command line: its commands, and what they take. */
import { type Command, Option } from 'commander';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseCount, parseRepeated, parseTenantId } from '../option-values.ts';
import type { GetOptions, ListOptions, TemplateOptions } from './actions.ts';
import type { DeleteOptions } from './delete.ts';
import type { EnableOptions } from './enable.ts';
import type { ExportOptions } from './export.ts';
import type { DiffOptions, HistoryOptions } from './history.ts';
import type { ImportOptions } from './import.ts';
import type { PutOptions } from './put.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll tenants external-id acme --stage prod', 'first: what the accounts of a new tenant have to trust'],
  ['plimsoll tenants template --provider aws > acme.yml', 'a config to start from'],
  ['plimsoll tenants validate acme.yml', 'what is wrong with it, without credentials'],
  ['plimsoll tenants put acme.yml --stage prod', 'store it, and make the topic'],
  ['plimsoll tenants put acme.yml --stage prod --dry-run', 'show what would change'],
  ['plimsoll tenants history acme --stage prod', 'who changed what, and when'],
  ['plimsoll tenants list --stage prod', 'all tenants of the deployment'],
];

/** Of single commands. */
const EXAMPLES_OF = {
  put: [
    ['plimsoll tenants put acme.yml --stage prod --dry-run', 'what would change, in the config and in its schedules'],
    [
      'plimsoll tenants put acme.yml --stage prod --expect-version 3',
      'store it, unless somebody has put a version after 3',
    ],
  ],
  delete: [
    ['plimsoll tenants delete acme --stage prod', 'what would go, and when'],
    ['plimsoll tenants delete acme --stage prod --confirm acme', 'delete it; once more a quarter of an hour later'],
  ],
  import: [
    ['plimsoll tenants import accounts.csv --tenant acme --stage prod', 'what the table adds to the stored config'],
    [
      'plimsoll tenants import accounts.csv --file acme.yml --tenant acme --output acme.yml',
      'begin a config in a new file, without a deployment',
    ],
  ],
  history: [['plimsoll tenants history acme --stage prod', 'who changed what, and when']],
  diff: [['plimsoll tenants diff acme --stage prod --from 2 --to 4', 'what changed between two versions']],
  export: [['plimsoll tenants export acme --stage prod --output acme.yml', 'write the newest version to a file']],
} satisfies Readonly<Record<string, readonly Example[]>>;

/** Of the commands that need a deployment. Most read the table of configs alone. */
const ADDRESSES: Readonly<Record<string, string>> = {
  put: 'PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TOPIC_ARN_PREFIX',
  delete:
    'PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_TOPIC_ARN_PREFIX, PLIMSOLL_TABLE and, with --purge-results, PLIMSOLL_RESULTS_BUCKET',
  migrate: 'PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TABLE',
};

function addressNote(command: string): string {
  const addresses = ADDRESSES[command];
  return (
    (addresses === undefined ? 'Its address is PLIMSOLL_CONFIGS_TABLE' : `Its addresses are ${addresses}`) +
    ', or read from the stack that --stage or --stack names; AWS_REGION is the region that it was deployed to.'
  );
}

export function addTenants(program: Command, context: CommandContext, finish: Finish): void {
  const tenants = program
    .command('tenants')
    .summary('put, show and check tenants’ configs')
    .description('Puts, shows and checks tenants’ configs.');
  const deployed = [...addChanging(tenants, context, finish), ...addReading(tenants, context, finish)];
  for (const command of deployed) {
    if (command.name() !== 'import') addHelpNote(command, 'Exit codes: 0 done, 1 error.', context);
    addHelpNote(addDeploymentOptions(command), addressNote(command.name()), context);
  }
  addExamples(tenants, EXAMPLES, context);
  addOfflineTenants(tenants, context, finish);
}

/** The commands that change what is stored. */
function addChanging(tenants: Command, context: CommandContext, finish: Finish): Command[] {
  const externalId = tenants
    .command('external-id')
    .argument('<tenant>', 'id of the tenant, stored or not', parseTenantId)
    .description(
      'Prints what the tenant’s accounts have to trust; of a new tenant it is made, and kept for its config.',
    )
    .action(async (tenant: string, options: DeploymentOptions) => {
      const { printExternalId } = await import('./actions.ts');
      finish(await printExternalId(tenant, await withDeployment(options, context)));
    });
  const put = tenants
    .command('put')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .description('Stores a config as the tenant’s newest version, and makes its topic.')
    .option('--expect-version <number>', 'store only if this is the newest version now; 0: there is none', parseCount)
    .option('--dry-run', 'show what would change, and store nothing')
    .option('--stop-deletion', 'store it though the deletion of the tenant has begun; what is deleted stays deleted')
    .action(async (file: string, options: PutOptions) => {
      const { putTenantFile } = await import('./put.ts');
      finish(await putTenantFile(file, options, await withDeployment(options, context)));
    });
  const remove = tenants
    .command('delete')
    .argument('<tenant>', 'id of the tenant', parseTenantId)
    .description('Deletes a tenant with all that is kept of it. Without --confirm it only shows what would go.')
    .option('--confirm <tenant>', 'its id once more')
    .option('--purge-results', 'its results too, at once; of a tenant that was deleted they alone are left')
    .action(async (tenant: string, options: DeleteOptions) => {
      const { deleteTenantCommand } = await import('./delete.ts');
      finish(await deleteTenantCommand(tenant, options, await withDeployment(options, context)));
    });
  const migrate = tenants
    .command('migrate')
    .description(
      'Copies the configs of version 0.1.0 from the table of incidents (PLIMSOLL_TABLE) into their own table.',
    )
    .action(async (options: DeploymentOptions) => {
      const { migrateTenants } = await import('./actions.ts');
      finish(await migrateTenants(await withDeployment(options, context)));
    });
  addExamples(put, EXAMPLES_OF.put, context);
  addExamples(remove, EXAMPLES_OF.delete, context);
  return [
    externalId,
    put,
    addSwitch(tenants, 'enable', context, finish),
    addSwitch(tenants, 'disable', context, finish),
    remove,
    migrate,
  ];
}

function addSwitch(tenants: Command, name: 'enable' | 'disable', context: CommandContext, finish: Finish): Command {
  const what = name === 'enable' ? 'Has schedules inspect' : 'Keeps schedules from inspecting';
  return tenants
    .command(name)
    .argument('<tenant>', 'id of the tenant', parseTenantId)
    .description(`${what} a tenant, or one account of it: a new version of its config.`)
    .option('--account <id>', 'this account alone')
    .addOption(new Option('--provider <name>', 'the cloud of the account').choices(ACCOUNT_PROVIDERS))
    .action(async (tenant: string, options: EnableOptions & DeploymentOptions) => {
      const { enableTenant } = await import('./enable.ts');
      finish(await enableTenant(tenant, name === 'enable', options, await withDeployment(options, context)));
    });
}

/** The commands that read what is stored. */
function addReading(tenants: Command, context: CommandContext, finish: Finish): Command[] {
  const get = tenants
    .command('get')
    .argument('<id>', 'id of the tenant', parseTenantId)
    .description('Prints a config.')
    .option('--version <number>', 'an earlier version', parseCount)
    .addOption(new Option('--format <format>').choices(['yaml', 'json']).default('yaml'))
    .action(async (id: string, options: GetOptions & DeploymentOptions) => {
      const { getTenant } = await import('./actions.ts');
      finish(await getTenant(id, options, await withDeployment(options, context)));
    });
  const list = tenants
    .command('list')
    .description('Lists all tenants.')
    .option('--json', 'print one JSON object a line')
    .action(async (options: ListOptions & DeploymentOptions) => {
      const { listTenants } = await import('./actions.ts');
      finish(await listTenants(options, await withDeployment(options, context)));
    });
  return [get, list, addImport(tenants, context, finish), ...addHistory(tenants, context, finish)];
}

/** It reads what is stored, and proposes a change of it. */
function addImport(tenants: Command, context: CommandContext, finish: Finish): Command {
  const command = tenants
    .command('import')
    .argument('<file>', 'CSV with a header: account, provider, name, regions, role …')
    .description('Proposes the accounts of a CSV file as a patch of a config, and stores nothing.')
    .option('--tenant <id>', 'compare with its stored config', parseTenantId)
    .option('--file <file>', 'compare with the config in this file; with --tenant it need not exist yet')
    .addOption(new Option('--provider <name>', 'of rows that name none').choices(ACCOUNT_PROVIDERS))
    .option('--region <name>', 'of new accounts without regions; may be repeated', parseRepeated)
    .option('--output <file>', 'write the complete proposed config')
    .action(async (file: string, options: ImportOptions) => {
      const { importAccountTable } = await import('./import.ts');
      finish(await importAccountTable(file, options, await withDeployment(options, context)));
    });
  addExamples(command, EXAMPLES_OF.import, context);
  return addHelpNote(command, 'Exit codes: 0 nothing to propose, 3 changes are proposed, 1 error.', context);
}

/** The commands that show versions, or write one to a file. */
function addHistory(tenants: Command, context: CommandContext, finish: Finish): Command[] {
  const history = tenants
    .command('history')
    .argument('<tenant>', 'id of the tenant', parseTenantId)
    .description('Lists the versions of a config: when each was put, by whom, and what it changed.')
    .option('--json', 'print one JSON object a line')
    .action(async (tenant: string, options: HistoryOptions & DeploymentOptions) => {
      const { tenantHistory } = await import('./history.ts');
      finish(await tenantHistory(tenant, options, await withDeployment(options, context)));
    });
  const diff = tenants
    .command('diff')
    .argument('<tenant>', 'id of the tenant', parseTenantId)
    .description('Shows what differs between two versions of a config; without options, what the newest changed.')
    .option('--from <version>', 'the earlier one (default: the one before)', parseCount)
    .option('--to <version>', 'the later one (default: the newest)', parseCount)
    .action(async (tenant: string, options: DiffOptions & DeploymentOptions) => {
      const { diffTenant } = await import('./history.ts');
      finish(await diffTenant(tenant, options, await withDeployment(options, context)));
    });
  const exported = tenants
    .command('export')
    .argument('<tenant>', 'id of the tenant', parseTenantId)
    .description('Writes a config to <name>.json, named after the tenant, as `tenants put` takes it.')
    .option('--output <file>', 'another file, which is overwritten; - is standard output')
    .addOption(new Option('--format <format>', 'default: by the file’s name, else json').choices(['yaml', 'json']))
    .action(async (tenant: string, options: ExportOptions & DeploymentOptions) => {
      const { exportTenant } = await import('./export.ts');
      finish(await exportTenant(tenant, options, await withDeployment(options, context)));
    });
  addExamples(history, EXAMPLES_OF.history, context);
  addExamples(diff, EXAMPLES_OF.diff, context);
  addExamples(exported, EXAMPLES_OF.export, context);
  return [history, diff, exported];
}

/** The commands that need neither credentials nor a network. */
function addOfflineTenants(tenants: Command, context: CommandContext, finish: Finish): void {
  tenants
    .command('validate')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .description('Checks a config and names everything that is wrong with it. Needs no credentials and no network.')
    .action(async (file: string) => {
      const { validateTenantFile } = await import('./actions.ts');
      finish(await validateTenantFile(file, context));
    });
  tenants
    .command('schema')
    .description('Prints the JSON Schema of a config.')
    .action(async () => {
      const { printTenantSchema } = await import('./actions.ts');
      finish(printTenantSchema(context));
    });
  tenants
    .command('template')
    .description('Prints a config to start from.')
    .addOption(
      new Option('--provider <names...>', 'with accounts of these providers (default: all)').choices(ACCOUNT_PROVIDERS),
    )
    .action(async (options: TemplateOptions) => {
      const { printTenantTemplate } = await import('./actions.ts');
      finish(printTenantTemplate(options, context));
    });
}
