/** Bounded concurrency for adapters that ask in batches. */

interface Done<Result> {
  readonly location: symbol;
  readonly result: Result;
}

/**
 * Runs `work` over the items with at most `limit` under way, and yields each result when it is there: one that takes long, or
 * never ends, holds its own place and nobody else's. Nothing is begun before it is wanted, so that what waits to be consumed
 * is bounded too. A failure ends it; results that come later are lost.
 */
export async function* inFlight<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay = new Map<symbol, Promise<Done<Result>>>();
  const waiting = items[Symbol.iterator]();
  const begin = (item: Item) => {
    const location = Symbol();
    const begun = work(item).then((result) => ({ location, result }));
    // One that fails after another has ended it all must not count as unhandled.
    begun.catch(() => {});
    underWay.set(location, begun);
  };
  for (;;) {
    while (underWay.size < limit) {
      const { done, value } = waiting.next();
      if (done) break;
      begin(value);
    }
    if (underWay.size === 0) return;
    const { location, result } = await Promise.race(underWay.values());
    underWay.delete(location);
    yield result;
  }
}
