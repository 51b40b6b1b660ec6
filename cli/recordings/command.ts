/** `plimsoll recordings …` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import {
  parseDuration,
  parseHostRule,
  parsePositive,
  parseRepeated,
  parseTenantId,
  parseTime,
} from '../option-values.ts';
import type { JsonOptions, ShowOptions, StartOptions } from './action.ts';
import type { RecordingsOptions } from './client.ts';

const EXAMPLES: readonly Example[] = [
  [
    `plimsoll recordings start "release 2.31" --tenant acme --account lab --host 'name=web-*' --process java --for 2d --stage prod`,
    'record the java processes of some hosts for two days',
  ],
  [
    `plimsoll recordings start trial --folder ~/plimsoll --host 'name=*' --process node`,
    'the same on this machine alone, where `plimsoll console --receive ~/plimsoll` runs',
  ],
  ['plimsoll recordings list --tenant acme --stage prod', 'what is recorded, and what was'],
  ['plimsoll recordings show demo --tenant acme --stage prod', 'what a recording looks like, without one of your own'],
  [
    'plimsoll recordings export r-mfzwizltoq2gk3tq --tenant acme --stage prod > release.ndjson',
    'a trace file for `plimsoll inspect` and `plimsoll backtest`',
  ],
];

const START_EXAMPLES: readonly Example[] = [
  [
    'plimsoll recordings start build --tenant acme --account ci --host id=runner-7 --pid 4711 --tree --every 10 --for 1h',
    'a build with all that it starts, every ten seconds',
  ],
  [
    'plimsoll recordings start shop --tenant acme --account lab --host group=web --host group=db --process nginx --process postgres',
    'several processes on several hosts, for a day',
  ],
];

const NOTE =
  'Hosts sample what is selected when they run `plimsoll record` and its own list allows it; processes that a collector sends are recorded too. ' +
  'RECORDING is an id of `recordings list`, or demo. Give --tenant for a deployment, or --folder for a console on this machine. Changes are in the audit log of the tenant. Exit codes: 0 done, 1 error; of show 3 where a process grows like a leak.';

const RECORDING = 'its id, as `recordings list` shows it';

export function addRecordings(program: Command, context: CommandContext, finish: Finish): void {
  const recordings = program
    .command('recordings')
    .summary('record chosen processes of hosts, and see how their memory develops')
    .description('Starts and stops recordings of processes on hosts that send samples, and shows what they have.');
  const commands = [
    addStart(recordings, context, finish),
    addStop(recordings, context, finish),
    addList(recordings, context, finish),
    addShow(recordings, context, finish),
    addExport(recordings, context, finish),
    addDelete(recordings, context, finish),
  ];
  for (const command of commands) addHelpNote(addDeploymentOptions(command), NOTE, context);
  addExamples(recordings, EXAMPLES, context);
}

function addStart(recordings: Command, context: CommandContext, finish: Finish): Command {
  const command = ofTenant(recordings, 'start', 'record processes of hosts')
    .argument('<name>', 'what you call it')
    .option('--account <name>', 'the account for which the hosts send (with --folder: local)')
    .requiredOption('--host <rule>', 'hosts: id, name, group or label.KEY, `name=web-*`; several: again', parseHostRule)
    .option(
      '--process <name>',
      'processes by the name of their executable, `*` is any text; several: again',
      parseRepeated,
    )
    .option('--pid <number>', 'a process by its number; several: again', parsePids)
    .option('--tree', 'with all that they start')
    .option('--from <time>', 'when it begins (default: now)', parseTime)
    .option('--to <time>', 'when it ends (default: after a day)', parseTime)
    .option('--for <duration>', 'how long it lasts, instead of --to: 2d, 12h or 90m', parseDuration)
    .option('--every <seconds>', 'seconds between samples, from 5 to 3600', parsePositive, 60)
    .option('--json', 'print one JSON object')
    .action(async (name: string, options: StartOptions) => {
      const { startRecording } = await import('./action.ts');
      finish(await startRecording(name, options, context));
    });
  return addExamples(command, START_EXAMPLES, context);
}

function addStop(recordings: Command, context: CommandContext, finish: Finish): Command {
  return ofTenant(recordings, 'stop', 'stop a recording; what it has is kept')
    .argument('<recording>', RECORDING)
    .option('--json', 'print one JSON object')
    .action(async (id: string, options: JsonOptions) => {
      const { stopRecording } = await import('./action.ts');
      finish(await stopRecording(id, options, context));
    });
}

function addList(recordings: Command, context: CommandContext, finish: Finish): Command {
  return ofTenant(recordings, 'list', 'list recordings, the newest first')
    .option('--json', 'print one JSON object a line')
    .action(async (options: JsonOptions) => {
      const { listRecordings } = await import('./action.ts');
      finish(await listRecordings(options, context));
    });
}

function addShow(recordings: Command, context: CommandContext, finish: Finish): Command {
  return ofTenant(recordings, 'show', 'see the processes of a recording, and which grow like a leak')
    .argument('<recording>', `${RECORDING}, or demo`)
    .option('--host <id>', 'only this host')
    .option('--json', 'print one JSON object')
    .action(async (id: string, options: ShowOptions) => {
      const { showRecording } = await import('./action.ts');
      finish(await showRecording(id, options, context));
    });
}

function addExport(recordings: Command, context: CommandContext, finish: Finish): Command {
  return ofTenant(recordings, 'export', 'print the samples of a recording as a trace file')
    .argument('<recording>', `${RECORDING}, or demo`)
    .action(async (id: string, options: RecordingsOptions) => {
      const { exportRecording } = await import('./action.ts');
      finish(await exportRecording(id, options, context));
    });
}

function addDelete(recordings: Command, context: CommandContext, finish: Finish): Command {
  return ofTenant(recordings, 'delete', 'delete a recording and all of its samples')
    .argument('<recording>', RECORDING)
    .action(async (id: string, options: RecordingsOptions) => {
      const { deleteRecording } = await import('./action.ts');
      finish(await deleteRecording(id, options, context));
    });
}

function ofTenant(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .option('--tenant <id>', 'of which tenant of a deployment', parseTenantId)
    .addOption(
      new Option('--folder <folder>', 'of `plimsoll console --receive <folder>`, which runs on this machine').conflicts(
        ['tenant', 'stage', 'stack'],
      ),
    );
}

function parsePids(text: string, before: readonly number[] = []): number[] {
  return [...before, parsePositive(text)];
}
