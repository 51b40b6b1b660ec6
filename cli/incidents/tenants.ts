/** Of which tenants a command is about: the one that is named, or all of the deployment. */
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { openConfigStore } from '../stores.ts';
import { noTenant } from '../usage-error.ts';

export interface TenantOptions extends DeploymentOptions {
  readonly tenant?: string;
}

/** Ids. Throws `UsageError` where the one that is named does not exist. */
export async function chosenTenants(
  { tenant, ...deployment }: TenantOptions,
  { environment }: CommandContext,
): Promise<string[]> {
  const configs = openConfigStore(environment);
  if (tenant === undefined) {
    const all = await Array.fromAsync(configs.list());
    return all.map(({ config }) => config.tenant);
  }
  if ((await configs.get(tenant)) === undefined) throw noTenant(tenant, deploymentArguments(deployment));
  return [tenant];
}
