/** Bounded concurrency: how many are under way, in which order results come, and what happens to a failure. */
import { describe, expect, it } from 'vitest';
import { inFlight } from '../../../adapters/reading/in-flight.ts';

/** Work that waits for its turn to be released, and knows how much of it is under way. */
function createWork() {
  const releases: (() => void)[] = [];
  const begun: number[] = [];
  return {
    begun,
    release: (index: number) => releases[index]?.(),
    async work(item: number): Promise<number> {
      begun.push(item);
      const { promise, resolve } = Promise.withResolvers<void>();
      releases[item] = resolve;
      await promise;
      return item * 10;
    },
  };
}

describe('work in flight', () => {
  it('yields each result as it is done, whichever item was started first', async () => {
    const { work, release } = createWork();
    const results = inFlight([0, 1, 2], 3, work);
    const first = results.next();

    release(2);

    expect(await first).toMatchObject({ value: 20 });
    release(0);
    expect(await results.next()).toMatchObject({ value: 0 });
    release(1);
    expect(await results.next()).toMatchObject({ value: 10 });
    expect(await results.next()).toMatchObject({ done: true });
  });

  it('continues to the last item beside one that never ends', async () => {
    const seen: number[] = [];
    const last = Promise.withResolvers<void>();
    const stall = (item: number) => (item === 0 ? new Promise<number>(() => {}) : Promise.resolve(item));

    const reading = (async () => {
      for await (const item of inFlight([0, 1, 2, 3, 4, 5], 2, stall)) if (seen.push(item) === 5) last.resolve();
    })();
    await Promise.race([last.promise, reading]);

    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('never exceeds the limit, and starts an item only when a result is requested', async () => {
    const { work, release, begun } = createWork();
    const results = inFlight([0, 1, 2, 3, 4], 2, work);
    expect(begun).toEqual([]);

    const first = results.next();
    expect(begun).toEqual([0, 1]);
    release(0);
    await first;
    expect(begun).toEqual([0, 1]);
    const second = results.next();

    expect(begun).toEqual([0, 1, 2]);
    release(1);
    expect(await second).toMatchObject({ value: 10 });
  });

  it('ends with the failure of an item, after the results before it', async () => {
    const seen: number[] = [];
    const fail = async (item: number) => {
      if (item > 0) throw new RangeError('one is too many');
      return item;
    };

    const reading = (async () => {
      for await (const item of inFlight([0, 1, 2], 3, fail)) seen.push(item);
    })();

    await expect(reading).rejects.toThrow(RangeError);
    expect(seen).toEqual([0]);
  });
});
