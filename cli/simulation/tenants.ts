/** Puts the tenants of a fleet, as `tenants put` does, and lets their accounts trust us, as their owners do with the external id. */
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import type { Deployment } from '../../sandbox/deployment.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fleet } from '../../sandbox/scenario/fleet.ts';
import { newExternalId } from '../stores.ts';

export interface PutTenant {
  readonly stored: StoredTenant;
  /** The ARN of its topic. */
  readonly topic: string;
}

/** @param now Epoch milliseconds: since when the tenants are there. */
export async function putTenants(
  fleet: Fleet,
  sandbox: Sandbox,
  { dynamodb, sns, environment }: Deployment,
  now = fleet.asOf,
): Promise<PutTenant[]> {
  const configs = createConfigStore({ client: dynamodb, table: environment.CONFIGS_TABLE });
  const deleted = createDeletedTenants({ client: dynamodb, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  const tenants: PutTenant[] = [];
  for (const config of fleet.tenants) {
    const by = { newExternalId: newExternalId(), now, putBy: 'simulation' };
    const outcome = await putTenant(config, { configs, publisher, deleted }, by);
    if (outcome.kind !== 'stored') throw new Error(`Tenant ${config.tenant} was there before the simulation began.`);
    trustReaders(outcome.tenant, fleet, sandbox);
    tenants.push({ stored: outcome.tenant, topic: outcome.topic });
  }
  return tenants;
}

export function trustReaders({ config, externalId }: StoredTenant, { refusing }: Fleet, sandbox: Sandbox): void {
  for (const account of config.accounts) {
    if (refusing.includes(account.account)) continue;
    if (account.provider === 'aws') sandbox.trust(account.role, externalId);
    if (account.provider === 'azure') sandbox.azure.trust(account, externalId);
  }
}
