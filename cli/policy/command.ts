/** `plimsoll policy …` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parsePositive, parseTenantId } from '../option-values.ts';
import type { PolicyTestOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll policy test --tenant acme --days 7 --stage prod', 'what each stage held back, and would hold back now'],
  ['plimsoll policy test --tenant acme --file acme.yml --stage prod', 'the same for a config that is not stored yet'],
];

const NOTE =
  'Mutes and labels are those that there are now. What people acknowledged is not known, and reminders are left out.';

export function addPolicy(program: Command, context: CommandContext, finish: Finish): void {
  const policy = program
    .command('policy')
    .summary('try an alert policy on the past of a tenant')
    .description('Tries an alert policy on the past of a tenant.');
  const test = policy
    .command('test')
    .description(
      'Decides the changes of the tenant’s log again, and shows what each stage held back and would hold back, and the pages of each day. Nothing is sent or stored.',
    )
    .requiredOption('--tenant <id>', 'id of the tenant', parseTenantId)
    .option('--days <n>', 'days of the log', parsePositive, 7)
    .option('--file <file>', 'a config to try instead of the stored one; - is standard input')
    .option('--json', 'print one JSON object')
    .action(async (options: PolicyTestOptions & DeploymentOptions) => {
      const { testPolicy } = await import('./action.ts');
      finish(await testPolicy(options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(test), EXAMPLES, context), NOTE, context);
}
