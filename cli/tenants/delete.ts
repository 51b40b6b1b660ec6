/** `plimsoll tenants delete`: what would go, and after a confirmation its deletion. */
import { counted } from '../../core/messages/units.ts';
import { deleteTenant } from '../../core/tenants/delete-tenant.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConfigStore, openPublisher, openTenantData } from '../stores.ts';
import { UsageError } from '../usage-error.ts';

export interface DeleteOptions extends DeploymentOptions {
  /** The tenant's id once more. */
  readonly confirm?: string;
}

/** Deletes only what is named twice: an id in a shell's history is run again by mistake. */
export async function deleteTenantCommand(
  tenant: string,
  options: DeleteOptions,
  { environment, terminal, now }: CommandContext,
): Promise<ExitCode> {
  const configs = openConfigStore(environment);
  const stored = await configs.get(tenant);
  if (options.confirm !== tenant) {
    const what =
      stored === undefined
        ? `There is no tenant ${tenant}; what an interrupted deletion has left of it would go.`
        : `Tenant ${tenant} (${counted(stored.config.accounts.length, 'account')}, ${counted(stored.version, 'version')}) would be deleted: ` +
          'its schedules within a minute; its topic with all subscriptions, its incidents, its runs, its config and its external id ' +
          'at once. A tenant of the same id would get another external id, which no account trusts yet.';
    throw new UsageError(
      `${what} Nothing was deleted. To delete it: npx plimsoll tenants delete ${tenant}${deploymentArguments(options)} --confirm ${tenant}`,
    );
  }
  const ports = { configs, data: openTenantData(environment), publisher: openPublisher(environment) };
  const existed = await deleteTenant(tenant, ports, now);
  terminal.print(existed ? `deleted: tenant ${tenant}` : `there was no tenant ${tenant}; nothing of it is left`);
  return EXIT.clean;
}
