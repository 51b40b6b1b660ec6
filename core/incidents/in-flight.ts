/** Bounded concurrency, and bounded waiting, for work whose results are not needed in order. */

/**
 * Runs `work` over the items with at most `limit` under way, in the order given. The first failure ends it: nothing more is
 * begun, and it is thrown when all that was under way has ended.
 */
export async function eachInFlight<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const waiting = items[Symbol.iterator]();
  async function worker(): Promise<void> {
    for (let next = waiting.next(); !next.done && failures.length === 0; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Waits for the work, or until the signal is aborted. */
export async function raceWith(signal: AbortSignal | undefined, work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined || signal?.aborted) return;
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
