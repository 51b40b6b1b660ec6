/** Waits for work that cannot be cancelled, but not for ever. */

/** Rejects with the signal's reason when it aborts first. The work goes on: others may be waiting for it too. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}
