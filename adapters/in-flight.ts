/** Bounded concurrency for adapters that ask in batches. */

/**
 * Runs `work` over the items with at most `limit` under way, and yields the results in the order of the items. Nothing
 * is begun before it is wanted, so that what waits to be consumed is bounded too.
 */
export async function* inFlight<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    const begun = work(item);
    // One that fails before it is awaited must not count as unhandled; awaiting it below still throws.
    begun.catch(() => {});
    underWay.push(begun);
    if (underWay.length < limit) continue;
    const oldest = underWay.shift();
    if (oldest !== undefined) yield await oldest;
  }
  for (const begun of underWay) yield await begun;
}
