/** `plimsoll anomalies` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parsePositive, parseScore, parseTenantId, parseTime } from '../option-values.ts';
import type { JobsOptions } from './jobs.ts';
import type { ListOptions } from './list.ts';
import type { ShowOptions } from './show.ts';

const FOUND = 'Exit codes: 0 no such points, 3 there are some, 4 some could not be read back, 1 error.';

const LIST_EXAMPLES: readonly Example[] = [
  ['plimsoll anomalies list acme --stage prod', 'the newest anomalous points of the last 24 hours'],
  [
    'plimsoll anomalies list acme --stage prod --metric system.cpu.utilization --json',
    'for a script: one JSON object a line',
  ],
];

const SHOW_EXAMPLES: readonly Example[] = [
  [
    'plimsoll anomalies show acme web-7 system.cpu.utilization --stage prod --min-score 0.5',
    'the curve of one metric with what was expected, and its points with a score above .5',
  ],
];

const JOB_EXAMPLES: readonly Example[] = [
  [
    'plimsoll anomalies jobs acme --stage prod',
    'each job and region: its newest inspection, its series, and what a month costs',
  ],
];

export function addAnomalies(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('anomalies')
    .summary('see what the jobs of anomaly inspection found')
    .description(
      'Shows points that the jobs under `anomalies` of a config have kept, without reading any metric again: docs/anomalies.md. At any other time, and of any past, `plimsoll inspect --metric` inspects.',
    );
  addList(command, context, finish);
  addShow(command, context, finish);
  addJobs(command, context, finish);
}

function addSpan(command: Command): Command {
  return command
    .option('--from <time>', 'points from then on (default: 24 hours before --to)', parseTime)
    .option('--to <time>', 'points before then (default: now)', parseTime)
    .option('--job <name>', 'only of this job')
    .option('--json', 'print one JSON object a line, as it is kept');
}

function addList(above: Command, context: CommandContext, finish: Finish): void {
  const command = above
    .command('list')
    .argument('<tenant>', 'id of a tenant', parseTenantId)
    .summary('the newest anomalous points')
    .option('--host <id>', 'only of this host: its id, or its name')
    .option('--metric <name>', 'only of this metric')
    .option('--account <id>', 'only of this account')
    .option('--region <name>', 'only of this region')
    .option(
      '--min-score <score>',
      'points from this score on, as far as they are kept (default: anomalous ones)',
      parseScore,
    )
    .option('--limit <n>', 'at most so many points (default: 100; with --json all)', parsePositive)
    .action(async (tenant: string, options: ListOptions & DeploymentOptions) => {
      const { listAnomalies } = await import('./list.ts');
      finish(await listAnomalies(tenant, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(addSpan(command)), LIST_EXAMPLES, context), FOUND, context);
}

function addShow(above: Command, context: CommandContext, finish: Finish): void {
  const command = above
    .command('show')
    .argument('<tenant>', 'id of a tenant', parseTenantId)
    .argument('<host>', 'its id, or its name')
    .argument('<metric>', 'for example system.cpu.utilization')
    .summary('one metric of a host: its curve as it was kept, and the points above a score')
    .option('--min-score <score>', 'points from this score on are listed (default: 0.5)', parseScore)
    .action(async (tenant: string, host: string, metric: string, options: ShowOptions & DeploymentOptions) => {
      const { showAnomalies } = await import('./show.ts');
      finish(await showAnomalies({ tenant, host, metric }, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(addSpan(command)), SHOW_EXAMPLES, context), FOUND, context);
}

function addJobs(above: Command, context: CommandContext, finish: Finish): void {
  const command = above
    .command('jobs')
    .argument('<tenant>', 'id of a tenant', parseTenantId)
    .summary('how the jobs do, and what they cost')
    .option('--json', 'print one JSON object a line')
    .action(async (tenant: string, options: JobsOptions & DeploymentOptions) => {
      const { showJobs } = await import('./jobs.ts');
      finish(await showJobs(tenant, options, await withDeployment(options, context)));
    });
  const codes =
    'Exit codes: 0 all do well, or wait for their first inspection, 4 one is overdue, failing or partial, 1 error.';
  addHelpNote(addExamples(addDeploymentOptions(command), JOB_EXAMPLES, context), codes, context);
}
