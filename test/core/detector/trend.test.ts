import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../bench/random.ts';
import { growthOf } from '../../../core/detector/outlook.ts';
import { slopeInterval, slopeOf } from '../../../core/detector/trend.ts';

const line = (length: number, perStep: number) => Float64Array.from({ length }, (_, index) => 3 + perStep * index);

describe('slopeOf', () => {
  it('is the median of the slopes of all pairs', () => {
    // 1 to 2: 1; 1 to 5: 2; 2 to 5: 3.
    expect(slopeOf(Float64Array.of(1, 2, 5))).toBe(2);
  });

  it('withstands outliers in a fourth of the values', () => {
    const values = line(16, 0.5);
    for (const index of [2, 7, 11, 14]) values[index] = 900;

    expect(slopeOf(values)).toBeCloseTo(0.5, 1);
  });
});

describe('slopeInterval', () => {
  /** How many of 200 noisy lines have their true slope in the interval; each value keeps `memory` of the noise before. */
  function coverage(memory: number): number {
    const random = randomFrom(5);
    let held = 0;
    for (let trial = 0; trial < 200; trial++) {
      let noise = 0;
      const values = line(40, 0.1).map((value) => {
        noise = memory * noise + Math.sqrt(1 - memory * memory) * gaussian(random);
        return value + noise;
      });
      const { low, high } = slopeInterval(values);
      if (low <= 0.1 && high >= 0.1) held++;
    }
    return held / 200;
  }

  it('holds the true slope of four lines in five where noise is independent', () => {
    expect(coverage(0)).toBeGreaterThan(0.72);
    expect(coverage(0)).toBeLessThan(0.9);
  });

  it('is wider where noise is autocorrelated', () => {
    expect(coverage(0.6)).toBeGreaterThan(0.65);
  });

  it('has as its bounds two of the sorted slopes, equally far from the median', () => {
    const random = randomFrom(3);
    const values = line(12, 0).map((value) => value + gaussian(random));
    const slopes = [...values.keys()].flatMap((i) =>
      Array.from({ length: values.length - 1 - i }, (_, gap) => {
        return ((values[i + gap + 1] ?? 0) - (values[i] ?? 0)) / (gap + 1);
      }),
    );
    const ordered = slopes.toSorted((a, b) => a - b);

    const { low, estimate, high } = slopeInterval(values);

    const [first, middle, last] = [low, estimate, high].map((slope) => ordered.indexOf(slope));
    expect(middle).toBe(slopes.length >> 1);
    expect((first ?? Number.NaN) + (last ?? Number.NaN)).toBe(slopes.length);
    expect(first).toBeLessThan(middle ?? 0);
  });

  it('is the slope of two values', () => {
    expect(slopeInterval(Float64Array.of(1, 3))).toEqual({ low: 2, estimate: 2, high: 2 });
  });

  it('is a point on a line without noise', () => {
    const { low, estimate, high } = slopeInterval(line(20, 0.25));

    for (const bound of [low, estimate, high]) expect(bound).toBeCloseTo(0.25, 9);
  });
});

describe('growthOf', () => {
  it.each([10, 60, 65, 100, 200, 400])('finds the same growth per hour over %i h', (hours) => {
    const { low, estimate, high } = growthOf(line(420, 0.3), hours);

    for (const bound of [low, estimate, high]) expect(bound).toBeCloseTo(0.3, 6);
  });

  it('is half as wide again as the interval of the slope', () => {
    const random = randomFrom(7);
    const floors = line(40, 0.2).map((value) => value + gaussian(random));
    const slope = slopeInterval(floors);

    const { low, estimate, high } = growthOf(floors, 40);

    expect(estimate).toBe(slope.estimate);
    expect((estimate - low) / (estimate - slope.low)).toBeCloseTo(1.5, 9);
    expect((high - estimate) / (slope.high - estimate)).toBeCloseTo(1.5, 9);
  });

  it('looks at six hours at least', () => {
    const jumped = Float64Array.from({ length: 20 }, (_, hour) => (hour < 18 ? 0 : 10));

    expect(growthOf(jumped, 1).estimate).toBe(growthOf(jumped, 6).estimate);
  });

  it('does not grow without history', () => {
    expect(growthOf(Float64Array.of(7), 24)).toEqual({ low: 0, estimate: 0, high: 0 });
  });
});
