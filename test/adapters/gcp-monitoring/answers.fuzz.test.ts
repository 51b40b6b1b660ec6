import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneHourBefore, readEverything } from '../../../bench/answered-reads.ts';
import { type MutatedGcp, startMutatedGcp } from '../../../bench/gcp-answers.ts';
import { randomFrom } from '../../../bench/random.ts';
import { NOON } from '../../fixtures/builders.ts';

const SPAN = oneHourBefore(NOON);
const SHARE = fc.constantFrom(0.001, 0.005, 0.02, 0.1);

let cloud: MutatedGcp;

beforeAll(async () => {
  cloud = await startMutatedGcp(NOON);
});

afterAll(() => cloud[Symbol.asyncDispose]());

describe('mutated answers of Cloud Monitoring', () => {
  it('are honest ones where nothing is mutated', async () => {
    const { readings, broken } = await readEverything(cloud.source({ random: randomFrom(1), share: 0 }), SPAN);

    expect(broken).toBeUndefined();
    expect(readings.filter(({ kind }) => kind !== 'series')).toEqual([]);
    expect(readings.length).toBeGreaterThan(6);
  });

  it('end in readings that keep every promise, or in a SourceError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), SHARE, async (seed, share) => {
        const { broken } = await readEverything(cloud.source({ random: randomFrom(seed), share }), SPAN);

        expect(broken).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
