/** Curves of few points. */
import { describe, expect, it } from 'vitest';
import { thinCurve } from '../../../core/inspection/thin-curve.ts';
import { aSeries, MINUTE } from '../../fixtures/builders.ts';

describe('a curve of few points', () => {
  it('is as it is where it has few samples', () => {
    expect(thinCurve(aSeries([0.1, null, 0.3]), 120, 'mean')).toEqual({
      start: '2026-11-20T11:15:00.000Z',
      periodSeconds: 900,
      values: [0.1, null, 0.3],
    });
  });

  it('has means of means, and minima of minima, of as many periods as it takes', () => {
    const series = aSeries([1, 2, null, 4, null, null, 7]);

    expect(thinCurve(series, 4, 'mean')).toMatchObject({ periodSeconds: 1800, values: [1.5, 4, null, 7] });
    expect(thinCurve(series, 4, 'least')).toMatchObject({ periodSeconds: 1800, values: [1, 4, null, 7] });
  });

  it('never has more points than are allowed', () => {
    const series = aSeries(Array.from({ length: 2881 }, (_, index) => index));

    const { values, periodSeconds } = thinCurve(series, 120, 'least');

    expect(values).toHaveLength(116);
    expect(periodSeconds).toBe(25 * 900);
    expect(values[1]).toBe(25);
  });

  it('takes what is no number for a gap, and leaves out what is outside of the window', () => {
    const series = aSeries([0.1, Number.NaN, 0.3]);
    const late = { ...series, times: series.times.map((time, index) => (index === 2 ? time + 60 * MINUTE : time)) };

    expect(thinCurve(late, 120, 'mean').values).toEqual([0.1, null, null]);
  });

  it('stands without a period, and without a window', () => {
    expect(thinCurve({ ...aSeries([1, 2, 3]), periodMs: 0 }, 3, 'mean').values).toEqual([1, 2, 3]);
    expect(thinCurve({ ...aSeries([]), periodMs: Number.NaN }, 3, 'mean').values).toEqual([]);
  });
});
