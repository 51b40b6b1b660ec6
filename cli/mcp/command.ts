/** `plimsoll mcp` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseRepeated, parseTenantId } from '../option-values.ts';
import type { McpOptions } from './action.ts';
import type { BacktestTraces } from './backtest-traces.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll mcp --stage prod', 'the incidents and hosts of a deployment, with your own credentials'],
  ['plimsoll mcp --stage prod --tenant acme', 'of one tenant alone'],
  ['plimsoll mcp --demo --traces memory.csv', 'a simulated fleet, and a recorded series to backtest'],
];

const NOTE =
  'An assistant starts this command by itself: docs/mcp.md has what to write into its settings. It changes nothing. It speaks the Model Context Protocol on stdin and stdout; remarks are on stderr.';

export interface McpContext extends CommandContext {
  readonly backtestTraces: BacktestTraces;
}

export function addMcp(program: Command, context: McpContext, finish: Finish): void {
  const command = program
    .command('mcp')
    .summary('let an assistant answer from findings, incidents and hosts (Model Context Protocol, read-only)')
    .description('Serves tools to an assistant that runs on this machine, by the Model Context Protocol over stdio.')
    .option('--demo', 'of a simulated fleet, on this machine alone')
    .option('--tenant <id>', 'only of this tenant (default: all)', parseTenantId)
    .option('--traces <file>', 'a trace file that the tool backtest may read; repeat it for more', parseRepeated);
  addDeploymentOptions(command).action(async (options: McpOptions) => {
    const { runMcp } = await import('./action.ts');
    finish(await runMcp(options, context));
  });
  addHelpNote(command, NOTE, context);
  addExamples(command, EXAMPLES, context);
}
