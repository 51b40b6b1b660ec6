/**
 * Deletes a tenant in two steps, and its results later: nothing of it can be read by one that takes its id afterwards, not even what an inspection writes
 * that was under way at the time.
 */
import type { StoredTenant, TenantDeletion } from '../model/tenant.ts';
import type { AccessStore } from '../ports/access-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeletedTenants } from '../ports/deleted-tenants.ts';
import { StoreError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { TenantData } from '../ports/tenant-data.ts';

export interface DeletePorts {
  readonly configs: ConfigStore;
  readonly data: TenantData;
  readonly publisher: Publisher;
  readonly deleted: Pick<DeletedTenants, 'put'>;
  readonly access: Pick<AccessStore, 'ofTenant' | 'remove'>;
}

/** The id of a tenant is free this long after it was disabled, in milliseconds: no function that read its config before still runs. */
const WRITES_END_MS = 15 * 60_000;

/** How long the events of a disabled tenant may wait for its topic before they are given up, in milliseconds. */
const OUTBOX_GIVEN_UP_MS = 24 * 3_600_000;

/** How long the results of a deleted tenant are kept: whoever deleted the wrong one still has what was found. */
export const RESULTS_KEPT_DAYS = 30;

export type DeleteOutcome =
  /** Its results alone are left, until `resultsUntil` (epoch milliseconds) or until they are removed; until then they hold the id. */
  | { readonly kind: 'deleted'; readonly resultsUntil: number }
  /** There was no such tenant; what an interrupted deletion had left of it is gone. */
  | { readonly kind: 'absent' }
  /**
   * Its data are gone. Its disabled config and its external id hold the id, and its topic takes what is published meanwhile, until a
   * deletion after `from` (epoch milliseconds) removes them, with what was written since.
   */
  | { readonly kind: 'disabled'; readonly from: number }
  /** Events of so many incidents wait for the topic, which stays for them: a deletion after `givenUpAt` no longer waits. */
  | { readonly kind: 'publishing'; readonly incidents: number; readonly givenUpAt: number };

/**
 * First a disabled version is put that states that the deletion began, so that schedules go and what begins from then on inspects nothing; then the data go, but for events
 * that wait for the topic. The topic and the config with the external id go last, and only when the tenant has been disabled for long
 * enough and its events are published or given up. A deletion that was
 * interrupted is completed by the next. Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 * @param by The ARN of the caller, which the disabled version states; undefined where it is not known.
 */
export async function deleteTenant(
  tenant: string,
  { configs, data, publisher, deleted, access }: DeletePorts,
  now: number,
  by?: string,
): Promise<DeleteOutcome> {
  const stored = await configs.get(tenant);
  const disabledAt = stored && (await begin(stored, configs, now, by));
  await removeGrants(tenant, access);
  const givenUpAt = (disabledAt ?? Number.NEGATIVE_INFINITY) + OUTBOX_GIVEN_UP_MS;
  const { incidents } = await data.removeAll(tenant, { keepsOutboxes: now < givenUpAt });
  if (disabledAt !== undefined && now - disabledAt < WRITES_END_MS)
    return { kind: 'disabled', from: disabledAt + WRITES_END_MS };
  if (incidents > 0) return { kind: 'publishing', incidents, givenUpAt };
  const resultsUntil = now + RESULTS_KEPT_DAYS * DAY_MS;
  // Before the id is free.
  if (stored !== undefined) await deleted.put({ tenant, deletedAt: now, resultsUntil });
  await publisher.removeTopic(tenant);
  // Last, because until then a deletion that was interrupted can be found and repeated.
  await configs.remove(tenant);
  // What a request gave that had read the config before. The results that are left still hold the id, so that no grant is a later tenant's.
  if (stored !== undefined) await removeGrants(tenant, access);
  return stored === undefined ? { kind: 'absent' } : { kind: 'deleted', resultsUntil };
}

/** Whoever takes the id later takes no one's roles over. */
async function removeGrants(tenant: string, access: DeletePorts['access']): Promise<void> {
  for (const { id } of await access.ofTenant(tenant)) await access.remove(tenant, id);
}

const DAY_MS = 24 * 3_600_000;

/** Since when the tenant is disabled at the least, epoch milliseconds. Whoever reads its config learns that its deletion began. */
async function begin(stored: StoredTenant, configs: ConfigStore, now: number, by: string | undefined) {
  if (stored.deletion !== undefined) return stored.deletion.disabledAt;
  const { config, version, externalId, putAt } = stored;
  const disabledAt = config.enabled ? now : putAt;
  const disabled = { ...config, enabled: false };
  if ((await configs.put(disabled, version, externalId, now, by, { disabledAt })) === 'conflict')
    throw new StoreError(
      `Tenant ${config.tenant} is being changed by somebody else; nothing of it is deleted yet. Try again.`,
    );
  return disabledAt;
}

/** When the next step of a deletion that has begun removes the rest, epoch milliseconds. */
export function removableFrom({ disabledAt }: TenantDeletion): number {
  return disabledAt + WRITES_END_MS;
}
