/** `plimsoll policy …` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parsePositive, parseRepeated, parseTenantId } from '../option-values.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { PolicyTestOptions } from './action.ts';
import type { ShowOptions } from './show.ts';
import type { TuneOptions } from './tuning-history.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll policy test --tenant acme --days 7 --stage prod', 'what each stage held back, and would hold back now'],
  ['plimsoll policy test --tenant acme --file acme.yml --stage prod', 'the same for a config that is not stored yet'],
];

const NOTE =
  'Mutes and labels are those that there are now. What people acknowledged is not known, and reminders are left out.';

export function addPolicy(program: Command, context: SelectionContext, finish: Finish): void {
  const policy = program
    .command('policy')
    .summary('try policies of a tenant on its past, and tune its threshold')
    .description('Tries policies of a tenant on its past, and tunes its threshold on what people labelled.');
  const test = policy
    .command('test')
    .description(
      'Decides the changes of the tenant’s log again, and shows what each stage held back and would hold back, and the pages of each day. Nothing is sent or stored.',
    )
    .requiredOption('--tenant <id>', 'id of the tenant', parseTenantId)
    .option('--days <n>', 'days of the log', parsePositive, 7)
    .option('--file <file>', 'a config to try instead of the stored one; - is standard input')
    .option('--json', 'print one JSON object')
    .action(async (options: PolicyTestOptions & DeploymentOptions) => {
      const { testPolicy } = await import('./action.ts');
      finish(await testPolicy(options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(test), EXAMPLES, context), NOTE, context);
  addTune(policy, context, finish);
  addShow(policy, context, finish);
}

const TUNE_EXAMPLES: readonly Example[] = [
  ['plimsoll policy tune --tenant acme --stage prod', 'what labels suggest about the threshold; nothing is stored'],
  ['plimsoll policy tune --tenant acme --stage prod --apply', 'store it, where it is better'],
  ['plimsoll policy tune --tenant acme --stage prod --undo', 'give back what was before'],
];

const TUNE_NOTE =
  'It reads the labelled hosts alone, with your own credentials. A threshold stays between 0.5 and 0.95 and moves by at most 0.1 at a time. ' +
  'Exit codes: 0 whatever came of it; 4 something could not be read; 1 error.';

type TuneArguments = TuneOptions & { readonly undo?: boolean; readonly history?: boolean };

function addTune(policy: Command, context: SelectionContext, finish: Finish): void {
  const tune = policy
    .command('tune')
    .description(
      'Replays the labelled hosts at other thresholds. One is better where it has fewer false episodes of labelled healthy hosts, and loses no labelled leak. Nothing is stored without --apply.',
    )
    .requiredOption('--tenant <id>', 'id of the tenant', parseTenantId)
    .option('--days <n>', 'days of the past that are replayed', parsePositive, 30)
    .option('--account <id>', 'labelled hosts of this account alone')
    .option('--region <region>', 'labelled hosts of this region alone; may be repeated', parseRepeated)
    .addOption(new Option('--dry-run', 'store nothing (the default)').conflicts(['apply', 'undo', 'history']))
    .addOption(
      new Option('--apply', 'store a threshold that is better, as `tenants put` would').conflicts(['undo', 'history']),
    )
    .addOption(new Option('--undo', 'give back the policy that was before the last tuning').conflicts('history'))
    .option('--history', 'list each tuning with its figures')
    .option('--json', 'print JSON')
    .action(async (options: TuneArguments) => {
      const within = await withDeployment(options, context);
      const { showTunings, undoTuning } = await import('./tuning-history.ts');
      if (options.history) return finish(await showTunings(options, within));
      if (options.undo) return finish(await undoTuning(options, within));
      const { tuneThreshold } = await import('./tune.ts');
      return finish(await tuneThreshold(options, within));
    });
  addHelpNote(addExamples(addDeploymentOptions(tune), TUNE_EXAMPLES, context), TUNE_NOTE, context);
}

function addShow(policy: Command, context: SelectionContext, finish: Finish): void {
  const show = policy
    .command('show')
    .description(
      'Shows the threshold of the tenant with its origin, its last tuning, and what labels left of the weights of evaluators.',
    )
    .requiredOption('--tenant <id>', 'id of the tenant', parseTenantId)
    .option('--json', 'print one JSON object')
    .action(async (options: ShowOptions) => {
      const { showPolicy } = await import('./show.ts');
      finish(await showPolicy(options, await withDeployment(options, context)));
    });
  addDeploymentOptions(show);
}
