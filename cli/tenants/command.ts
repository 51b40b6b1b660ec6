/** `plimsoll tenants …` on the command line: its commands, and what they take. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { parseCount, parseTenantId } from '../option-values.ts';
import type { GetOptions, ListOptions, PutOptions, TemplateOptions } from './actions.ts';

export function addTenants(program: Command, context: CommandContext, finish: Finish): void {
  const tenants = program
    .command('tenants')
    .summary('put, show and check tenants’ configs')
    .description('Puts, shows and checks tenants’ configs.');
  tenants
    .command('external-id')
    .argument('<tenant>', 'id of the tenant, stored or not', parseTenantId)
    .description(
      'Prints what the tenant’s accounts have to trust; of a new tenant it is made, and kept for its config.',
    )
    .action(async (tenant: string) => {
      const { printExternalId } = await import('./actions.ts');
      finish(await printExternalId(tenant, context));
    });
  tenants
    .command('put')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .description('Stores a config as the tenant’s newest version, and makes its topic.')
    .option('--expect-version <number>', 'store only if this is the newest version now; 0: there is none', parseCount)
    .action(async (file: string, options: PutOptions) => {
      const { putTenantFile } = await import('./actions.ts');
      finish(await putTenantFile(file, options, context));
    });
  tenants
    .command('get')
    .argument('<id>')
    .description('Prints a config.')
    .option('--version <number>', 'an earlier version', parseCount)
    .addOption(new Option('--format <format>').choices(['yaml', 'json']).default('yaml'))
    .action(async (id: string, options: GetOptions) => {
      const { getTenant } = await import('./actions.ts');
      finish(await getTenant(id, options, context));
    });
  tenants
    .command('list')
    .description('Lists all tenants.')
    .option('--json', 'print one JSON object a line')
    .action(async (options: ListOptions) => {
      const { listTenants } = await import('./actions.ts');
      finish(await listTenants(options, context));
    });
  addOfflineTenants(tenants, context, finish);
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
      new Option('--provider <names...>', 'with accounts of these clouds (default: all)').choices([
        'aws',
        'gcp',
        'azure',
      ]),
    )
    .action(async (options: TemplateOptions) => {
      const { printTenantTemplate } = await import('./actions.ts');
      finish(printTenantTemplate(options, context));
    });
}
