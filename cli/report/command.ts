/** `plimsoll report` on the command line: what it takes. */
import type { Command } from 'commander';
import { addDeploymentOptions } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseCount, parseSize, parseTenantId, parseTime, parseTimeZone, parseUnit } from '../option-values.ts';
import { addPointOptions } from '../source/point-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { ReportOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll report checkout-7 --stage prod -o checkout-7.html', 'the incident of a host, as its page shows it'],
  ['plimsoll report 20261129T050000Z --tenant acme --stage prod -o run.html', 'the incidents that changed in a run'],
  ['plimsoll report --traces memory.csv -o report.html', 'what would have been reported of recorded series'],
  ['plimsoll report --demo -o demo.html', 'the same of a simulated fleet'],
  [
    'plimsoll report --tenant acme --metric system.cpu.utilization --stage prod -o cpu.html',
    'the processors of a tenant, with what was expected of them',
  ],
];

const NOTE =
  'Exit codes: 0 it is written, 3 something would have been reported (of --traces and --demo; with --metric, an anomaly lasts), 4 something could not be read, 1 error. ' +
  'What the file shows of hosts, processes and people is in it: send it to nobody who may not see that.';

export function addReport(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('report [incident-or-run]')
    .summary('write one file that shows incidents offline, with curves and the detector')
    .description(
      'Writes the page of an incident (by id, short id or host), of those that changed in a run, or of recorded series to one HTML file. It needs no network: what it shows is in it, and the slider evaluates other growths in the browser. It prints.',
    )
    .requiredOption('-o, --output <file>', 'the file to write; it is replaced')
    .option('--tenant <id>', 'only this tenant', parseTenantId)
    .option('--traces <file...>', 'recorded series: CSV or JSON, also gzipped')
    .option('--unit <name>', 'with --traces: of all values: percent, fraction, bytes, MiB, GiB …', parseUnit)
    .option('--timezone <name>', 'with --traces: of times that state no zone', parseTimeZone)
    .option('--capacity <size>', 'with --traces: memory of each host, for example 16GiB', parseSize)
    .option('--at <time>', 'with --traces: the end of the evaluated samples (default: the newest sample)', parseTime)
    .option('--demo', 'the simulated fleet of `plimsoll demo`')
    .option('--seed <number>', 'with --demo: another fleet of the same kind', parseCount);
  addDeploymentOptions(addPointOptions(command)).action(async (name: string | undefined, options: ReportOptions) => {
    const { writeReport } = await import('./action.ts');
    finish(await writeReport(name, options, context));
  });
  addHelpNote(command, NOTE, context);
  addExamples(command, EXAMPLES, context);
}
