/** Bounded waiting. */

/** Waits for the work, or until the signal is aborted. What the work throws later than that is dropped. */
export async function raceWith(signal: AbortSignal | undefined, work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return;
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    // The race listens to the work even where it is lost: a failure that nobody listens to ends the process.
    await Promise.race([work, aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
