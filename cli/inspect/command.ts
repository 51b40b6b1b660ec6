/** `plimsoll inspect` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { addHelpNote } from '../help.ts';
import { addInspectionOptions } from '../source/host-options.ts';
import type { InspectOptions } from './action.ts';

const EXIT_CODES =
  'Exit codes: 0 nothing grows like a leak, 3 something does, 4 something could not be read or no host could be evaluated ' +
  '(whatever else was found: scripts read --json, which lists the findings even so), 1 error.';

export function addInspect(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('inspect')
    .summary('evaluate every host once and show what grows like a leak')
    .description(
      'Evaluates every host once and shows what grows like a leak. It only reads: nothing is recorded and nothing is published.',
    )
    .option('--json', 'print one JSON object a line: hosts, then a summary per account and region')
    .option('--wide', 'show all columns of the tables, however wide the terminal is')
    .addOption(new Option('--only <what>', 'leave out all other hosts').choices(['leaking']))
    .action(async (options: InspectOptions) => {
      const { inspectHosts } = await import('./action.ts');
      finish(await inspectHosts(options, context));
    });
  addHelpNote(addInspectionOptions(command), EXIT_CODES, context);
}
