/** Whatever CloudWatch and the tagging API answer, a read ends in readings that can be evaluated, or in a `SourceError`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMutatedCloudWatch } from '../../../bench/fuzz-cloudwatch.ts';
import { brokenPromise } from '../../../bench/fuzz-reading-promises.ts';
import { randomFrom } from '../../../bench/random.ts';
import type { Reading } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';

/** As `npm run fuzz:answers` tries in greater numbers. */
const READS = 150;

async function readSeed(seed: number): Promise<readonly Reading[] | SourceError> {
  try {
    return await readMutatedCloudWatch(randomFrom(seed));
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

describe('mutated answers of CloudWatch', () => {
  it('end in readings that keep their promises, or in a SourceError', async () => {
    const kinds = new Set<string>();

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        const read = await readSeed(seed);

        if (read instanceof SourceError) kinds.add(read.reason);
        else {
          expect(read.map(brokenPromise).filter(Boolean)).toEqual([]);
          for (const { kind } of read) kinds.add(kind);
        }
      }),
      { numRuns: READS },
    );

    // Nothing would be shown by reads that all fail at once, or by answers that all stay good.
    expect([...kinds]).toEqual(expect.arrayContaining(['series', 'unreadable', 'malformed']));
  });
});
