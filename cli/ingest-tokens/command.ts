/** `plimsoll ingest-tokens …` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseTenantId } from '../option-values.ts';
import type { CreateOptions, IngestTokensOptions } from './action.ts';

const EXAMPLES: readonly Example[] = [
  [
    'plimsoll ingest-tokens create --tenant acme --account fleet --name "web hosts" --stage prod',
    'let hosts send samples for the account fleet of acme',
  ],
  ['plimsoll ingest-tokens list --tenant acme --stage prod', 'which tokens there are, without the tokens'],
  ['plimsoll ingest-tokens revoke k3v7qz2m4a --tenant acme --stage prod', 'take nothing more of one, within a minute'],
];

const NOTE =
  'A token is of one account of provider otlp, and is shown once. Collectors send it as a bearer token (docs/otlp.md). ' +
  'Each change is in the audit log of the tenant. Exit codes: 0 done, 1 error. Its addresses are PLIMSOLL_CONFIGS_TABLE and PLIMSOLL_TABLE, or are read from the stack that --stage or --stack names.';

type List = IngestTokensOptions & DeploymentOptions;

export function addIngestTokens(program: Command, context: CommandContext, finish: Finish): void {
  const tokens = program
    .command('ingest-tokens')
    .summary('decide which hosts may send samples')
    .description('Keeps the tokens with which collectors and plimsoll record send samples for an account.');
  const list = withJson(ofTenant(tokens, 'list', 'see which tokens there are')).action(async (options: List) => {
    const { listTokens } = await import('./action.ts');
    finish(await listTokens(options, await withDeployment(options, context)));
  });
  const create = withJson(ofTenant(tokens, 'create', 'create a token and print it, once'))
    .requiredOption('--account <name>', 'an account of provider otlp in the config of the tenant')
    .requiredOption('--name <text>', 'what or who sends with it')
    .action(async (options: CreateOptions & DeploymentOptions) => {
      const { createToken } = await import('./action.ts');
      finish(await createToken(options, await withDeployment(options, context)));
    });
  const revoke = ofTenant(tokens, 'revoke', 'take nothing more that is sent with a token')
    .argument('<id>', 'as list shows it')
    .action(async (id: string, options: List) => {
      const { revokeToken } = await import('./action.ts');
      finish(await revokeToken(id, options, await withDeployment(options, context)));
    });
  for (const command of [list, create, revoke]) addHelpNote(addDeploymentOptions(command), NOTE, context);
  addExamples(tokens, EXAMPLES, context);
}

function ofTenant(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .requiredOption('--tenant <id>', 'for which tenant', parseTenantId);
}

function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object a line');
}
