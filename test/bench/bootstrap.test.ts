import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../bench/bootstrap.ts';

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the bootstrap', () => {
  it('covers what the mean of a fair coin varies by', () => {
    const coins = Array.from({ length: 400 }, (_, index) => index % 2);

    const { low, high } = bootstrapInterval(coins, mean);

    // 1.645 standard deviations of sqrt(.25 / 400) on either side of a half.
    expect(low).toBeCloseTo(0.459, 2);
    expect(high).toBeCloseTo(0.541, 2);
  });

  it('is a point where all items are alike, and the same every time', () => {
    expect(bootstrapInterval([3, 3, 3], mean)).toEqual({ low: 3, high: 3 });
    expect(bootstrapInterval([1, 2, 3], mean)).toEqual(bootstrapInterval([1, 2, 3], mean));
  });

  it('is not a number where nothing can be scored', () => {
    expect(bootstrapInterval([], () => Number.NaN)).toEqual({ low: Number.NaN, high: Number.NaN });
  });
});
