/** `plimsoll invoke` on the command line: what it takes. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { requestIdSchema } from '../../core/model/message.ts';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseLookback, parseTime } from '../option-values.ts';
import type { InvokeOptions } from './action.ts';

const NOTE =
  'Exit codes: 0 it was requested, or with --wait nothing grows like a leak; with --wait 3 something does, 4 something could ' +
  'not be read or no host could be evaluated; 1 error, or the request was refused. Interrupting it does not end the inspection.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll invoke acme --stage prod --wait', 'inspect all accounts of a tenant now, and show what was found'],
  [
    "plimsoll invoke acme/111122223333 --regions eu-west-1 --hosts 'i-0a*' --stage prod --wait",
    'some hosts of one account',
  ],
  [
    'plimsoll invoke acme --from 2026-11-13 --to 2026-11-20 --stage prod --wait',
    'of what the tenant would have been notified in a past week',
  ],
];

export function addInvoke(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('invoke')
    .summary('let the deployed functions inspect a tenant now')
    .description(
      'Requests an inspection of the deployed functions. Leaks that they find are recorded and published as those of a schedule are; a replay (--from, --to) records and publishes nothing.',
    )
    .argument('<tenant[/account]>', 'whose hosts; without an account all of the tenant’s')
    .addOption(new Option('--provider <name>', 'accounts of this cloud alone').choices(ACCOUNT_PROVIDERS))
    .option('--regions <names...>', 'these regions alone')
    .option('--hosts <ids...>', 'these hosts alone, by their ids, with * and ?')
    .option('--group <name>', 'hosts of this group alone, with * and ?')
    .option('--lookback <hours>', 'hours of history instead of those of the policy', parseLookback)
    .option('--from <time>', 'replay the inspections of a past window, from this time …', parseTime)
    .option('--to <time>', '… to this one', parseTime)
    .option('--id <id>', 'the request’s own: who sends the same one again gets the answer of the first', parseId)
    .option('--wait', 'wait for the results and show them')
    .option('--json', 'print the result as JSON')
    .option('--wide', 'show all columns of the tables, however wide the terminal is')
    .action(async (target: string, options: InvokeOptions & DeploymentOptions) => {
      const { invokeInspection } = await import('./action.ts');
      finish(await invokeInspection(target, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(command), EXAMPLES, context), NOTE, context);
}

function parseId(text: string): string {
  if (requestIdSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('Give up to 100 of A-Z, a-z, 0-9 and . _ : -, the first of A-Z, a-z or 0-9.');
}
