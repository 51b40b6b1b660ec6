/** How wide the interval of a rise is: pinned by figures worked out by hand, and by how often it holds the truth. */
import { describe, expect, it } from 'vitest';
import { endsOf, endsWithin, riseOf, shareOf } from '../../../core/detector/rise.ts';

/** The 90 % point of the normal distribution. */
const Z = 1.2816;
/** By which Student's quantile of six degrees of freedom exceeds it, to the first term. */
const STUDENT = (Z ** 3 + Z) / 24;

const EIGHT = { first: [0, 4], last: [4, 8] } as const;

const halfOf = (values: readonly number[], ends: Parameters<typeof riseOf>[1] = EIGHT) => {
  const { rise } = riseOf(Float64Array.from(values), ends);
  return rise.high - rise.estimate;
};

describe('the ends of a segment', () => {
  it.each([
    [7, null],
    [8, { first: [0, 4], last: [4, 8] }],
    [96, { first: [0, 12], last: [84, 96] }],
  ])('of %i periods are an eighth of it and at least four', (periods, ends) => {
    expect(endsOf(periods)).toEqual(ends);
  });

  it('within what is known are as long, and half of that where it is short', () => {
    const ends = { first: [0, 12], last: [84, 96] } as const;

    expect(endsWithin(ends, [20, 96])).toEqual({ first: [20, 32], last: [84, 96] });
    expect(endsWithin(ends, [80, 96])).toEqual({ first: [80, 88], last: [88, 96] });
  });
});

describe('the interval of a rise', () => {
  it('is exact where nothing trembles', () => {
    expect(riseOf(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), EIGHT).rise).toEqual({ low: 4, estimate: 4, high: 4 });
  });

  it('is as wide as Student’s quantile makes the spread of two means', () => {
    // Each end trembles by 1 about its mean: its variance is 4 / 3, that of its mean 1 / 3.
    expect(halfOf([1, -1, 1, -1, 1, -1, 1, -1])).toBeCloseTo((Z + STUDENT) * Math.sqrt(2 / 3), 6);
  });

  it('is wider where neighbours resemble one another', () => {
    // The products of neighbours sum to 1 of 4: a quarter of each period is the one before, (1 + 1/4) / (1 - 1/4).
    expect(halfOf([1, 1, -1, -1, 1, 1, -1, -1])).toBeCloseTo((Z + STUDENT) * Math.sqrt((2 / 3) * (1.25 / 0.75)), 6);
  });

  it('has the width of the known values, and none of those that are held constant', () => {
    const held = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 1, -1, 1, -1, 1, -1);
    const ends = { first: [0, 4], last: [12, 16] } as const;

    const { rise } = riseOf(held, ends, endsWithin(ends, [8, 16]));

    expect(rise.high - rise.low).toBeCloseTo(2 * (Z + STUDENT) * Math.sqrt(2 / 3), 6);
  });

  it.each([
    ['is white', 0, 0.78, 0.86],
    // Twelve periods show little of how alike neighbours are: it is too narrow then, and this is by how much.
    ['remembers half of itself', 0.5, 0.68, 0.82],
  ])('holds the truth about four times in five where noise %s', (_, memory, least, most) => {
    const held = coverage(memory);

    expect(held).toBeGreaterThan(least);
    expect(held).toBeLessThan(most);
  });
});

describe('the interval of a share', () => {
  it('is that of what the part does beside its share of the total', () => {
    const complete = Float64Array.of(0, 0, 0, 0, 8, 8, 8, 8);
    const part = Float64Array.of(1, -1, 1, -1, 5, 3, 5, 3);

    const share = shareOf(part, complete, EIGHT);

    expect(share?.estimate).toBe(0.5);
    expect((share?.high ?? 0) - 0.5).toBeCloseTo(
      halfOf([...part].map((value, index) => value - (complete[index] ?? 0) / 2)) / halfRise(complete),
      6,
    );
  });

  it('is as wide as what is known of the part trembles, where the rest is held on', () => {
    const complete = Float64Array.from({ length: 16 }, (_, index) => (index < 12 ? 0 : 8));
    const held = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 1, -1, 1, -1, 1, -1);
    const ends = { first: [0, 4], last: [12, 16] } as const;

    const share = shareOf(held, complete, ends, endsWithin(ends, [8, 16]));

    expect((share?.high ?? 0) - (share?.low ?? 0)).toBeCloseTo((2 * (Z + STUDENT) * Math.sqrt(2 / 3)) / 8, 6);
  });

  it('is null where the total rise may be none', () => {
    expect(
      shareOf(Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1), Float64Array.of(1, -1, 1, -1, 1.1, -0.9, 1.1, -0.9), EIGHT),
    ).toBeNull();
  });
});

function halfRise(complete: Float64Array): number {
  return riseOf(complete, EIGHT).rise.estimate;
}

/** How often the interval holds the true rise, of 2,000 segments of 96 periods whose noise remembers `memory` of itself. */
function coverage(memory: number): number {
  const random = seeded();
  const ends = endsOf(96);
  if (ends === null) throw new Error('too short');
  const truth = 84;
  const held = Array.from({ length: 2_000 }, () => {
    let noise = 0;
    const values = Float64Array.from({ length: 96 }, (_, index) => {
      noise = memory * noise + 10 * Math.sqrt(1 - memory ** 2) * normal(random);
      return index + noise;
    });
    const { low, high } = riseOf(values, ends).rise;
    return low <= truth && truth <= high;
  });
  return held.filter(Boolean).length / held.length;
}

/** Numerical Recipes' linear congruential generator: the same numbers each time. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (1_664_525 * state + 1_013_904_223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
