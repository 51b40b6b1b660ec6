/** Mutated trace files: whatever is done to a file, it ends in readings or in a sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMutated, SEEDS } from '../../../bench/fuzz-trace-files.ts';
import { randomFrom } from '../../../bench/random.ts';
import { write } from './files.ts';

/** `npm run fuzz:traces` reads a hundred thousand. */
const FILES = 300;

describe('a mutated trace file', () => {
  it('ends in readings, or is refused', async () => {
    const [file = ''] = await write({ 'web-1.csv': '' });

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEEDS), fc.integer(), async (seed, random) => {
        const outcome = await readMutated(file, seed, randomFrom(random));

        expect(outcome).toMatch(/^(refused|nothing|series|unreadable|series and unreadable)$/);
      }),
      { numRuns: FILES },
    );
  });
});
