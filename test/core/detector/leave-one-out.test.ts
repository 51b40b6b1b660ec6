/** The spread of all values but one is what it is when the others are sorted anew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../core/detector/leave-one-out.ts';
import { middle } from '../../../core/detector/order.ts';

const value = fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: -3, max: 3 }));

function plainSpread(values: Float64Array) {
  const median = middle(values);
  const deviation = middle(values.map((one) => Math.abs(one - median)));
  return { count: values.length, low: Math.min(...values), median, high: Math.max(...values), deviation };
}

describe('the spread of sorted values', () => {
  it('without one of them is that of the others', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 40 }), fc.nat(), (values, pick) => {
        const index = pick % values.length;
        const others = Float64Array.from(values.toSpliced(index, 1));

        const spread = spreadOf(Float64Array.from(values).sort(), values[index]);

        expect(plus(spread)).toEqual(plus(plainSpread(others)));
      }),
    );
  });

  it('is that of all of them where none is left out', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const all = Float64Array.from(values);

        expect(plus(spreadOf(all.toSorted()))).toEqual(plus(plainSpread(all)));
      }),
    );
  });

  it('is of nothing where there is no value, or only the one that is left out', () => {
    expect(spreadOf(Float64Array.of())).toMatchObject({ count: 0, median: Number.NaN });
    expect(spreadOf(Float64Array.of(4), 4)).toMatchObject({ count: 0, median: Number.NaN, deviation: Number.NaN });
  });
});

/** With no negative zero. */
function plus(spread: object): object {
  return Object.fromEntries(Object.entries(spread).map(([name, figure]) => [name, figure + 0]));
}
