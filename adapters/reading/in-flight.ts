/** Batches of requests, and bounded concurrency over them. */

/** Splits a list into batches of `size`; the last may be shorter. */
export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

interface Finished<Result> {
  readonly id: symbol;
  readonly result: Result;
}

/**
 * Runs `work` over the items with at most `limit` under way, and yields each result as soon as there is one: an item that takes
 * long delays no other. An item is started only when a result is wanted, so that finished results cannot pile up either. A
 * failure ends the run; later results are lost.
 */
export async function* inFlight<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay = new Map<symbol, Promise<Finished<Result>>>();
  const waiting = items[Symbol.iterator]();
  const start = (item: Item) => {
    const id = Symbol();
    const started = work(item).then((result) => ({ id, result }));
    // One that fails after another has ended the run must not count as an unhandled rejection.
    started.catch(() => {});
    underWay.set(id, started);
  };
  for (;;) {
    while (underWay.size < limit) {
      const { done, value } = waiting.next();
      if (done) break;
      start(value);
    }
    if (underWay.size === 0) return;
    const { id, result } = await Promise.race(underWay.values());
    underWay.delete(id);
    yield result;
  }
}
