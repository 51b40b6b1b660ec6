/** `plimsoll demo` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, type Example } from '../help.ts';
import { parseCount, parseTime } from '../option-values.ts';
import type { DemoOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll demo', 'the fleet that the documentation speaks of'],
  ['plimsoll demo --seed 7', 'another fleet of the same kind'],
];

export function addDemo(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('demo')
    .summary('inspect a simulated fleet from end to end, on this machine alone')
    .description(
      'Starts stand-ins of the clouds on this machine, inspects a simulated fleet twice with the functions that would run in the cloud, and compares what was found with what is expected of each host. Exit code 0: exactly that.',
    )
    .option('--at <time>', 'the time of the first inspection (default: a fixed one)', parseTime)
    .option('--seed <number>', 'another fleet of the same kind', parseCount)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./action.ts');
      finish(await runDemo(options, context));
    });
  addExamples(command, EXAMPLES, context);
}
