/** How messages are packed into batches without ever sending an event before an earlier one of its incident was taken. */

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 256 * 1024;

export interface Packable {
  /** Events of one incident go one after the other. */
  readonly incident: string;
  readonly bytes: number;
}

/**
 * Takes the next batch: at most one event of an incident, because the entries of a batch fail each on its own and the
 * later one might be taken without the earlier.
 */
export function nextBatch<Item extends Packable>(waiting: readonly Item[]): { batch: Item[]; rest: Item[] } {
  const batch: Item[] = [];
  const rest: Item[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const item of waiting) {
    const fits = batch.length < MAX_ENTRIES && (batch.length === 0 || bytes + item.bytes <= MAX_BATCH_BYTES);
    if (fits && !seen.has(item.incident)) {
      batch.push(item);
      bytes += item.bytes;
    } else {
      rest.push(item);
    }
    seen.add(item.incident);
  }
  return { batch, rest };
}
