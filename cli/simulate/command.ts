/** `plimsoll simulate` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { POINT_METRICS } from '../../core/model/point-metrics.ts';
import type { CommandContext } from '../context.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, type Example } from '../help.ts';
import { parseTime } from '../option-values.ts';
import type { SimulateOptions } from './action.ts';
import { INJECTIONS } from './curves.ts';
import { parseHosts, parseHours, parseInjections, parseLabels, parseMetrics, parseSeed, parseStep } from './values.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll simulate --output points.ndjson', 'three hosts and five metrics over two days'],
  [
    'plimsoll simulate --metrics cpu_util,mem_util,queue_length --step 1s --hours 6 --anomalies spike,shift --seed 7 > points.ndjson',
    'any mix, at steps of a second',
  ],
  ['plimsoll inspect --metric system.cpu.utilization --traces points.ndjson', 'what an inspection finds in them'],
];

export function addSimulate(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('simulate')
    .summary('write points of simulated hosts, to try an inspection of anomalies on')
    .description(
      'Writes points of hosts that are not there, as NDJSON that --traces reads: healthy curves with a cycle of a day, and an anomaly in the last third of each. The same options and --to give the same lines.',
    );
  addSeriesOptions(command)
    .option('--output <file>', 'write to a file instead of standard output')
    .option('--truth <file>', 'write what is anomalous, and when, as NDJSON')
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./action.ts');
      finish(await simulate(options, context));
    });
  addExamples(command, EXAMPLES, context);
}

function addSeriesOptions(command: Command): Command {
  const names = POINT_METRICS.map(({ name }) => name);
  const option = <Value>(
    flags: string,
    purpose: string,
    parse: (text: string) => Value,
    initial: Value,
    shown: string,
  ) => new Option(flags, purpose).argParser(parse).default(initial, shown);
  return command
    .addOption(option('--hosts <number>', 'hosts, web-1 and on', parseHosts, 3, '3'))
    .addOption(
      option(
        '--metrics <names>',
        'cpu_util, mem_util, disk_util, net_err_util, system_load1, their long names, or any of your own',
        parseMetrics,
        names,
        'those five',
      ),
    )
    .addOption(option('--step <duration>', 'time between two points, 1s to 1h', parseStep, 60_000, '1m'))
    .addOption(option('--hours <number>', 'hours that are simulated', parseHours, 48, '48'))
    .addOption(new Option('--to <time>', 'when they end (default: now)').argParser(parseTime))
    .addOption(
      option(
        '--anomalies <kinds>',
        `what goes wrong, in turn from series to series: ${INJECTIONS.join(', ')}`,
        parseInjections,
        ['spike', 'shift', 'none'],
        'spike,shift,none',
      ),
    )
    .addOption(option('--seed <number>', 'another seed gives other curves', parseSeed, 1, '1'))
    .addOption(option('--labels <names>', 'labels of each row: hostname, ip, or NAME=VALUE', parseLabels, [], 'none'));
}
