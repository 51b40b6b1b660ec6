/** `plimsoll backtest` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { type DeploymentOptions, withTenantDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseBudget, parseCount, parseDays, parsePolicy, parseTime } from '../option-values.ts';
import { addHostOptions, addPolicyOption } from '../source/host-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { BacktestOptions } from './action.ts';

const EXIT_CODES =
  'Exit codes: 0 nothing would have been reported, 3 something would (a suspicion is enough), 4 something could not be read ' +
  'or no host could be evaluated, 1 error.';

const EXAMPLES: readonly Example[] = [
  [
    'plimsoll backtest --provider aws --account 111122223333 --region eu-west-1 --days 14',
    'the last two weeks of an account',
  ],
  [
    'plimsoll backtest --traces memory.csv --against threshold=0.9',
    'recorded series, under the default threshold and under a greater one',
  ],
  [
    'plimsoll backtest --tenant acme --against cadence=adaptive',
    'what inspecting quiet hosts every four hours saves, and what comes later',
  ],
  ['plimsoll backtest --demo --days 2 --budget 60', 'the least threshold that keeps a budget of pages'],
];

export function addBacktest(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('backtest')
    .summary('show what would have been reported in the past, and compare policies by it')
    .description(
      'Inspects the past again, every full hour with the samples that an inspection had then, and shows what would have been reported: episodes, pages, lead times. It only reads: each host once, whatever the time span.',
    )
    .option('--json', 'print one JSON object a line: hosts, then a summary per policy and the thresholds of a budget')
    .addOption(
      new Option('--charts <which>', 'a picture for each episode').choices(['all', 'paged', 'none']).default('all'),
    )
    .action(async (options: BacktestOptions & DeploymentOptions) => {
      const { backtestFleet } = await import('./action.ts');
      finish(await backtestFleet(options, await withTenantDeployment(options, context)));
    });
  addTimeOptions(addHostOptions(command));
  addPolicyOption(command, 'threshold=0.8,recoverAfter=3', 'whose values go before what is stored, too')
    .option(
      '--against <values>',
      'compare with the same but for these, written like --policy; cadence=adaptive is one of them',
      parsePolicy,
    )
    .option(
      '--budget <pages>',
      'find the least threshold with at most so many pages per 100 hosts and week',
      parseBudget,
    )
    .optionsGroup('Others:');
  addHelpNote(addExamples(command, EXAMPLES, context), EXIT_CODES, context);
}

function addTimeOptions(command: Command): Command {
  return command
    .optionsGroup('Which time:')
    .addOption(new Option('--from <time>', 'the first inspection is due after it').argParser(parseTime))
    .addOption(
      new Option('--days <number>', 'begin so many days before --to (default: 7)')
        .argParser(parseDays)
        .conflicts('from'),
    )
    .option('--to <time>', 'the last one is due by it (default: now; of traces: their newest sample)', parseTime)
    .option('--seed <number>', 'with --demo: another fleet of the same kind', parseCount);
}
