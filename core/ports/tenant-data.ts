/** What inspections have left behind of a tenant. Contract: test/contract/tenant-data.ts. */

export interface TenantData {
  /**
   * Removes the tenant's incidents, runs and all else that is kept beside its config. Harmless where there is nothing. With
   * `keepsOutboxes` incidents stay whose events wait for the topic; `incidents` is how many these are.
   */
  removeAll(tenant: string, options?: { readonly keepsOutboxes?: boolean }): Promise<{ readonly incidents: number }>;
}
