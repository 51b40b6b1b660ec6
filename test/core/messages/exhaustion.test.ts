/** When a host's memory runs out, in words. */
import { describe, expect, it } from 'vitest';
import { exhaustionDelay, exhaustionRange, exhaustionText } from '../../../core/messages/exhaustion.ts';
import type { Exhaustion } from '../../../core/model/verdict.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const SECOND = 1000;

/** Expected so long after noon; from an hour before that to two hours after it. */
function expectedIn(ms: number): Exhaustion {
  const likely = NOON + ms;
  return { kind: 'expected', earliest: likely - HOUR, likely, latest: likely + 2 * HOUR };
}

describe('the time until the memory is full', () => {
  it.each([
    [-HOUR, 'now'],
    [0, 'now'],
    [30 * SECOND, 'now'],
    [MINUTE - 1, 'now'],
    [MINUTE, 'in 1 min'],
    [3 * HOUR, 'in 3 h'],
  ])('%d ms ahead is %s', (ms, text) => {
    expect(exhaustionDelay(expectedIn(ms), NOON)).toBe(text);
  });

  it('has no range where it is less than a minute', () => {
    expect(exhaustionRange(expectedIn(MINUTE - 1), NOON)).toBeUndefined();
    expect(exhaustionRange(expectedIn(MINUTE), NOON)).toBe('0 min–2 h');
  });

  it('is followed by its range', () => {
    expect(exhaustionText(expectedIn(30 * SECOND), NOON)).toBe('now');
    expect(exhaustionText(expectedIn(3 * HOUR), NOON)).toBe('in 3 h (2–5 h)');
  });

  it('is not known where nothing can be said', () => {
    expect(exhaustionText({ kind: 'cannot_say', reason: 'no_growth' }, NOON)).toBe('not known');
  });
});
