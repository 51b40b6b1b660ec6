/** `plimsoll explain HOST` on the command line: what it takes. */
import type { Command } from 'commander';
import { type DeploymentOptions, withTenantDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { addInspectionOptions } from '../source/host-options.ts';
import { addPointOptions, refuseWithoutMetric } from '../source/point-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import { UsageError } from '../usage-error.ts';
import type { ExplainOptions } from './action.ts';
import type { ExplainPointsOptions } from './points.ts';

const NOTES =
  'Give HOST before --traces. ' +
  'Exit codes: 0 explained, whatever the verdict; 4 the host, or an account that may hold it, could not be read; 1 error.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll explain i-0a1b2c3d --provider aws --account 111122223333 --region eu-west-1', 'a host of an account'],
  [
    'plimsoll explain i-0a1b2c3d --tenant acme --stage prod --at 2026-11-20T12:00Z',
    'a host of a tenant, as it was at that time',
  ],
  ['plimsoll explain web-1 --traces memory.csv --checks', 'a recorded series, with all checks'],
  ['plimsoll explain checkout-1 --demo', 'a leak of the simulated fleet'],
  ['plimsoll explain i-0a1b2c3d --tenant acme --stage prod --baseline', 'what is normal for a host'],
  [
    'plimsoll explain web-1 --tenant acme --stage prod --metric system.cpu.utilization',
    'why a point of a processor is an anomaly or none, as the job of the config inspects it',
  ],
];

export function addExplain(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('explain')
    .argument('<host>', 'id or name of the host')
    .summary('show why a host got its verdict')
    .description(
      'Shows why a host got its verdict: evidence, every check with value and limit, and the curve; with --metric, why points of another metric are anomalous or not. It only reads.',
    )
    .option('--json', 'print the host as `inspect --json` does, with the weight of each feature')
    .option('--checks', 'list all checks with value and limit')
    .option('--baseline', 'show what is normal for the host instead, as it was learned from weeks')
    .option('--part <labels>', 'with --metric: one part of the host alone, for example mountpoint=/var')
    .action(async (host: string, options: Options) => {
      const deployed = await withTenantDeployment(options, context);
      if (options.metric === undefined) {
        refuseWithoutMetric(options);
        if (options.part !== undefined) throw new UsageError('--part belongs to --metric NAME: add it.');
        const { explainHost } = await import('./action.ts');
        finish(await explainHost(host, options, deployed));
        return;
      }
      if (options.baseline || options.checks)
        throw new UsageError('--baseline and --checks are of memory: leave them out with --metric.');
      const { explainPoints } = await import('./points.ts');
      finish(await explainPoints(host, options, deployed));
    });
  addHelpNote(addExamples(addPointOptions(addInspectionOptions(command)), EXAMPLES, context), NOTES, context);
}

type Options = ExplainOptions & ExplainPointsOptions & DeploymentOptions;
