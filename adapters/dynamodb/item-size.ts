/** How large an item is as DynamoDB counts it, so that one which is too large is refused in words before it is sent. */

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
export const MAX_ITEM_BYTES = 400 * 1024;

/** The same page. A partition key may have 2048 bytes; ours are no longer than the sort keys. */
export const MAX_SORT_KEY_BYTES = 1024;

/** A number takes a byte for every two significant digits and one more; with sign and exponent it is never more than this. */
const NUMBER_BYTES = 21;

/** Every list and map adds this much, and each of its entries one byte. */
const CONTAINER_BYTES = 3;

/**
 * Bytes of a value, rounded up where the exact count would need the wire form. An undefined entry is not stored.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum, entry) => sum + 1 + itemBytes(entry), CONTAINER_BYTES);
  const entries = Object.entries(value);
  return entries.reduce((sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + itemBytes(entry), CONTAINER_BYTES);
}
