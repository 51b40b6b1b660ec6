/** What inspections have left behind of a tenant. Contract: test/contract/tenant-data.ts. */

export interface TenantData {
  /** Removes the tenant's incidents, runs and all else that is kept beside its config. Harmless where there is nothing. */
  removeAll(tenant: string): Promise<void>;
}
