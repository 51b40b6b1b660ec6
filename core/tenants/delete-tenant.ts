/**
 * Deletes a tenant in two steps: nothing of it can be read by one that takes its id afterwards, not even what an inspection writes
 * that was under way at the time.
 */
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { TenantData } from '../ports/tenant-data.ts';

export interface DeletePorts {
  readonly configs: ConfigStore;
  readonly data: TenantData;
  readonly publisher: Publisher;
}

/** The id of a tenant is free this long after it was disabled, in milliseconds: no function that read its config before still runs. */
const WRITES_END_MS = 15 * 60_000;

export type DeleteOutcome =
  /** Nothing is left, and the id is free. */
  | { readonly kind: 'deleted' }
  /** There was no such tenant; what an interrupted deletion had left of it is gone. */
  | { readonly kind: 'absent' }
  /**
   * Its data are gone. Its disabled config and its external id hold the id, and its topic takes what is published meanwhile, until a
   * deletion after `from` (epoch milliseconds) removes them, with what was written since.
   */
  | { readonly kind: 'disabled'; readonly from: number };

/**
 * First a disabled version is put, so that schedules go and what begins from then on inspects nothing; then the data go. The topic and
 * the config with the external id go last, and only when the tenant has been disabled for long enough. A deletion that was
 * interrupted is completed by the next. Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 */
export async function deleteTenant(
  tenant: string,
  { configs, data, publisher }: DeletePorts,
  now: number,
): Promise<DeleteOutcome> {
  const stored = await configs.get(tenant);
  const disabledAt = stored && (await disable(stored, configs, now));
  await data.removeAll(tenant);
  if (disabledAt !== undefined && now - disabledAt < WRITES_END_MS)
    return { kind: 'disabled', from: disabledAt + WRITES_END_MS };
  await publisher.removeTopic(tenant);
  // Last, because until then a deletion that was interrupted can be found and repeated.
  await configs.remove(tenant);
  return { kind: stored === undefined ? 'absent' : 'deleted' };
}

/** Epoch milliseconds: since when the tenant is disabled at the least. */
async function disable({ config, version, externalId, putAt }: StoredTenant, configs: ConfigStore, now: number) {
  if (!config.enabled) return putAt;
  if ((await configs.put({ ...config, enabled: false }, version, externalId, now)) === 'conflict')
    throw new StoreError(
      `Tenant ${config.tenant} is being changed by somebody else; nothing of it is deleted yet. Try again.`,
    );
  return now;
}
