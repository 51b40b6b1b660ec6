/** `plimsoll results` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { WANTED } from '../../core/inspection/wanted-lines.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parsePositive, parseTenantId, parseTime } from '../option-values.ts';
import type { ResultsOptions } from './action.ts';

const EXIT_CODES =
  'Exit codes: 0 nothing grows like a leak, 3 something does, 4 a run was partial, or results are missing (also where something grows like a leak), 1 error.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll results acme --stage prod', 'every host that was not steady in the last inspection, leaking ones first'],
  ['plimsoll results acme --stage prod --only leaking --at 2026-11-20T12:00Z', 'what grew like a leak at that time'],
  ['plimsoll results acme --stage prod --only all --json', 'for a script: every host, one JSON object a line'],
];

export function addResults(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('results')
    .argument('<tenant>', 'id of a tenant', parseTenantId)
    .summary('see the results of the last inspections that were kept')
    .description(
      'Shows what the last inspection on schedule found of each host, in every account and region of a tenant, without reading any metric again. It only reads. What an inspection on demand found, `plimsoll invoke --wait` shows; its lines are for Athena.',
    )
    .option('--account <id>', 'only this account')
    .option('--region <name>', 'only this region')
    .option('--at <time>', 'the last inspection that was due by then, instead of the last of all', parseTime)
    .addOption(new Option('--only <hosts>', 'which hosts').choices(WANTED).default('not-steady'))
    .option('--limit <n>', 'at most so many hosts (default: 100; with --json all)', parsePositive)
    .option('--json', 'print one JSON object a line, as it is kept')
    .action(async (tenant: string, options: ResultsOptions & DeploymentOptions) => {
      const { printResults } = await import('./action.ts');
      finish(await printResults(tenant, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(command), EXAMPLES, context), EXIT_CODES, context);
}
