/** `plimsoll access …` on the command line: what it takes. */
import { type Command, Option } from 'commander';
import { ROLES } from '../../core/model/audit.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseTenantId } from '../option-values.ts';
import type { AccessOptions, GrantOptions, RevokeOptions } from './action.ts';

const ISSUER = 'https://login.example.com/acme';

const EXAMPLES: readonly Example[] = [
  [
    `plimsoll access grant viewer --tenant acme --issuer ${ISSUER} --group on-call --stage prod`,
    'let the group on-call see everything of acme, and change nothing',
  ],
  ['plimsoll access list --tenant acme --stage prod', 'who may do what for acme'],
  [
    `plimsoll access revoke --tenant acme --issuer ${ISSUER} --group on-call --stage prod`,
    'take that back, within a minute',
  ],
];

const NOTE =
  'Roles: a viewer sees, an operator mutes, labels and inspects too, an admin also changes the config and who may do what. The issuer has to be one of those of the deployment (apiIssuers in docs/console.md). ' +
  'Each change is in the audit log of the tenant. Exit codes: 0 done, 1 error. Its addresses are PLIMSOLL_CONFIGS_TABLE and, for the audit log, PLIMSOLL_TABLE, or are read from the stack that --stage or --stack names.';

export function addAccess(program: Command, context: CommandContext, finish: Finish): void {
  const access = program
    .command('access')
    .summary('decide who may see and do what in the console and the API')
    .description(
      'Keeps the roles that people have for a tenant in the console and the HTTP API, by subject or group of their issuer.',
    );
  const list = ofTenant(access, 'list', 'see who may do what')
    .option('--json', 'print one JSON object a line')
    .action(async (options: AccessOptions & DeploymentOptions) => {
      const { listAccess } = await import('./action.ts');
      finish(await listAccess(options, await withDeployment(options, context)));
    });
  const grant = toGrantee(ofTenant(access, 'grant', 'give a subject or a group a role, or another one than it has'))
    .addArgument(access.createArgument('<role>', 'what it may do').choices(ROLES))
    .action(async (role: GrantOptions['role'], options: Omit<GrantOptions, 'role'> & DeploymentOptions) => {
      const { grantAccess } = await import('./action.ts');
      finish(await grantAccess({ ...options, role }, await withDeployment(options, context)));
    });
  const revoke = toGrantee(ofTenant(access, 'revoke', 'take a role back')).action(
    async (options: RevokeOptions & DeploymentOptions) => {
      const { revokeAccess } = await import('./action.ts');
      finish(await revokeAccess(options, await withDeployment(options, context)));
    },
  );
  for (const command of [list, grant, revoke]) addHelpNote(addDeploymentOptions(command), NOTE, context);
  addExamples(access, EXAMPLES, context);
}

function ofTenant(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .requiredOption('--tenant <id>', 'for which tenant', parseTenantId);
}

function toGrantee(command: Command): Command {
  return command
    .requiredOption('--issuer <url>', 'the issuer, as its tokens name it')
    .addOption(new Option('--subject <name>', 'one person or program: the claim sub').conflicts('group'))
    .addOption(new Option('--group <name>', 'everybody in the group: a claim that the issuer’s entry names'));
}
