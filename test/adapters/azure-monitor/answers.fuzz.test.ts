import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneHourBefore, readEverything } from '../../../bench/answered-reads.ts';
import { mutatedAzure, startAzure } from '../../../bench/azure-answers.ts';
import { randomFrom } from '../../../bench/random.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { NOON } from '../../fixtures/builders.ts';

const SPAN = oneHourBefore(NOON);
const SHARE = fc.constantFrom(0.001, 0.005, 0.02, 0.1);

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startAzure(NOON);
});

afterAll(() => sandbox.close());

describe('mutated answers of Azure', () => {
  it('are honest ones where nothing is mutated', async () => {
    const { readings, broken } = await readEverything(mutatedAzure(sandbox, randomFrom(1), 0), SPAN);

    expect(broken).toBeUndefined();
    expect(readings.filter(({ kind }) => kind === 'series' || kind === 'not_monitored')).toHaveLength(readings.length);
    expect(readings.length).toBeGreaterThan(8);
  });

  it('end in readings that keep every promise, or in a SourceError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), SHARE, async (seed, share) => {
        const { broken } = await readEverything(mutatedAzure(sandbox, randomFrom(seed), share), SPAN);

        expect(broken).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
