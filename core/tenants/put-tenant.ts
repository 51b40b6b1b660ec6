/** Puts a tenant's config: parsed completely, versioned, with the topic that its findings go to. */
import type { DeletedTenant, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { DeletedTenants } from '../ports/deleted-tenants.ts';
import { StoreError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { QueryCheck } from '../ports/query-check.ts';
import { allReceivers } from './alerts.ts';
import { parseTenantConfig } from './tenant-config.ts';

export interface PutTenantOptions {
  /** The version that the caller has seen; absent means whichever is newest. */
  readonly expectedVersion?: number;
  /** Used when the tenant is new: a fresh random id that no tenant can choose or guess. */
  readonly newExternalId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The ARN of the caller; absent where it is not known. */
  readonly putBy?: string;
  /** Whether a tenant whose deletion has begun is put all the same. What is deleted stays deleted. */
  readonly stopsDeletion?: boolean;
}

export interface PutTenantPorts {
  readonly configs: Pick<ConfigStore, 'get' | 'put'>;
  readonly publisher: Pick<Publisher, 'ensureTopic'>;
  readonly deleted: Pick<DeletedTenants, 'get'>;
  /** Absent where the input was checked before. */
  readonly queryCheck?: QueryCheck;
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
  /** Somebody else has put a version that the caller has not seen. */
  | {
      readonly kind: 'conflict';
      readonly newestVersion: number;
      /** What the caller's change rests on, and what is stored now; undefined where there is none. */
      readonly seen: StoredTenant | undefined;
      readonly newest: StoredTenant | undefined;
    }
  /** Results of a tenant that was deleted are kept under this id: whoever took it would find them among its own. */
  | { readonly kind: 'taken'; readonly deleted: DeletedTenant }
  /** The tenant's deletion has begun: nothing was stored. */
  | { readonly kind: 'deleting'; readonly tenant: StoredTenant };

/**
 * Throws `InvalidInputError` when the config does not parse; nothing is stored then. The topic is made first: a stored
 * tenant always has somewhere to publish to.
 */
export async function putTenant(
  input: unknown,
  { configs, publisher, deleted, queryCheck }: PutTenantPorts,
  { expectedVersion, newExternalId, now, putBy, stopsDeletion = false }: PutTenantOptions,
): Promise<PutTenantOutcome> {
  const config = parseTenantConfig(input, queryCheck);
  const before = await configs.get(config.tenant);
  const newestVersion = before?.version ?? 0;
  const version = expectedVersion ?? newestVersion;
  if (version !== newestVersion) return conflict(config.tenant, version, configs);
  // Looked at after the config: a deletion removes that last.
  const taken = before === undefined ? await deleted.get(config.tenant) : undefined;
  if (taken !== undefined) return { kind: 'taken', deleted: taken };
  const isDeleting = before?.deletion !== undefined;
  if (isDeleting && !stopsDeletion) return { kind: 'deleting', tenant: before };
  const isChatting = allReceivers(config).some(({ type }) => type === 'amazon-q');
  const topic = await publisher.ensureTopic(config.tenant, isChatting);
  // Both are as the schema writes them, so that the same config has the same text.
  if (before !== undefined && !isDeleting && JSON.stringify(before.config) === JSON.stringify(config)) {
    return { kind: 'unchanged', tenant: before, topic };
  }
  if ((await configs.put(config, version, newExternalId, now, putBy)) === 'conflict') {
    return conflict(config.tenant, version, configs);
  }
  const tenant = await configs.get(config.tenant, version + 1);
  if (tenant === undefined) {
    throw new StoreError(`Version ${version + 1} of tenant ${config.tenant} was stored and cannot be read back.`);
  }
  return { kind: 'stored', tenant, before, topic };
}

async function conflict(
  tenant: string,
  seenVersion: number,
  configs: PutTenantPorts['configs'],
): Promise<PutTenantOutcome> {
  const newest = await configs.get(tenant);
  const seen = seenVersion === 0 ? undefined : await configs.get(tenant, seenVersion);
  return { kind: 'conflict', newestVersion: newest?.version ?? 0, seen, newest };
}
