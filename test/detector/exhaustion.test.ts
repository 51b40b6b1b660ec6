import { describe, expect, it } from 'vitest';
import { exhaustionOf, type Outlook } from '../../detector/exhaustion.ts';

const HOUR = 3_600_000;

/** A floor at 60 % that grows by 1 %/h on a straight line without noise. */
const outlook = (rest: Partial<Outlook> = {}): Outlook => ({
  level: 60,
  growth: { low: 0.9, estimate: 1, high: 1.1 },
  deviation: 0,
  pattern: 'linear',
  ...rest,
});
const hoursOf = (rest: Partial<Outlook> = {}) => {
  const exhaustion = exhaustionOf(outlook(rest), true, 0);
  if (exhaustion.kind === 'cannot_say') throw new Error(exhaustion.reason);
  const { earliest, likely, latest } = exhaustion;
  return [earliest, likely, latest ?? Number.NaN].map((time) => Number((time / HOUR).toFixed(2)));
};

describe('exhaustionOf', () => {
  it('is what is left over the growth, were it 1.3 times, once and 0.6 times what it was', () => {
    expect(hoursOf()).toEqual([30.77, 40, 66.67]);
  });

  it('comes sooner of growth that is ever faster, and may come much later of growth that is ever slower', () => {
    expect(hoursOf({ pattern: 'exponential' })).toEqual([11.43, 40, 100]);
    expect(hoursOf({ pattern: 'creep' })).toEqual([36.36, 40, 200]);
  });

  it('is less sure the more the floor wanders beside the line', () => {
    // 3 deviations are 6: 40 = x + hypot(0.3 x, 6), and 40 = x - hypot(0.4 x, 6).
    const [earliest = 0, likely, latest = 0] = hoursOf({ deviation: 2 });

    expect(likely).toBe(40);
    expect(earliest + Math.hypot(0.3 * earliest, 6)).toBeCloseTo(40, 1);
    expect(latest - Math.hypot(0.4 * latest, 6)).toBeCloseTo(40, 1);
    expect(earliest).toBeLessThan(30.77);
    expect(latest).toBeGreaterThan(66.67);
  });

  it('may be now where the floor wanders by all that is left', () => {
    expect(hoursOf({ deviation: 14 })[0]).toBe(0);
    expect(hoursOf({ deviation: 14, pattern: 'exponential' })[0]).toBe(0);
  });

  it('has no latest time where growth may as well end', () => {
    expect(exhaustionOf(outlook({ growth: { low: -0.1, estimate: 1, high: 2 } }), true, 0)).toMatchObject({
      latest: null,
    });
  });

  it('is now where memory is full', () => {
    expect(hoursOf({ level: 100, deviation: 3 })).toEqual([0, 0, 0]);
    expect(hoursOf({ level: 100 })).toEqual([0, 0, 0]);
  });

  it('is said up to a year ahead', () => {
    const inHours = (hours: number) => {
      const estimate = 100 / hours;
      return exhaustionOf(outlook({ level: 0, growth: { low: estimate, estimate, high: estimate } }), true, 0);
    };

    expect(inHours(364 * 24)).toMatchObject({ kind: 'expected', latest: null });
    expect(inHours(366 * 24).kind).toBe('cannot_say');
  });

  it('cannot be said without a capacity or without growth', () => {
    expect(exhaustionOf(outlook(), false, 0).kind).toBe('cannot_say');
    expect(exhaustionOf(outlook({ growth: { low: -1, estimate: 0, high: 1 } }), true, 0).kind).toBe('cannot_say');
  });
});
