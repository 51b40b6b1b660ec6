/** `plimsoll gate` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { JOB_POLICY } from '../../core/detector/gate.ts';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseRepeated } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';
import type { JobOptions } from './action.ts';
import { parseConfidence, parseEvery, parseFor, parseGrowth, parseSpan } from './values.ts';

const EXIT_CODES =
  'Exit codes, the first that applies: 128 and the number of a signal that this command received; 3 a process grows like a leak; the command’s own code where it ended by itself and that is not 0; 4 too short to decide, with --undecided fail; 0. An error of this command itself is 1.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll gate -- npm run test:load', 'a job that ends by itself'],
  ['plimsoll gate --for 10m --picture memory.svg -- node server.js', 'a server, stopped after ten minutes'],
  ['plimsoll gate --junit memory.xml --json memory.json --undecided fail -- ./soak.sh', 'results for the CI to show'],
];

export function addGate(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('gate')
    .summary('run a job in CI and fail it where a process grows like a leak')
    .description(
      'Runs a command and reads the memory of its processes about once a second. Where the floor of one of them goes on growing after its warm-up, the job fails, with a picture and the process that grew. Growth that levels off, the saw-tooth of garbage collection, phases of a batch and workers that are replaced do not fail it.',
    )
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions();
  addResultOptions(addGrowthOptions(addTimeOptions(command))).action(
    async (words: readonly string[], options: JobOptions) => {
      const [file, ...args] = words;
      if (file === undefined) throw new UsageError('Give the command to run after --, for example `-- npm test`.');
      const { checkJob } = await import('./action.ts');
      finish(await checkJob([file, ...args], options, context));
    },
  );
  addHelpNote(addExamples(command, EXAMPLES, context), EXIT_CODES, context);
}

/** How long the job runs, and what of it is evaluated. */
function addTimeOptions(command: Command): Command {
  const span = (flags: string, purpose: string) => new Option(flags, purpose).argParser(parseSpan);
  return command
    .addOption(
      new Option(
        '--for <duration>',
        'stop the command after this time: for a server, which does not end by itself',
      ).argParser(parseFor),
    )
    .addOption(new Option('--every <duration>', 'time between two samples').argParser(parseEvery).default(1000, '1s'))
    .addOption(
      span(
        '--warm-up <duration>',
        'leave out this time after the start of each process (default: a fifth of its time, 15s to 2m)',
      ),
    )
    .addOption(
      span('--at-least <duration>', 'evaluate nothing that ran for less after its warm-up').default(
        JOB_POLICY.atLeastMs,
        '2m',
      ),
    )
    .addOption(span('--grace <duration>', 'time to end for processes before they are killed').default(10_000, '10s'));
}

/** Which growth fails the job. */
function addGrowthOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--max-growth <size>', 'growth a minute that is accepted')
        .argParser(parseGrowth)
        .default(JOB_POLICY.maxGrowth, '96KiB'),
    )
    .option(
      '--confidence <number>',
      'confidence from which growth fails the job',
      parseConfidence,
      JOB_POLICY.threshold,
    )
    .option(
      '--allow-name <name>',
      'a process whose growth is accepted, by the name of its executable; may be repeated',
      parseRepeated,
    )
    .addOption(
      new Option('--undecided <what>', 'what a job that was too short does').choices(['pass', 'fail']).default('pass'),
    );
}

function addResultOptions(command: Command): Command {
  return command
    .option('--json <file>', 'write the result as JSON')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--picture <file>', 'write the curves as SVG');
}
