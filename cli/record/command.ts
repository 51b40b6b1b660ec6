/** `plimsoll record` on the command line: the probe has a parser of its own, which needs no package on a host. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';

export function addRecord(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('record')
    .summary('sample the memory of this host and of chosen processes, and send it')
    .usage('[options] [-- COMMAND …]')
    .argument('[arguments...]')
    // Everything is the probe's, --help as well.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: readonly string[]) => {
      const { runProbe } = await import('./action.ts');
      finish(await runProbe(args, context));
    })
    .addHelpText('after', '\n`plimsoll record --help` lists its options.');
}
