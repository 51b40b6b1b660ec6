/** `plimsoll inspect` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { type DeploymentOptions, withTenantDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { addInspectionOptions } from '../source/host-options.ts';
import { addPointOptions, refuseWithoutMetric } from '../source/point-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import { UsageError } from '../usage-error.ts';
import type { InspectOptions } from './action.ts';
import type { InspectPointsOptions } from './points.ts';

const EXIT_CODES =
  'Exit codes: 0 nothing grows like a leak (with --metric: no anomaly lasts), 3 something does, 4 something could not be read or no host could be evaluated ' +
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
  ['plimsoll inspect --demo --metric system.cpu.utilization', 'the processors of the simulated fleet, for anomalies'],
  [
    'plimsoll inspect --tenant acme --metric system.filesystem.utilization --from 2026-11-16 --json',
    'a past of the disks of a tenant, one line an anomalous point',
  ],
  ['plimsoll inspect --demo --json', 'the simulated fleet, for a program'],
];

type Options = Omit<InspectOptions & InspectPointsOptions, 'only'> &
  Pick<InspectPointsOptions, 'only'> &
  DeploymentOptions;

export function addInspect(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('inspect')
    .summary('evaluate every host once and show what grows like a leak, or what is anomalous')
    .description(
      'Evaluates every host once and shows what grows like a leak; with --metric, which points of other metrics are anomalous. It only reads: nothing is recorded and nothing is published.',
    )
    .option(
      '--json',
      'print one JSON object a line: hosts, then a summary per account and region; with --metric, one a point',
    )
    .option('--wide', 'show all columns of the tables, however wide the terminal is')
    .addOption(
      new Option('--only <what>', 'leave out all other hosts; with --metric, anomalous').choices([
        'leaking',
        'anomalous',
      ]),
    )
    .addOption(
      new Option(
        '--points <which>',
        'with --metric: whose pictures are drawn, and which points --json prints (default: anomalies)',
      ).choices(['anomalies', 'all']),
    )
    .action((options: Options) => act(options));
  addHelpNote(addExamples(addPointOptions(addInspectionOptions(command)), EXAMPLES, context), EXIT_CODES, context);

  async function act({ points, only, ...options }: Options): Promise<void> {
    const deployed = await withTenantDeployment(options, context);
    if (options.metric !== undefined) {
      const { inspectPointsOfHosts } = await import('./points.ts');
      finish(await inspectPointsOfHosts({ ...options, ...(points && { points }), ...(only && { only }) }, deployed));
      return;
    }
    refuseWithoutMetric(options);
    if (only === 'anomalous' || points !== undefined)
      throw new UsageError('--points and --only anomalous belong to --metric NAME: add it.');
    const { inspectHosts } = await import('./action.ts');
    finish(await inspectHosts({ ...options, ...(only && { only }) }, deployed));
  }
}
