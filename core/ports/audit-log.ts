/** The log of what callers of the API changed. Contract: test/contract/audit-log.ts. */
import type { AuditEntry } from '../model/audit.ts';

export interface AuditPage {
  /** The latest first. */
  readonly entries: readonly AuditEntry[];
  /** Null after the last page. */
  readonly cursor: string | null;
}

/** Entries are forgotten after a while, as those of incidents are. Throws `StoreError`. */
export interface AuditLog {
  /** Adds an entry, or replaces that of the same tenant, time and id. */
  put(entry: AuditEntry): Promise<void>;
  /**
   * Throws `InvalidInputError` where the cursor is none.
   *
   * @param limit Entries of a page at the most, 1 to 200.
   */
  list(tenant: string, request: { readonly limit: number; readonly cursor?: string }): Promise<AuditPage>;
}
