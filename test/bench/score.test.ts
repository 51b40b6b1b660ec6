import { describe, expect, it } from 'vitest';
import { type BenchSeries, windowEnds } from '../../bench/data.ts';
import { type Flags, scoreOf } from '../../bench/score.ts';
import { aBenchSeries, aLeak, HOUR_S } from './bench-series.ts';

/** Flags at the ends of these hours. */
function flagged(series: BenchSeries, ...hours: number[]): Flags {
  const ends = windowEnds(series);
  return { series, ends, flags: ends.map((end) => hours.includes(end / HOUR_S)) };
}

/**
 * Four series of 20 windows. The leaks begin at 4 h: windows 1 to 4 are healthy, 5 and 6 unclear, 7 to 20 leak. That makes
 * 28 leaking windows, of which one is flagged, and 48 healthy ones, of which six are.
 */
const EXPECTED = [
  flagged(aLeak(4), 2, 6, 8),
  flagged(aLeak(4, { shape: 'exp', tier: 'fast' })),
  // Six hours after the alarm of 2 h is the same alarm, eight hours after that of 9 h a new one.
  flagged(aBenchSeries({ overlays: ['daily', 'step'] }), 1, 2, 8, 9, 17),
  flagged(aBenchSeries({ overlays: ['daily'] })),
];

describe('the score', () => {
  it('counts a leak as found and a healthy series as false by one flag', () => {
    const { precision, recall, f1 } = scoreOf(EXPECTED);

    expect({ precision, recall, f1 }).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
  });

  it('counts windows, and leaves unclear ones out', () => {
    const { windowF1, falseWindowShare } = scoreOf(EXPECTED);

    expect(windowF1).toBeCloseTo(2 / (2 + 6 + 27), 12);
    expect(falseWindowShare).toBe(6 / 48);
  });

  it('counts an alarm anew only after six hours without one', () => {
    const { falseAlarms } = scoreOf(EXPECTED);

    // Three alarms, one of them before a leak, in two days.
    expect(falseAlarms).toBe(1500);
  });

  it('takes the delay from the onset to the first flag, scored or not', () => {
    const { delay } = scoreOf(EXPECTED);

    expect(delay).toBe(2);
  });

  it('takes the delay of a leak that began before the scored hours from their start', () => {
    const early = aLeak(1, { evalFrom: 10 * HOUR_S });

    const { delay } = scoreOf([flagged(early, 11)]);

    expect(delay).toBe(1);
  });

  it('counts the leaking hours after the first hit that are flagged, of all leaks and of slow ones', () => {
    // The first hit of the slow leak is at 6 h, unclear: of 14 scored hours after it one is flagged. Of the fast one's last two hours
    // after its hit one is.
    const slow = flagged(aLeak(4), 6, 8);
    const fast = flagged(aLeak(4, { tier: 'fast' }), 18, 20);

    const { lasting, lastingSlow } = scoreOf([slow, fast]);

    expect({ lasting, lastingSlow }).toEqual({ lasting: 2 / 16, lastingSlow: 1 / 14 });
  });

  it('breaks found leaks down by tier and shape, and false alarms by overlay', () => {
    const { recallByTier, recallByShape, falseByOverlay } = scoreOf(EXPECTED);

    expect(recallByTier).toEqual(
      new Map([
        ['slow', { hit: 1, of: 1 }],
        ['fast', { hit: 0, of: 1 }],
      ]),
    );
    expect(recallByShape.get('exp')).toEqual({ hit: 0, of: 1 });
    expect(falseByOverlay).toEqual(
      new Map([
        ['daily', { hit: 1, of: 2 }],
        ['step', { hit: 1, of: 1 }],
      ]),
    );
  });

  it('does not count a leak that never has a scored window', () => {
    const { recall, precision } = scoreOf([flagged(aLeak(18), 19, 20), flagged(aLeak(4), 10)]);

    expect({ recall, precision }).toEqual({ recall: 1, precision: 1 });
  });

  it('is 0 where nothing is found', () => {
    const { f1, windowF1 } = scoreOf([flagged(aLeak(4))]);

    expect({ f1, windowF1 }).toEqual({ f1: 0, windowF1: 0 });
  });
});
