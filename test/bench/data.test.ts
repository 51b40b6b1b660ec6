import { describe, expect, it } from 'vitest';
import { type BenchSeries, isLeak, leaksAt, windowEnds } from '../../bench/data.ts';
import { aBenchSeries, aLeak, HOUR_S } from './bench-series.ts';

/** The truth of each hour from 1 on: `.` healthy, `L` leaking, `?` not scored. */
function truths(series: BenchSeries): string {
  return windowEnds(series)
    .map((end) => isLeak(series, end))
    .map((leak) => (leak === null ? '?' : leak ? 'L' : '.'))
    .join('');
}

describe('what is true of a window', () => {
  it('is healthy all along for a healthy series', () => {
    expect(truths(aBenchSeries())).toBe('....................');
  });

  it('leaks from the third hour after the onset on', () => {
    expect(truths(aLeak(4))).toBe('....??LLLLLLLLLLLLLL');
  });

  it('is unclear for three hours after a restart', () => {
    const restarted = aLeak(4, { resets: [10 * HOUR_S] });

    expect(truths(restarted)).toBe('....??LLLL??LLLLLLLL');
  });

  it('is unclear for six hours after a leak was stopped', () => {
    const stopped = aLeak(4, { stop: 10 * HOUR_S, active: [[4 * HOUR_S, 10 * HOUR_S]] });

    expect(truths(stopped)).toBe('....??LLLL?????.....');
  });

  it('is unclear from when memory is pinned at the cap', () => {
    const pinned = aLeak(4, { sat: [[12 * HOUR_S, 20 * HOUR_S]] });

    expect(truths(pinned)).toBe('....??LLLLLL????????');
  });

  it('leaks from the first second for a hit', () => {
    const leak = aLeak(4);

    expect(leaksAt(leak, 4 * HOUR_S)).toBe(false);
    expect(leaksAt(leak, 5 * HOUR_S)).toBe(true);
  });
});

describe('the windows', () => {
  it('end at each full hour after the history', () => {
    const series = aBenchSeries({ evalFrom: 17 * HOUR_S });

    expect(windowEnds(series)).toEqual([18 * HOUR_S, 19 * HOUR_S, 20 * HOUR_S]);
  });
});
