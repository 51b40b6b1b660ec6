import { describe, expect, it } from 'vitest';
import { restartBy } from '../../../core/model/restart-by.ts';
import type { Exhaustion } from '../../../core/model/verdict.ts';

const HOUR = 3_600_000;
const window = (start: number, end: number) => ({ start: start * HOUR, end: end * HOUR });
/** Full in 20 h at the earliest: a restart is safe for 18 h. */
const inTwentyHours: Exhaustion = { kind: 'expected', earliest: 20 * HOUR, likely: 40 * HOUR, latest: null };

describe('restartBy', () => {
  it('is safe until nine tenths of the time to the earliest exhaustion', () => {
    expect(restartBy(inTwentyHours, [], 0)).toEqual({ at: 18 * HOUR, window: null });
  });

  it('names the last window before it, whatever their order', () => {
    const windows = [window(14, 16), window(30, 32), window(2, 4)];

    expect(restartBy(inTwentyHours, windows, 0)?.window).toEqual(window(14, 16));
  });

  it('ends a window where a restart is no longer safe, and begins one that is open now', () => {
    expect(restartBy(inTwentyHours, [window(17, 30)], 0)?.window).toEqual(window(17, 18));
    expect(restartBy(inTwentyHours, [window(-2, 1)], 0)?.window).toEqual(window(0, 1));
  });

  it('keeps what else a window holds', () => {
    const named = { ...window(14, 16), name: 'nightly' };

    expect(restartBy(inTwentyHours, [named], 0)?.window).toEqual(named);
  });

  it('leaves out windows that are over or too short for a restart', () => {
    expect(restartBy(inTwentyHours, [window(-4, -1), window(17.9, 30), window(5, 5.1)], 0)?.window).toBeNull();
  });

  it('is now where memory may be full already', () => {
    const full: Exhaustion = { kind: 'expected', earliest: 0, likely: HOUR, latest: 2 * HOUR };

    expect(restartBy(full, [window(0, 4)], HOUR)).toEqual({ at: HOUR, window: null });
  });

  it('is not known where exhaustion is not', () => {
    expect(restartBy({ kind: 'cannot_say', reason: 'no_growth' }, [window(0, 4)], 0)).toBeNull();
  });
});
