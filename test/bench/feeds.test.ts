import { describe, expect, it } from 'vitest';
import { AS_ADAPTERS, EVERYTHING, feedable, windowOf } from '../../bench/feeds.ts';
import { aBenchSeries } from './bench-series.ts';

const MINUTE_MS = 60_000;

describe('a feed', () => {
  it('gives the minima of 15 minutes as fractions, and nothing where no sample is known', () => {
    const series = aBenchSeries({ step: 300, v: [50, 40, 60, null, null, null, 70, null, 80] });

    const { times, values, statistic, periodMs } = feedable(series, AS_ADAPTERS);

    expect([...values]).toEqual([0.4, 0.7]);
    expect([...times]).toEqual([0, 30 * MINUTE_MS]);
    expect({ statistic, periodMs }).toEqual({ statistic: 'minimum', periodMs: 15 * MINUTE_MS });
  });

  it('gives every known sample', () => {
    const series = aBenchSeries({ step: 300, v: [50, null, 60] });

    const { times, values, statistic } = feedable(series, EVERYTHING);

    expect([...values]).toEqual([0.5, 0.6]);
    expect([...times]).toEqual([0, 10 * MINUTE_MS]);
    expect(statistic).toBe('average');
  });

  it('ends a window before the sample of its end, and begins it so many hours before', () => {
    const hourly = feedable(aBenchSeries(), EVERYTHING);

    const { times, window } = windowOf(hourly, 10 * 3600, 3);

    expect([...times].map((time) => time / (60 * MINUTE_MS))).toEqual([7, 8, 9]);
    expect(window).toEqual({ start: 7 * 60 * MINUTE_MS, end: 10 * 60 * MINUTE_MS });
  });

  it('begins a window with the series where that is younger', () => {
    const { window } = windowOf(feedable(aBenchSeries(), EVERYTHING), 10 * 3600, Infinity);

    expect(window.start).toBe(0);
  });
});
