#!/usr/bin/env node
/** The command line: which commands there are, what they take, and which function answers. Nothing is decided here. */
import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import type { BacktestOptions } from './backtest/command.ts';
import type { Context } from './context.ts';
import type { DemoOptions } from './demo/command.ts';
import type { DoctorOptions } from './doctor/command.ts';
import { readEnvironment } from './environment.ts';
import { reportError } from './error-report.ts';
import { type Answer, EXIT, type ExitCode } from './exit-code.ts';
import type { ExplainOptions } from './explain/command.ts';
import type { InspectOptions } from './inspect/command.ts';
import { parseBudget, parseCount, parseDays, parsePolicy, parseTime } from './option-values.ts';
import { wrap } from './render/text.ts';
import { addHostOptions, addPolicyOption, addSampleOptions } from './source/host-options.ts';
import { addTenants } from './tenants/command.ts';
import { createTerminal } from './terminal.ts';

/** Values of a policy that one judgement alone depends on. */
const JUDGING_VALUES = 'threshold=0.8,environment=production';

const INSPECT_NOTES =
  'Exit codes: 0 nothing grows like a leak, 3 something does, 4 something could not be read or no host could be judged ' +
  '(whatever else was found: in scripts read --json, which tells the findings all the same), 1 error.';

const EXPLAIN_NOTES =
  'Give HOST before --traces. ' +
  'Exit codes: 0 explained, whatever the verdict; 4 the host, or a place where it may be, could not be read; 1 error.';

const BACKTEST_NOTES =
  'Exit codes: 0 nothing would have been told, 3 something would (a suspicion is enough), 4 something could not be read or ' +
  'no host could be judged, 1 error.';

/** Runs one command line (without `node` and the script) and returns its exit code. Nothing is thrown. */
export async function run(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = EXIT.clean;
  const program = createProgram(context, (answer) => {
    code = answer;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, context, args.includes('--debug'));
  }
}

// Commands are loaded when they are called: nobody waits for a cloud's client to see the help or to validate a file.
function createProgram(context: Context, answer: Answer): Command {
  const { terminal } = context;
  const program = new Command('plimsoll')
    .description('Finds hosts whose memory grows like a leak, from the metrics that their cloud already holds.')
    .version(packageJson.version)
    // So that `tenants get --version N` is not taken for the program's own option.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('With --help it says what it takes.')
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      getOutHelpWidth: () => helpWidth(context),
    });
  addInspect(program, context, answer);
  addExplain(program, context, answer);
  addBacktest(program, context, answer);
  addDoctor(program, context, answer);
  addTenants(program, context, answer);
  addDemo(program, context, answer);
  for (const command of program.commands.flatMap((parent) => [parent, ...parent.commands])) {
    command.option('--debug', 'show where an error arose');
  }
  return program;
}

/** Columns at which the help is broken. */
function helpWidth({ terminal }: Context): number {
  return terminal.width ?? 100;
}

function addInspect(program: Command, context: Context, answer: Answer): void {
  const command = program
    .command('inspect')
    .summary('judge every host once and show what grows like a leak')
    .description(
      'Judges every host once and shows what grows like a leak. It only reads: nothing is recorded and nothing is published.',
    )
    .option('--json', 'print one JSON object a line: hosts, then a summary per account and region')
    .addOption(new Option('--only <what>', 'leave out all other hosts').choices(['leaking']))
    .action(async (options: InspectOptions) => {
      const { inspectHosts } = await import('./inspect/command.ts');
      answer(await inspectHosts(options, context));
    });
  addSampleOptions(addPolicyOption(addHostOptions(command), JUDGING_VALUES)).addHelpText(
    'after',
    () => `\n${wrap(INSPECT_NOTES, helpWidth(context))}`,
  );
}

function addExplain(program: Command, context: Context, answer: Answer): void {
  const command = program
    .command('explain')
    .argument('<host>', 'id or name of the host')
    .summary('show why a host got its verdict')
    .description(
      'Shows why a host got its verdict: evidence, every gate with value and limit, and the curve. It only reads.',
    )
    .option('--json', 'print the host as `inspect --json` does')
    .action(async (host: string, options: ExplainOptions) => {
      const { explainHost } = await import('./explain/command.ts');
      answer(await explainHost(host, options, context));
    });
  addSampleOptions(addPolicyOption(addHostOptions(command), JUDGING_VALUES)).addHelpText(
    'after',
    () => `\n${wrap(EXPLAIN_NOTES, helpWidth(context))}`,
  );
}

function addBacktest(program: Command, context: Context, answer: Answer): void {
  const command = program
    .command('backtest')
    .summary('show what would have been told of the past, and compare policies by it')
    .description(
      'Inspects the past again, every full hour with the samples that an inspection had then, and shows what would have been told: episodes, pages, lead times. It only reads: each host once, whatever the time span.',
    )
    .option('--json', 'print one JSON object a line: hosts, then a summary per config and what a budget asks for')
    .addOption(
      new Option('--charts <which>', 'a picture for each episode').choices(['all', 'paged', 'none']).default('all'),
    )
    .action(async (options: BacktestOptions) => {
      const { backtestFleet } = await import('./backtest/command.ts');
      answer(await backtestFleet(options, context));
    });
  const timed = addHostOptions(command)
    .optionsGroup('Which time:')
    .addOption(new Option('--from <time>', 'the first inspection is due after it').argParser(parseTime))
    .addOption(
      new Option('--days <number>', 'begin so many days before --to (default: 7)')
        .argParser(parseDays)
        .conflicts('from'),
    )
    .option('--to <time>', 'the last one is due by it (default: now; of traces: their newest sample)', parseTime)
    .option('--seed <number>', 'with --demo: another fleet of the same kind', parseCount);
  addPolicyOption(timed, 'threshold=0.8,recoverAfter=3')
    .option('--against <values>', 'compare with the same but for these, written like --policy', parsePolicy)
    .option(
      '--budget <pages>',
      'find the least threshold with at most so many pages per 100 hosts and week',
      parseBudget,
    )
    .optionsGroup('Others:')
    .addHelpText('after', () => `\n${wrap(BACKTEST_NOTES, helpWidth(context))}`);
}

function addDoctor(program: Command, context: Context, answer: Answer): void {
  const command = program
    .command('doctor')
    .summary('examine whether every account can be inspected, and what that will cost')
    .description(
      'Examines every account and region: whether we can sign in and read, which hosts have no memory metric, how finely the others are sampled, whether processes or pods are collected, and what an inspection costs. It only reads.',
    )
    .option('--json', 'print one JSON object a line, one for each account and region')
    .action(async (options: DoctorOptions) => {
      const { examineAccounts } = await import('./doctor/command.ts');
      answer(await examineAccounts(options, context));
    });
  addSampleOptions(addHostOptions(command)).addHelpText(
    'after',
    '\nExit codes: 0 everything can be read, 4 something cannot or no host shows at all, 1 error.',
  );
}

function addDemo(program: Command, context: Context, answer: Answer): void {
  program
    .command('demo')
    .summary('inspect a simulated fleet from end to end, on this machine alone')
    .description(
      'Starts stand-ins of the clouds on this machine, inspects a simulated fleet twice with the functions that would run in the cloud, and compares what was found with what was planted. Exit code 0: exactly that.',
    )
    .option('--at <time>', 'the time of the first inspection (default: a fixed one)', parseTime)
    .option('--seed <number>', 'another fleet of the same kind', parseCount)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/command.ts');
      answer(await runDemo(options, context));
    });
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

/** Of credentials that Google's library looked for in vain, which is reported with what to do, and of node's SQLite, which the demo's emulator loads. */
const EXPECTED_WARNINGS: readonly string[] = ['MetadataLookupWarning', 'ExperimentalWarning'];

/** Node prints warnings of libraries as they come, with advice for whoever develops them. */
function withoutLibraryWarnings(terminal: Context['terminal']): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (!EXPECTED_WARNINGS.includes(name)) terminal.note(`${name}: ${message}`);
  });
}

if (import.meta.main) await main();
