/** Bounded concurrency: how many are under way, in which order results come, and what happens to a failure. */
import { describe, expect, it } from 'vitest';
import { inFlight } from '../../adapters/in-flight.ts';

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
  it('comes in the order of its items, whichever is done first', async () => {
    const { work, release } = createWork();
    const results = Array.fromAsync(inFlight([0, 1, 2], 3, work));
    await Promise.resolve();

    release(2);
    release(1);
    release(0);

    expect(await results).toEqual([0, 10, 20]);
  });

  it('is never more than the limit, and begins only when it is wanted', async () => {
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
    const turn = Promise.withResolvers<void>();
    const fail = async (item: number) => {
      if (item === 1) throw new RangeError('one is too many');
      await turn.promise;
      return item;
    };

    const reading = (async () => {
      for await (const item of inFlight([0, 1, 2], 3, fail)) seen.push(item);
    })();
    // The failure is there for a while before its turn comes.
    setImmediate(turn.resolve);

    await expect(reading).rejects.toThrow(RangeError);
    expect(seen).toEqual([0]);
  });
});
