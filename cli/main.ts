#!/usr/bin/env node
/** The command line: its commands, and the process around them. Each command's folder holds what it takes and does. */
import { Command, Help } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAccess } from './access/command.ts';
import { addAnomalies } from './anomalies/command.ts';
import { addBacktest } from './backtest/command.ts';
import { addConfig } from './config/command.ts';
import { addConsole } from './console/command.ts';
import type { CommandContext } from './context.ts';
import { addDemo } from './demo/command.ts';
import { addDeployments } from './deployments/command.ts';
import { addDiscover } from './discover/command.ts';
import { addDoctor } from './doctor/command.ts';
import { readEnvironment } from './environment.ts';
import { reportError } from './error-report.ts';
import { EXIT, type Finish } from './exit-code.ts';
import { addExplain } from './explain/command.ts';
import { addGate } from './gate/command.ts';
import { addOverview, helpWidth } from './help.ts';
import { addIncidents } from './incidents/command.ts';
import { addLabel } from './incidents/decide-command.ts';
import { addIngestTokens } from './ingest-tokens/command.ts';
import { addInspect } from './inspect/command.ts';
import { addInvoke } from './invoke/command.ts';
import type { BacktestTraces } from './mcp/backtest-traces.ts';
import { addMcp } from './mcp/command.ts';
import { addNotify } from './notify/command.ts';
import { addPolicy } from './policy/command.ts';
import { addRecord } from './record/command.ts';
import { addRecordings } from './recordings/command.ts';
import { addReport } from './report/command.ts';
import { addResults } from './results/command.ts';
import { addSimulate } from './simulate/command.ts';
import type { Selection, SourceOptions } from './source/targets.ts';
import { addStatus } from './status/command.ts';
import { addTenants } from './tenants/command.ts';
import { createTerminal } from './terminal.ts';

/** In the order of the help. */
const COMMANDS = [
  addInspect,
  addExplain,
  addBacktest,
  addGate,
  addDoctor,
  addInvoke,
  addStatus,
  addResults,
  addAnomalies,
  addNotify,
  addIncidents,
  addLabel,
  addDeployments,
  addRecordings,
  addTenants,
  addAccess,
  addIngestTokens,
  addConfig,
  addPolicy,
  addDiscover,
  addRecord,
  addConsole,
  addReport,
  addMcp,
  addSimulate,
  addDemo,
];

/** Runs one command line (without `node` and the script) and returns its exit code. Nothing is thrown. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  let code: number = EXIT.clean;
  const program = createProgram(context, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, context, args.includes('--debug'));
  }
}

// A command imports its action when it is called: nobody waits for a cloud's client to see the help or to validate a file.
function createProgram(context: CommandContext, finish: Finish): Command {
  const { terminal } = context;
  const help = new Help();
  const program = new Command('plimsoll')
    .description('Finds hosts whose memory grows like a leak, from the metrics that their cloud already holds.')
    .version(packageJson.version)
    // So that `tenants get --version N` is not taken for the program's own option.
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      optionDescription: (option) => `${help.optionDescription(option)}${option.mandatory ? ' (required)' : ''}`,
    })
    .showHelpAfterError('--help lists what it takes.')
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      getOutHelpWidth: () => helpWidth(context),
    });
  const given = { ...context, openDemo, backtestTraces: backtestWith(context) };
  for (const add of COMMANDS) add(program, given, finish);
  addOverview(program, context);
  for (const command of belowOf(program)) command.option('--debug', 'show where an error arose');
  return program;
}

function belowOf({ commands }: Command): Command[] {
  return commands.flatMap((command) => [command, ...belowOf(command)]);
}

/** Loaded when it is requested: it needs the sandbox, which no other command does. */
async function openDemo(options: SourceOptions): Promise<Selection> {
  const { openDemoSelection } = await import('./demo/action.ts');
  return openDemoSelection(options);
}

/** What `backtest --json` prints of a trace file, for the command that answers an assistant. */
function backtestWith(context: CommandContext): BacktestTraces {
  return async (file, { days }) => {
    const { backtestFleet } = await import('./backtest/action.ts');
    const printed: string[] = [];
    const terminal = { ...context.terminal, live: false, printJson: (json: string) => printed.push(json) };
    const options = { traces: [file], charts: 'none', json: true, ...(days !== undefined && { days }) } as const;
    await backtestFleet(options, { ...context, terminal, openDemo });
    return printed.flatMap((text) => text.split('\n')).map((line) => JSON.parse(line));
  };
}

/** The process around a command: Ctrl-C ends it cleanly the first time, and at once the second time. */
export async function main(): Promise<void> {
  const terminal = createTerminal(process.stdout, process.stderr);
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
    process.once('SIGINT', () => process.exit(EXIT.interrupted));
  });
  withoutLibraryWarnings(terminal);
  // The reader of a pipe may have seen enough (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? EXIT.clean : EXIT.error),
  );
  try {
    const environment = readEnvironment();
    process.exitCode = await run(process.argv.slice(2), {
      terminal,
      environment,
      signal: interrupt.signal,
      now: Date.now(),
    });
  } catch (error) {
    process.exitCode = EXIT.error;
    terminal.note(`error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Of Google's library, which finds no credentials (the failed read reports that); of node's SQLite, which the demo's emulator loads; and
 * of what packages call that node would rather not have called: it warns of none in node_modules, and the bundle is elsewhere.
 */
const EXPECTED_WARNINGS: readonly string[] = ['MetadataLookupWarning', 'ExperimentalWarning', 'DeprecationWarning'];

/** Node prints warnings of libraries as they come, with advice for whoever develops them. */
function withoutLibraryWarnings(terminal: CommandContext['terminal']): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (!EXPECTED_WARNINGS.includes(name)) terminal.note(`${name}: ${message}`);
  });
}

if (import.meta.main) await main();
