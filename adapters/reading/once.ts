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
