/** Where tenants’ configs are kept. Contract: test/contract/config-store.ts. */
import type { AccountProvider } from '../model/series.ts';
import type {
  DeploymentDefaults,
  StoredDefaults,
  StoredTenant,
  TenantConfig,
  TenantDeletion,
} from '../model/tenant.ts';
import type { PutOutcome } from './conditional-put.ts';

/**
 * Tenant configs, versioned, and the deployment's defaults, which come with every newest version. A put that races another one is a `conflict`, never a lost
 * update.
 */
export interface ConfigStore {
  /** The newest version, or the requested one; undefined where there is none. */
  get(tenant: string, version?: number): Promise<StoredTenant | undefined>;
  /**
   * The tenant's external id; one that has none gets `newExternalId`, for good. A tenant needs no config for it, because what
   * a config names is made with it; it is not listed before it has one.
   */
  reserveExternalId(tenant: string, newExternalId: string): Promise<string>;
  /**
   * Stores the config as the version after `expectedVersion` (0 for a new tenant), with the tenant's external id:
   * `newExternalId` is taken where it has none.
   *
   * @param putAt Epoch milliseconds.
   * @param putBy The ARN of the caller; absent where it is not known.
   * @param deletion Marks the version as the one with which the tenant's deletion began.
   */
  put(
    config: TenantConfig,
    expectedVersion: number,
    newExternalId: string,
    putAt: number,
    putBy?: string,
    deletion?: TenantDeletion,
  ): Promise<PutOutcome>;
  /** Every version of the tenant's config, the newest first. One that cannot be read back hides no other: it throws `ItemError` at the end. */
  versions(tenant: string): AsyncIterable<StoredTenant>;
  /** The deployment's defaults: the newest version, or the requested one; undefined where there is none. */
  defaults(version?: number): Promise<StoredDefaults | undefined>;
  /** Stores the version after `expectedVersion` (0 for the first). */
  putDefaults(
    defaults: DeploymentDefaults,
    expectedVersion: number,
    putAt: number,
    putBy?: string,
  ): Promise<PutOutcome>;
  /**
   * Removes every version of the tenant's config, its external id and its entries in the lists; older versions first, so that
   * none of them is ever the newest. Harmless where it is gone already; a removal that was interrupted is completed by the next.
   */
  remove(tenant: string): Promise<void>;
  /** The newest version of every tenant, in order of tenant id. */
  list(): AsyncIterable<StoredTenant>;
  /** The newest version of the tenants whose config has this account, enabled or not, in order of tenant id. */
  tenantsOf(provider: AccountProvider, account: string): AsyncIterable<StoredTenant>;
}
