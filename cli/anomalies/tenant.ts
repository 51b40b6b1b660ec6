/** The tenant whose points are shown. */
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { openConfigStore } from '../stores.ts';
import { noTenant, UsageError } from '../usage-error.ts';

/** Throws `UsageError` where there is no such tenant, or it is being deleted. */
export async function requireTenant(
  tenant: string,
  options: DeploymentOptions,
  { environment }: CommandContext,
): Promise<StoredTenant> {
  const stored = await openConfigStore(environment).get(tenant);
  const deployment = deploymentArguments(options);
  if (stored === undefined) throw noTenant(tenant, deployment);
  const deletion = deletionText(stored, deployment);
  if (deletion !== undefined) throw new UsageError(deletion);
  return stored;
}
