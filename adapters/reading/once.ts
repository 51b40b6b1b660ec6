/** A request whose answer serves all reads of a source: a listing of hosts, for example. */

/**
 * Returns a function that requests once and keeps the answer. Concurrent callers share one request. A request that fails, or
 * whose answer `isKept` rejects, is not kept: the next caller requests again.
 */
export function onceUnlessFailed<Arguments extends readonly unknown[], Result>(
  request: (...args: Arguments) => Promise<Result>,
  isKept: (result: Result) => boolean = () => true,
): (...args: Arguments) => Promise<Result> {
  let current: Promise<Result> | undefined;
  return async (...args) => {
    current ??= request(...args);
    const requested = current;
    let kept = false;
    try {
      const result = await requested;
      kept = isKept(result);
      return result;
    } finally {
      if (!kept && current === requested) current = undefined;
    }
  };
}

/**
 * Returns a function that keeps its last answer for the key that it was requested for. Concurrent callers share one request. One that fails is
 * not kept.
 *
 * @param isSame Whether what is kept serves a key too.
 */
export function onceForKey<Key, Arguments extends readonly unknown[], Result>(
  isSame: (kept: Key, key: Key) => boolean,
  request: (key: Key, ...args: Arguments) => Promise<Result>,
): (key: Key, ...args: Arguments) => Promise<Result> {
  let kept: { readonly key: Key; readonly answer: Promise<Result> } | undefined;
  return async (key, ...args) => {
    const requested = kept !== undefined && isSame(kept.key, key) ? kept : { key, answer: request(key, ...args) };
    kept = requested;
    try {
      return await requested.answer;
    } catch (error) {
      if (kept === requested) kept = undefined;
      throw error;
    }
  };
}
