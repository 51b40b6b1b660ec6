/** `plimsoll deployments …` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseDays, parseTenantId, parseTime } from '../option-values.ts';
import type { AddOptions, ListOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  [
    'plimsoll deployments add web --tenant acme --version v2.31 --stage prod',
    'state that v2.31 was deployed to the group web just now',
  ],
  [
    'plimsoll deployments list web --tenant acme --all --stage prod',
    'what was deployed to it, and how it scaled, in the last 30 days',
  ],
];

const NOTE =
  'Exit codes: 0 done, 1 error. Its addresses are PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TABLE, or read from the stack that --stage or --stack names.';

export function addDeployments(program: Command, context: CommandContext, finish: Finish): void {
  const deployments = program
    .command('deployments')
    .summary('state what was deployed to a group, so that messages about leaks name it')
    .description(
      'Keeps what was deployed to a group, for 90 days. Messages about a growth that begins name the deployments shortly before.',
    );
  const add = ofGroup(deployments, 'add', 'state that a version was deployed to a group')
    .requiredOption('--version <name>', 'what was deployed, as a label of the hosts names it')
    .option('--at <time>', 'when it began (default: now)', parseTime)
    .action(async (group: string, options: AddOptions & DeploymentOptions) => {
      const { addDeployment } = await import('./action.ts');
      finish(await addDeployment(group, options, await withDeployment(options, context)));
    });
  const list = ofGroup(deployments, 'list', 'see what was deployed to a group')
    .option('--days <n>', 'days before now, up to 90', parseDays, 30)
    .option('--all', 'its scaling events too')
    .option('--json', 'print one JSON object a line')
    .action(async (group: string, options: ListOptions & DeploymentOptions) => {
      const { listDeployments } = await import('./action.ts');
      finish(await listDeployments(group, options, await withDeployment(options, context)));
    });
  for (const command of [add, list]) addHelpNote(addDeploymentOptions(command), NOTE, context);
  addExamples(deployments, EXAMPLES, context);
}

function ofGroup(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .argument('<group>', 'the Auto Scaling group, managed instance group or scale set')
    .requiredOption('--tenant <id>', 'whose', parseTenantId)
    .addOption(new Option('--provider <name>', 'accounts of this cloud alone').choices(ACCOUNT_PROVIDERS))
    .option('--account <id>', 'the account, where the tenant has several')
    .option('--region <name>', 'the region (default: all of the account)');
}
