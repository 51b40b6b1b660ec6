/** `plimsoll console` on the command line: what it takes. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseCount, parseTenantId } from '../option-values.ts';
import type { ConsoleOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll console', 'a simulated fleet over time: leaks grow, are killed, and are cured by deployments'],
  ['plimsoll console --speed 3600', 'the same, an hour in a second'],
  [
    'plimsoll console --receive samples',
    'what hosts send to this machine by OpenTelemetry, and recordings of their processes',
  ],
  ['plimsoll console --stage prod', 'your own deployment, with your own credentials'],
];

const NOTE =
  'The page is served on 127.0.0.1 alone. Of a deployment, whoever opens it may do what your credentials allow: its address has a key that changes each time and works once. Variables that name a deployment stand for --stage.';

export function addConsole(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('console')
    .summary('show fleet, incidents and inspections in a browser, of a simulated fleet or of a deployment')
    .description(
      'Serves the page in the browser on this machine and prints its address, until Ctrl-C. Without a deployment it shows a simulated fleet with a week of history, in which time runs forward.',
    )
    .option('--port <number>', 'the port on 127.0.0.1 (default: a free one)', parsePort)
    .option('--tenant <id>', 'of a deployment: only this tenant (default: all)', parseTenantId)
    .option(
      '--speed <number>',
      'of the simulation: its seconds in one of ours; 0 stops time (default: 300)',
      parseSpeed,
    )
    .option('--seed <number>', 'of the simulation: another fleet of the same kind', parseCount);
  command
    .addOption(
      new Option(
        '--receive <folder>',
        'takes samples of memory from hosts (POST /v1/metrics) and keeps them, and recordings, in this folder',
      ).conflicts(['tenant', 'speed', 'seed', 'stage', 'stack']),
    )
    .option('--token-file <file>', 'with --receive: the ingest token (default: FOLDER/token, which is made)');
  addDeploymentOptions(command).action(async (options: ConsoleOptions) => {
    const { runConsole } = await import('./action.ts');
    finish(await runConsole(options, context));
  });
  addHelpNote(command, NOTE, context);
  addExamples(command, EXAMPLES, context);
}

const GREATEST_PORT = 65_535;

function parsePort(text: string): number {
  const port = parseCount(text);
  if (port <= GREATEST_PORT) return port;
  throw new InvalidArgumentError(`Give a port from 1 to ${GREATEST_PORT}.`);
}

/** A day in a second: more than the functions can inspect. */
const GREATEST_SPEED = 86_400;

function parseSpeed(text: string): number {
  const speed = parseCount(text);
  if (speed <= GREATEST_SPEED) return speed;
  throw new InvalidArgumentError(`Give seconds, up to ${GREATEST_SPEED}.`);
}
