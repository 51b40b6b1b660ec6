/** Which tenants were deleted and have results still. Contract: test/contract/deleted-tenants.ts. */
import type { DeletedTenant } from '../model/tenant.ts';

export interface DeletedTenants {
  get(tenant: string): Promise<DeletedTenant | undefined>;
  /** Stores or overwrites. */
  put(deleted: DeletedTenant): Promise<void>;
  /** In order of tenant id. */
  list(): AsyncIterable<DeletedTenant>;
  /** Harmless where there is none. */
  remove(tenant: string): Promise<void>;
}
