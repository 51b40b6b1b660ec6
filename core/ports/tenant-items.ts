/** What people give a tenant and undo: each has an id. */
import type { PutOutcome } from './conditional-put.ts';
import type { ItemError } from './errors.ts';

export interface TenantItems<Item> {
  /**
   * In the order in which they were given. Consistent.
   *
   * @param skipped Is called where some cannot be read back: they are left out. Without it `list` throws that `ItemError`.
   */
  list(tenant: string, skipped?: (error: ItemError) => void): Promise<readonly Item[]>;
  /** Stores it. `conflict` where the tenant has one of the same id, which stays as it is. */
  put(item: Item): Promise<PutOutcome>;
  /** Undoes it, and returns whether there was one. */
  remove(tenant: string, id: string): Promise<boolean>;
}
