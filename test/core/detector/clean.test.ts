import { describe, expect, it } from 'vitest';
import { clean, levelOf } from '../../../core/detector/clean.ts';
import { NOW, seriesOf, withSamples } from './shapes.ts';

const NOTHING = { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 };
const start = seriesOf(() => 1).window.start;

/** A series of fractions at so many milliseconds after its start. */
const sampled = (...samples: [after: number, value: number][]) =>
  withSamples(
    Float64Array.from(samples, ([after]) => start + after),
    Float64Array.from(samples, ([, value]) => value),
  );

describe('clean', () => {
  it('returns the arrays of a series without faults', () => {
    const series = sampled([0, 0.1], [1, 0.2], [2, 0.3]);

    const samples = clean(series);

    expect(samples?.cleaned).toEqual(NOTHING);
    expect([samples?.times, samples?.values]).toEqual([series.times, series.values]);
  });

  it('drops the one faulty sample of a series, and counts it', () => {
    const length = NOW - start;

    expect(clean(sampled([0, 0.1], [1, 0.3], [1, 0.2]))).toMatchObject({
      values: Float64Array.of(0.1, 0.2),
      cleaned: { ...NOTHING, duplicate: 1 },
    });
    expect(clean(sampled([0, 0.1], [length, 0.2]))?.cleaned).toEqual({ ...NOTHING, outsideWindow: 1 });
    expect(clean(sampled([-1, 0.1], [0, 0.2]))?.cleaned).toEqual({ ...NOTHING, outsideWindow: 1 });
    expect(clean(sampled([0, 0.1], [1, 1.06]))?.cleaned).toEqual({ ...NOTHING, outOfRange: 1 });
    expect(clean(sampled([0, -0.1], [1, 0.2]))?.cleaned).toEqual({ ...NOTHING, outOfRange: 1 });
    expect(clean(sampled([0, Number.NaN], [1, 0.2]))?.cleaned).toEqual({ ...NOTHING, notFinite: 1 });
  });

  it('orders samples that came in another order', () => {
    expect(clean(sampled([2, 0.3], [0, 0.1], [1, 0.2]))).toMatchObject({
      times: Float64Array.of(start, start + 1, start + 2),
      values: Float64Array.of(0.1, 0.2, 0.3),
      cleaned: NOTHING,
    });
  });

  it('writes to no array of the series', () => {
    const series = sampled([2, 0.3], [0, 7], [1, 0.2]);
    const before = [series.times.slice(), series.values.slice()];

    clean(series);

    expect([series.times, series.values]).toEqual(before);
  });

  it('takes the highest sample as the capacity where there is no limit', () => {
    const bytes = { ...sampled([0, 300], [1, 400]), unit: 'By' as const };

    expect(clean(bytes)).toMatchObject({ capacity: 400, limitKnown: false });
  });
});

describe('levelOf', () => {
  it('is percent of the capacity, and full above it', () => {
    expect([0, 0.5, 1, 1.04].map((value) => levelOf(value, 1))).toEqual([0, 50, 100, 100]);
  });

  it('is 0 without a capacity', () => {
    expect(levelOf(0, 0)).toBe(0);
  });
});
