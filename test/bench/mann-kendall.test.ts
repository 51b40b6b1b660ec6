import { describe, expect, it } from 'vitest';
import { mannKendall, senSlope, varianceInflation } from '../../bench/mann-kendall.ts';
import { randomFrom } from '../../bench/random.ts';

function samples(levels: readonly number[]) {
  return { hours: Float64Array.from(levels.keys()), levels: Float64Array.from(levels) };
}

describe('Mann-Kendall', () => {
  it('gives the statistic of a series that only grows', () => {
    // S = 45 of 45 pairs, variance 10 * 9 * 25 / 18 = 125.
    expect(mannKendall(Float64Array.from({ length: 10 }, (_, i) => i))).toBeCloseTo(44 / Math.sqrt(125), 12);
  });

  it('is negative for a series that falls', () => {
    expect(mannKendall(Float64Array.of(3, 2, 1))).toBeLessThan(0);
  });

  it('takes ties out of the variance', () => {
    // S = 2, variance (3 * 2 * 11 - 2 * 1 * 9) / 18.
    expect(mannKendall(Float64Array.of(1, 1, 2))).toBeCloseTo(1 / Math.sqrt(48 / 18), 12);
  });

  it('is 0 where every value is the same', () => {
    expect(mannKendall(Float64Array.of(5, 5, 5, 5))).toBe(0);
  });
});

describe('Sen’s slope', () => {
  it('is the median of the slopes of all pairs, which one outlier does not move', () => {
    expect(senSlope(samples([0, 2, 4, 100, 8, 10, 12]))).toBe(2);
  });
});

describe('the correction of Hamed and Rao', () => {
  it('leaves independent samples alone', () => {
    const random = randomFrom(7);
    const independent = samples(Array.from({ length: 72 }, () => random()));

    expect(varianceInflation(independent, 0)).toBeLessThan(1.5);
  });

  it('inflates the variance of samples that hang together', () => {
    const swinging = samples(Array.from({ length: 72 }, (_, i) => Math.sin(i / 12)));

    expect(varianceInflation(swinging, 0)).toBeGreaterThan(3);
  });

  it('takes a line for a trend, and not for autocorrelation', () => {
    const line = samples(Array.from({ length: 72 }, (_, i) => i / 4));

    expect(varianceInflation(line, 0.25)).toBe(1);
  });
});
