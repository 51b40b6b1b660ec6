import { describe, expect, it } from 'vitest';
import { exhaustionOf } from '../../../core/detector/exhaustion.ts';
import type { Outlook } from '../../../core/detector/outlook.ts';
import type { PatternName } from '../../../core/model/verdict.ts';

const HOUR = 3_600_000;

/** A floor at 60 % that grows by 1 %/h on a straight line without noise. */
const outlook = (rest: Partial<Outlook> = {}): Outlook => ({
  level: 60,
  growth: { low: 0.9, estimate: 1, high: 1.1 },
  hours: 24,
  ahead: 1,
  deviation: 0,
  pattern: null,
  ...rest,
});
const shaped = (name: PatternName) => ({ pattern: { name, confidence: 0.8 } });
const hoursOf = (rest: Partial<Outlook> = {}) => {
  const exhaustion = exhaustionOf(outlook(rest), true, 0);
  if (exhaustion.kind === 'cannot_say') throw new Error(exhaustion.reason);
  const { earliest, likely, latest } = exhaustion;
  return [earliest, likely, latest ?? Number.NaN].map((time) => Number((time / HOUR).toFixed(2)));
};

describe('exhaustionOf', () => {
  it('divides the free memory by 1.5 times, once and 0.6 times the past growth', () => {
    expect(hoursOf()).toEqual([26.67, 40, 66.67]);
    expect(hoursOf(shaped('linear'))).toEqual([26.67, 40, 66.67]);
  });

  it('is sooner where growth accelerates, and has a wider interval where growth is curved', () => {
    expect(hoursOf(shaped('exponential'))).toEqual([13.33, 32, 133.33]);
    expect(hoursOf(shaped('creep'))).toEqual([20, 40, 133.33]);
  });

  it('has a wider interval the more the floor wanders beside the line', () => {
    // Two deviations are 6: 40 = x + hypot(0.5 x, 6), and 40 = x - hypot(0.4 x, 6).
    const [earliest = 0, likely, latest = 0] = hoursOf({ deviation: 3 });

    expect(likely).toBe(40);
    expect(earliest + Math.hypot(0.5 * earliest, 6)).toBeCloseTo(40, 1);
    expect(latest - Math.hypot(0.4 * latest, 6)).toBeCloseTo(40, 1);
    expect(earliest).toBeLessThan(26.67);
    expect(latest).toBeGreaterThan(66.67);
  });

  it('assumes that the floor wanders by no more than half of the free memory', () => {
    expect(hoursOf({ deviation: 10 })).toEqual(hoursOf({ deviation: 1000 }));
    expect(hoursOf({ deviation: 1000 })[0]).toBeGreaterThan(10);
  });

  it('is now where memory is full', () => {
    expect(hoursOf({ level: 100, deviation: 3 })).toEqual([0, 0, 0]);
    expect(hoursOf({ level: 99.999, deviation: 3, ...shaped('exponential') })).toEqual([0, 0, 0]);
  });

  it('ignores that the slope may be zero: the host was reported for other features', () => {
    expect(hoursOf({ growth: { low: -0.1, estimate: 1, high: 2 } })).toEqual([26.67, 40, 66.67]);
  });

  it('is given up to a year ahead', () => {
    const inHours = (hours: number) => {
      const estimate = 100 / hours;
      return exhaustionOf(outlook({ level: 0, ahead: estimate }), true, 0);
    };

    expect(inHours(200 * 24)).toMatchObject({ kind: 'expected', latest: 333 * 24 * HOUR + 8 * HOUR });
    expect(inHours(364 * 24)).toMatchObject({ kind: 'expected', latest: null });
    expect(inHours(366 * 24).kind).toBe('cannot_say');
  });

  it('is unknown without a capacity or without growth', () => {
    expect(exhaustionOf(outlook(), false, 0).kind).toBe('cannot_say');
    expect(exhaustionOf(outlook({ ahead: 0 }), true, 0).kind).toBe('cannot_say');
  });
});
