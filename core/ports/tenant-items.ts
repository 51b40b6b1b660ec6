/** What people give a tenant and undo: each has an id. */
export interface TenantItems<Item> {
  /** In the order in which they were given. Consistent. Where one cannot be read back it throws `ItemError`. */
  list(tenant: string): Promise<readonly Item[]>;
  /** Stores it, or replaces the one of the same id. */
  put(item: Item): Promise<void>;
  /** Undoes it, and returns whether there was one. */
  remove(tenant: string, id: string): Promise<boolean>;
}
