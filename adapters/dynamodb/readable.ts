/** Reads many items of which some may be corrupt. */
import { ItemError } from '../../core/ports/errors.ts';

/**
 * Loads the item of each entry, a page at a time, and yields the values that exist. A corrupt item hides no other: its error
 * is thrown after all others were yielded. Any other failure is thrown at once.
 */
export async function* readable<Entry, Value>(
  pages: AsyncIterable<readonly Entry[]>,
  load: (entry: Entry) => Promise<Value | undefined>,
): AsyncIterable<Value> {
  const corrupt: ItemError[] = [];
  for await (const page of pages) {
    for (const result of await Promise.allSettled(page.map(load))) {
      if (result.status === 'fulfilled') {
        if (result.value !== undefined) yield result.value;
      } else if (result.reason instanceof ItemError) {
        corrupt.push(result.reason);
      } else {
        throw result.reason;
      }
    }
  }
  if (corrupt.length > 0) throw new ItemError(corrupt.map(({ message }) => message).join('\n'), { cause: corrupt[0] });
}
