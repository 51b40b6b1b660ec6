/** Puts a tenant's config: parsed completely, versioned, with the topic that its findings go to. */
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import { parseTenantConfig } from './tenant-config.ts';

export interface PutTenantOptions {
  /** The version that the caller has seen; absent means whichever is newest. */
  readonly expectedVersion?: number;
  /** Used when the tenant is new: a fresh random id that no tenant can choose or guess. */
  readonly newExternalId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type PutTenantOutcome =
  | {
      readonly kind: 'stored';
      readonly tenant: StoredTenant;
      readonly before: StoredTenant | undefined;
      readonly topic: string;
    }
  /** The newest version is the same config: there is no need for another. */
  | { readonly kind: 'unchanged'; readonly tenant: StoredTenant; readonly topic: string }
  | { readonly kind: 'conflict'; readonly newestVersion: number };

/**
 * Throws `InvalidInputError` when the config does not parse; nothing is stored then. The topic is made first: a stored
 * tenant always has somewhere to publish to.
 */
export async function putTenant(
  input: unknown,
  { configs, publisher }: { configs: ConfigStore; publisher: Publisher },
  { expectedVersion, newExternalId, now }: PutTenantOptions,
): Promise<PutTenantOutcome> {
  const config = parseTenantConfig(input);
  const before = await configs.get(config.tenant);
  const newestVersion = before?.version ?? 0;
  const version = expectedVersion ?? newestVersion;
  if (version !== newestVersion) return { kind: 'conflict', newestVersion };
  const topic = await publisher.ensureTopic(config.tenant);
  // Both are as the schema writes them, so that the same config has the same text.
  if (before !== undefined && JSON.stringify(before.config) === JSON.stringify(config)) {
    return { kind: 'unchanged', tenant: before, topic };
  }
  if ((await configs.put(config, version, newExternalId, now)) === 'conflict') {
    return { kind: 'conflict', newestVersion: version + 1 };
  }
  const tenant = await configs.get(config.tenant, version + 1);
  if (tenant === undefined) {
    throw new StoreError(`Version ${version + 1} of tenant ${config.tenant} was stored and cannot be read back.`);
  }
  return { kind: 'stored', tenant, before, topic };
}
