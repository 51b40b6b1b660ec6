/** What a warm function keeps for the identities that it has worked for of late. */

export interface Recent<Key, Value> {
  /** The value of a key, made where it is not kept. */
  get(key: Key, make: () => Value): Value;
}

/** Keeps `limit` values; the one whose last use is longest ago makes room for another, and `onDropped` may release what it holds. */
export function createRecent<Key, Value>(
  limit: number,
  onDropped: (value: Value) => void = () => {},
): Recent<Key, Value> {
  // A map keeps its entries in the order in which they were set.
  const kept = new Map<Key, Value>();
  return {
    get(key, make) {
      const value = kept.get(key) ?? make();
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept;
      if (oldest !== undefined && kept.size > limit) {
        kept.delete(oldest[0]);
        onDropped(oldest[1]);
      }
      return value;
    },
  };
}
