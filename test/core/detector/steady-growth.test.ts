import { describe, expect, it } from 'vitest';
import { hoursAtPace, STEADY_PACE } from '../../../core/detector/steady-growth.ts';

/** 40 points of room, 1 an hour. */
const hoursOf = (deviation = 0, pace = STEADY_PACE) =>
  Object.values(hoursAtPace(40, 1, deviation, pace)).map((hours) => Number(hours.toFixed(2)));

describe('hoursAtPace', () => {
  it('divides the free memory by 1.5 times, once and 0.6 times the past growth', () => {
    expect(hoursOf()).toEqual([26.67, 40, 66.67]);
  });

  it('has a wider interval for a wider pace', () => {
    expect(hoursOf(0, { slow: 0.3, likely: 1.25, fast: 3 })).toEqual([13.33, 32, 133.33]);
  });

  it('has a wider interval the more the floor wanders beside the line', () => {
    // Two deviations are 6: 40 = x + hypot(0.5 x, 6), and 40 = x - hypot(0.4 x, 6).
    const [earliest = 0, likely, latest = 0] = hoursOf(3);

    expect(likely).toBe(40);
    expect(earliest + Math.hypot(0.5 * earliest, 6)).toBeCloseTo(40, 1);
    expect(latest - Math.hypot(0.4 * latest, 6)).toBeCloseTo(40, 1);
    expect(earliest).toBeLessThan(26.67);
    expect(latest).toBeGreaterThan(66.67);
  });

  it('assumes that the floor wanders by no more than half of the free memory', () => {
    expect(hoursOf(10)).toEqual(hoursOf(1000));
    expect(hoursOf(1000)[0]).toBeGreaterThan(10);
  });

  it('is now where memory is full', () => {
    expect(hoursAtPace(0, 1, 3, STEADY_PACE)).toEqual({ earliest: 0, likely: 0, latest: 0 });
  });
});
