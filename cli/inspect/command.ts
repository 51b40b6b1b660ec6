/** `plimsoll inspect` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { type DeploymentOptions, withTenantDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { addInspectionOptions } from '../source/host-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { InspectOptions } from './action.ts';

const EXIT_CODES =
  'Exit codes: 0 nothing grows like a leak, 3 something does, 4 something could not be read or no host could be evaluated ' +
  '(whatever else was found: scripts read --json, which lists the findings even so), 1 error.';

const EXAMPLES: readonly Example[] = [
  [
    'plimsoll inspect --provider aws --account 111122223333 --region eu-west-1',
    'an account, with your own credentials',
  ],
  [
    "plimsoll inspect --provider gcp --account my-project --region europe-west1 --include 'name=web-*'",
    'some hosts of a project of Google Cloud',
  ],
  [
    'plimsoll inspect --tenant acme --stage prod',
    'all accounts of a tenant, as the functions of the stage prod read them',
  ],
  ['plimsoll inspect --traces memory.csv --policy threshold=0.8', 'recorded series, under another threshold'],
  ['plimsoll inspect --demo --json', 'the simulated fleet, for a program'],
];

export function addInspect(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('inspect')
    .summary('evaluate every host once and show what grows like a leak')
    .description(
      'Evaluates every host once and shows what grows like a leak. It only reads: nothing is recorded and nothing is published.',
    )
    .option('--json', 'print one JSON object a line: hosts, then a summary per account and region')
    .option('--wide', 'show all columns of the tables, however wide the terminal is')
    .addOption(new Option('--only <what>', 'leave out all other hosts').choices(['leaking']))
    .action(async (options: InspectOptions & DeploymentOptions) => {
      const { inspectHosts } = await import('./action.ts');
      finish(await inspectHosts(options, await withTenantDeployment(options, context)));
    });
  addHelpNote(addExamples(addInspectionOptions(command), EXAMPLES, context), EXIT_CODES, context);
}
