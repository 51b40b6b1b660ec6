/** Items that are forgotten after a while by the table's own time to live. */
import type { StoreOptions } from './table.ts';

export interface ExpiringOptions extends StoreOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface Expiry {
  /** Epoch seconds from which DynamoDB may delete an item that is put now. */
  ttl(): number;
  /** DynamoDB deletes what has expired within days, not at once. */
  isKept(item: { readonly ttl: number }): boolean;
}

export function createExpiry(now: () => number, days: number): Expiry {
  const seconds = () => Math.floor(now() / 1000);
  return { ttl: () => seconds() + days * 24 * 3600, isKept: ({ ttl }) => ttl > seconds() };
}
