import { describe, expect, it } from 'vitest';
import { fiveMinuteMeans, hoursLeft, leastSquares } from '../../bench/samples.ts';

describe('samples', () => {
  it('are averaged over five minutes', () => {
    const minutes = Float64Array.of(-10, -9, -8, -7, -6, -5, -2);

    const { hours, levels } = fiveMinuteMeans({
      hours: minutes.map((minute) => minute / 60),
      levels: Float64Array.of(1, 2, 3, 4, 5, 10, 20),
    });

    expect([...levels]).toEqual([3, 15]);
    expect([...hours].map((hour) => Math.round(hour * 600) / 10)).toEqual([-8, -3.5]);
  });

  it('that are coarser stay as they are', () => {
    const coarse = { hours: Float64Array.from({ length: 72 }, (_, i) => (i - 72) / 12), levels: new Float64Array(72) };

    expect(fiveMinuteMeans(coarse).hours).toEqual(coarse.hours);
  });

  it('on a line are explained by it', () => {
    const line = { hours: Float64Array.of(-3, -2, -1), levels: Float64Array.of(40, 42, 44) };

    expect(leastSquares(line)).toEqual({ slope: 2, intercept: 46, r2: 1 });
    expect(hoursLeft(line, 2)).toBe(29);
  });

  it('that do not grow never meet the limit', () => {
    const flat = { hours: Float64Array.of(-3, -2, -1), levels: Float64Array.of(40, 40, 40) };

    expect(leastSquares(flat)).toEqual({ slope: 0, intercept: 40, r2: 0 });
    expect(hoursLeft(flat, 0)).toBe(Infinity);
  });
});
