/** What a counter has added, from its totals. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedIn } from '../../../adapters/azure-monitor/points/added.ts';

const PERIOD = 300_000;

function totals(values: readonly (number | null)[]) {
  const known = values.flatMap((value, index) => (value === null ? [] : [[index * PERIOD, value] as const]));
  return { times: Float64Array.from(known, ([time]) => time), values: Float64Array.from(known, ([, value]) => value) };
}

describe('what a counter has added', () => {
  it('is the difference to the period before', () => {
    expect([...addedIn(totals([5, 7, 7, 12]), PERIOD).values]).toEqual([2, 0, 5]);
  });

  it('is all that the counter has where it was reset', () => {
    expect([...addedIn(totals([5, 7, 3]), PERIOD).values]).toEqual([2, 3]);
  });

  it('is not known of a period behind one without a total', () => {
    const { times, values } = addedIn(totals([5, null, 9, 10]), PERIOD);

    expect([[...times], [...values]]).toEqual([[3 * PERIOD], [1]]);
  });

  it('is never below zero, whatever the totals are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat())), (values) => {
        const { times, values: added } = addedIn(totals(values), PERIOD);
        expect(times).toHaveLength(added.length);
        expect(added.every((value) => value >= 0)).toBe(true);
      }),
    );
  });
});
