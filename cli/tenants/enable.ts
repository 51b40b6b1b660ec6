/** `plimsoll tenants enable` and `disable`: a tenant, or one account of it. */
import type { Account } from '../../core/model/tenant.ts';
import { setEnabled } from '../../core/tenants/set-enabled.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { callerArn, openConfigStore } from '../stores.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { renderChanges, renderScheduleChanges } from './changes.ts';

export interface EnableOptions extends DeploymentOptions {
  readonly account?: string;
  readonly provider?: Account['provider'];
}

export async function enableTenant(
  tenant: string,
  enabled: boolean,
  { account, provider, ...deployment }: EnableOptions,
  context: CommandContext,
): Promise<ExitCode> {
  if (provider !== undefined && account === undefined) throw new UsageError('--provider belongs to --account.');
  const { environment, terminal, now } = context;
  const change = { tenant, enabled, account, provider };
  const outcome = await setEnabled(change, openConfigStore(environment), now, await callerArn(context));
  const what = account === undefined ? `tenant ${tenant}` : `account ${account} of tenant ${tenant}`;
  switch (outcome.kind) {
    case 'no_tenant':
      throw noTenant(tenant, deploymentArguments(deployment));
    case 'deleting':
      throw new UsageError(`${deletionText(outcome.stored, deploymentArguments(deployment))}\nNothing was stored.`);
    case 'no_account':
      throw new UsageError(`Tenant ${tenant} has no account ${[account, provider].filter(Boolean).join(' of ')}.`);
    case 'ambiguous':
      throw new UsageError(
        `Tenant ${tenant} has ${account} in ${outcome.providers.join(' and ')}: give --provider too.`,
      );
    case 'conflict':
      throw new UsageError(`Tenant ${tenant} is being changed by somebody else, so nothing was stored. Try again.`);
    case 'unchanged':
      terminal.print(`unchanged: ${what} is ${enabled ? 'enabled' : 'disabled'} in version ${outcome.stored.version}`);
      return EXIT.clean;
    case 'stored': {
      const { before, config, version } = outcome;
      const lines = [
        `${terminal.paint('good', enabled ? 'enabled' : 'disabled')}: ${what}, version ${version}`,
        renderChanges(before, { config, version }, terminal.paint),
        renderScheduleChanges(before.config, config, terminal.paint),
      ];
      terminal.print(lines.filter((line) => line !== undefined).join('\n'));
      return EXIT.clean;
    }
  }
}
