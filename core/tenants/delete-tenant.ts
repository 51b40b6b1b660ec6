/** Deletes a tenant: nothing of it can be read by one that takes its id afterwards. */
import type { ConfigStore } from '../ports/config-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { TenantData } from '../ports/tenant-data.ts';

export interface DeletePorts {
  readonly configs: ConfigStore;
  readonly data: TenantData;
  readonly publisher: Publisher;
}

/**
 * First a disabled version is put, so that schedules go and what runs meanwhile inspects nothing; then the topic, the data and
 * at last the config with the external id go. A deletion that was interrupted is completed by the next.
 *
 * @param now Epoch milliseconds.
 * @returns Whether there was such a tenant.
 */
export async function deleteTenant(
  tenant: string,
  { configs, data, publisher }: DeletePorts,
  now: number,
): Promise<boolean> {
  const stored = await configs.get(tenant);
  if (stored?.config.enabled === true) {
    const { config, version, externalId } = stored;
    if ((await configs.put({ ...config, enabled: false }, version, externalId, now)) === 'conflict')
      throw new StoreError(
        `Tenant ${tenant} is being changed by somebody else; nothing of it is deleted yet. Try again.`,
      );
  }
  await publisher.removeTopic(tenant);
  await data.removeAll(tenant);
  // Last, because until then a deletion that was interrupted can be found and repeated.
  await configs.remove(tenant);
  return stored !== undefined;
}
