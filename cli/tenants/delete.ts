/** `plimsoll tenants delete`: what would go, and after a confirmation its deletion. */

import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import { type DeleteOutcome, deleteTenant } from '../../core/tenants/delete-tenant.ts';
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
  const command = `npx plimsoll tenants delete ${tenant}${deploymentArguments(options)} --confirm ${tenant}`;
  if (options.confirm !== tenant) {
    const what =
      stored === undefined
        ? `There is no config of tenant ${tenant}. What there may be of it otherwise would go: the external id that was made for it, and what an interrupted deletion has left.`
        : `Tenant ${tenant} (${counted(stored.config.accounts.length, 'account')}, ${counted(stored.version, 'version')}) would be deleted: ` +
          'its schedules within a minute, its incidents and its runs at once; its topic with all subscriptions, its config and its ' +
          'external id by the same command a quarter of an hour after the tenant was disabled. A tenant of the same id would get another external id, which no account trusts yet.';
    throw new UsageError(`${what} Nothing was deleted. To delete it: ${command}`);
  }
  const ports = { configs, data: openTenantData(environment), publisher: openPublisher(environment) };
  terminal.print(outcomeText(tenant, await deleteTenant(tenant, ports, now), command));
  return EXIT.clean;
}

function outcomeText(tenant: string, outcome: DeleteOutcome, command: string): string {
  switch (outcome.kind) {
    case 'deleted':
      return `deleted: tenant ${tenant}`;
    case 'absent':
      return `there was no config of tenant ${tenant}; nothing of it is left, its external id included`;
    case 'disabled':
      return (
        `disabled: tenant ${tenant}; its incidents and its runs are deleted\n` +
        'An inspection that was under way may still write. To delete the rest, with the topic, the config and the external id, run the ' +
        `same command again after ${formatTime(outcome.from)}:\n${command}`
      );
  }
}
