/** Reads what can be read back: an item that cannot hides no other, and is reported. */
import { ItemError } from '../ports/errors.ts';

/** Undefined where an item cannot be read back, which is then among the corrupt ones. */
export async function unlessCorrupt<Value>(reading: Promise<Value>, corrupt: ItemError[]): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.push(error);
    return undefined;
  }
}

/** What can be read of many items; a store throws what cannot after it has given the others. */
export async function readableItems<Item>(items: AsyncIterable<Item>, corrupt: ItemError[]): Promise<Item[]> {
  const read: Item[] = [];
  try {
    for await (const item of items) read.push(item);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.push(error);
  }
  return read;
}
