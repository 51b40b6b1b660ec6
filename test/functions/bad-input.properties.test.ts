/** What is promised of every input from outside, on a few hundred of each kind; `npm run fuzz:inputs` tries a hundred thousand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INPUT_PROMISES } from '../../bench/fuzz-input-promises.ts';

describe('an input that somebody got wrong', () => {
  it.each(INPUT_PROMISES)('is refused in its own terms where it is of the kind $name', async ({ input, outcome }) => {
    const outcomes = new Set<string>();

    await fc.assert(
      fc.asyncProperty(input, async (value) => {
        outcomes.add(await outcome(value));
      }),
      { numRuns: 400, seed: 7 },
    );

    // Both what is taken and what is refused was tried.
    expect(outcomes.size).toBeGreaterThan(1);
  });
});
