/** `plimsoll explain HOST` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { addHelpNote } from '../help.ts';
import { addInspectionOptions } from '../source/host-options.ts';
import type { ExplainOptions } from './action.ts';

const NOTES =
  'Give HOST before --traces. ' +
  'Exit codes: 0 explained, whatever the verdict; 4 the host, or an account that may hold it, could not be read; 1 error.';

export function addExplain(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('explain')
    .argument('<host>', 'id or name of the host')
    .summary('show why a host got its verdict')
    .description(
      'Shows why a host got its verdict: evidence, every check with value and limit, and the curve. It only reads.',
    )
    .option('--json', 'print the host as `inspect --json` does')
    .action(async (host: string, options: ExplainOptions) => {
      const { explainHost } = await import('./action.ts');
      finish(await explainHost(host, options, context));
    });
  addHelpNote(addInspectionOptions(command), NOTES, context);
}
