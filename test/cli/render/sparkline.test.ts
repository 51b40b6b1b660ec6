import { describe, expect, it } from 'vitest';
import { cropped } from '../../../cli/render/buckets.ts';
import { sparkline } from '../../../cli/render/sparkline.ts';
import { aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

describe('sparkline', () => {
  it('rises with the series, one character for each part of the window', () => {
    const rising = aSeries(Array.from({ length: 16 }, (_, index) => 0.2 + index * 0.02));

    expect(sparkline(rising, 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('leaves a part without samples blank', () => {
    const withGap = aSeries([0.2, 0.2, null, null, 0.6, 0.6]);

    expect(sparkline(withGap, 3)).toBe('▁ █');
  });

  it('keeps the noise of a flat host flat', () => {
    const flat = aSeries([0.5, 0.501, 0.499, 0.5]);

    expect(sparkline(flat, 4)).toBe('▄▄▄▄');
  });

  it('keeps the noise of a flat host flat in bytes too', () => {
    const flat = aSeries([5e9, 5.01e9, 4.99e9, 5e9], { unit: 'By', limit: 8e9 });

    expect(sparkline(flat, 4)).toBe('▄▄▄▄');
  });

  it('passes over samples that are no numbers', () => {
    const broken = aSeries([0.2, Number.NaN, Number.POSITIVE_INFINITY, 0.6]);

    expect(sparkline(broken, 4)).toBe('▁  █');
  });

  it('is blank for a series without samples', () => {
    expect(sparkline(aSeries([null, null]), 4)).toBe('    ');
  });
});

describe('cropped', () => {
  it('begins with the first sample and never before the window', () => {
    const late = aSeries([null, null, 0.3, 0.4], { periodMs: HOUR });

    expect(cropped(late).window).toEqual({ start: NOON - 2 * HOUR, end: NOON });
    expect(cropped(late, NOON - 9 * HOUR).window).toEqual({ start: NOON - 4 * HOUR, end: NOON });
  });
});
