/** `plimsoll status` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseTenantId } from '../option-values.ts';
import type { StatusCommandOptions } from './action.ts';

const EXIT_CODES =
  'Exit codes: 0 every enabled account is inspected, 4 one is overdue (its last two inspections did not happen) or failing (partial ' +
  'twice in a row), 1 error.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll status --stage prod', 'all tenants of the deployment; of many regions those that fail'],
  ['plimsoll status acme --stage prod --all', 'every account and region of a tenant'],
  ['plimsoll status --stage prod --overdue --json', 'for a script: who was not inspected since when, and why'],
];

export function addStatus(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('status')
    .argument('[tenant]', 'id of a tenant (default: all)', parseTenantId)
    .summary('see which accounts of a deployment are inspected, and since when others are not')
    .description(
      'Shows each account and region of a deployment: its last inspection on schedule and how that ended, hosts inspected of those known, the cost of reads a month, the next inspection, and since when it fails. It only reads.',
    )
    .option('--account <id>', 'only this account')
    .option('--overdue', 'only what is overdue or failing')
    .option('--all', 'every region, however many there are')
    .option('--json', 'print one JSON object a line: each region, then the totals')
    .action(async (tenant: string | undefined, options: StatusCommandOptions & DeploymentOptions) => {
      const { printStatus } = await import('./action.ts');
      finish(await printStatus(tenant, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(command), EXAMPLES, context), EXIT_CODES, context);
}
