import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../bench/random.ts';
import { curveOf, stepsUntil } from '../../../core/detector/curve.ts';

const valuesOf = (count: number, at: (step: number) => number) => Float64Array.from({ length: count }, (_, i) => at(i));

describe('curveOf', () => {
  it('finds a parabola again: its slope at the end and its bend', () => {
    const curve = curveOf(valuesOf(20, (step) => 7 + 0.3 * step + 0.05 * step ** 2));

    expect(curve.slope).toBeCloseTo(0.3 + 2 * 0.05 * 19, 9);
    expect(curve.bend).toBeCloseTo(0.05, 9);
    expect(curve.explained).toBeCloseTo(1, 9);
  });

  it('has no bend on a line, and hardly explains noise by one', () => {
    const random = randomFrom(3);

    expect(curveOf(valuesOf(20, (step) => 2 * step))).toMatchObject({ explained: 0 });
    expect(curveOf(valuesOf(60, (step) => 2 * step + gaussian(random))).explained).toBeLessThan(0.2);
  });

  it('has no bend of fewer than four values', () => {
    expect(curveOf(Float64Array.of(1, 4, 5))).toEqual({ slope: 2, bend: 0, explained: 0 });
    expect(curveOf(Float64Array.of(1))).toEqual({ slope: 0, bend: 0, explained: 0 });
  });
});

describe('stepsUntil', () => {
  it('solves the parabola', () => {
    const steps = stepsUntil(12, { slope: 1, bend: 0.25, explained: 1 });

    expect(steps + 0.25 * steps ** 2).toBeCloseTo(12, 9);
  });

  it('divides by the slope where there is no bend', () => {
    expect(stepsUntil(12, { slope: 3, bend: 0, explained: 0 })).toBe(4);
  });

  it('takes no time where nothing is left to rise, whatever the slope', () => {
    for (const slope of [-1, 0, 1]) expect(stepsUntil(0, { slope, bend: 0.5, explained: 1 })).toBe(0);
  });

  it('never ends where growth levels off before, or there is none', () => {
    expect(stepsUntil(12, { slope: 1, bend: -0.1, explained: 1 })).toBe(Infinity);
    expect(stepsUntil(12, { slope: -1, bend: 0, explained: 0 })).toBe(Infinity);
  });

  it('also reaches what lies behind a dip', () => {
    const steps = stepsUntil(12, { slope: -1, bend: 0.5, explained: 1 });

    expect(-steps + 0.5 * steps ** 2).toBeCloseTo(12, 9);
    expect(stepsUntil(1e-12, { slope: -1, bend: 0.5, explained: 1 })).toBeCloseTo(2, 9);
  });
});
