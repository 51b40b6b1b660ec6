/** Ends work early: when its time is over, and when its consumer stops. */

/** Rejects with the signal's reason when it aborts first. The work goes on: others may be waiting for it too. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}

/** Yields what `read` yields. The signal that it receives also aborts when the consumer stops early, which ends open requests. */
export async function* untilConsumerStops<T>(
  signal: AbortSignal | undefined,
  read: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const stop = new AbortController();
  try {
    yield* read(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
  } finally {
    stop.abort();
  }
}
