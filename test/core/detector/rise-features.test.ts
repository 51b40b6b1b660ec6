import { describe, expect, it } from 'vitest';
import { pairFloors } from '../../../core/detector/floors.ts';
import { rangeOf } from '../../../core/detector/order.ts';
import { aboveBefore, aboveEarlierDays, aboveHighs, senRise, tauOf } from '../../../core/detector/rise-features.ts';

const hourly = (hours: number, at: (hour: number) => number) =>
  Float64Array.from({ length: hours }, (_, hour) => at(hour));

describe('senRise', () => {
  it('is the rise of the median line over all floors', () => {
    expect(senRise(Float64Array.of(1, 2, 3, 4), 4)).toBeCloseTo(3);
    expect(senRise(Float64Array.of(1, 2, 90, 4), 4)).toBeCloseTo(3);
  });

  it('fills gaps with the floor before, and at the front with the one after', () => {
    expect(senRise(Float64Array.of(Number.NaN, 2, Number.NaN, 4, 4), 5)).toBeCloseTo(2.67, 1);
  });

  it('is NaN for fewer floors, or where more than two in five are missing', () => {
    expect(senRise(Float64Array.of(1, 2, 3), 4)).toBeNaN();
    expect(senRise(Float64Array.of(1, Number.NaN, Number.NaN, 4, Number.NaN), 5)).toBeNaN();
  });
});

describe('tauOf', () => {
  it('is 1 where every floor is above all before it, -1 where below, 0 where as many rise as fall', () => {
    expect(tauOf(Float64Array.of(1, 2, 5))).toBe(1);
    expect(tauOf(Float64Array.of(5, 2, 1))).toBe(-1);
    expect(tauOf(Float64Array.of(1, 5, 1))).toBe(0);
  });

  it('ignores differences below the resolution of the collector', () => {
    expect(tauOf(Float64Array.of(1, 1.01, 1.015))).toBe(0);
  });

  it('is NaN without floors', () => {
    expect(tauOf(new Float64Array())).toBeNaN();
  });
});

describe('aboveEarlierDays', () => {
  it('compares with the same hour of the last three days', () => {
    // 1 % on the first day, 2 % on the second, 10 % on the third, 7 % now.
    const levels = hourly(96, (hour) => [1, 2, 10, 7][Math.floor(hour / 24)] ?? 0);

    expect(aboveEarlierDays(levels)).toEqual([-3, 5, 6]);
  });

  it('is NaN for days without history', () => {
    expect(aboveEarlierDays(hourly(30, (hour) => hour))).toEqual([24, Number.NaN, Number.NaN]);
    expect(aboveEarlierDays(hourly(20, () => 1))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('aboveBefore', () => {
  it.each([
    [5, 9, 1],
    [9, 5, 1],
    [1, 9, 5],
    [1, 5, 9],
    [5, 1, 9],
    [9, 1, 5],
  ])('is measured to the median of the last three hours (%i, %i, %i)', (...last) => {
    expect(aboveBefore(Float64Array.of(...Array(20).fill(0), ...last), 6)).toBe(5);
  });

  it('is measured from the highest earlier level, which one outage in fifty hours does not set', () => {
    const levels = hourly(106, (hour) => (hour === 50 ? 90 : hour < 100 ? 40 : 43));

    expect(aboveBefore(levels, 6)).toBe(3);
  });

  it('is unknown with less than six hours before', () => {
    expect(
      aboveBefore(
        hourly(11, () => 1),
        6,
      ),
    ).toBeNaN();
    expect(
      aboveBefore(
        hourly(12, () => 1),
        6,
      ),
    ).toBe(0);
  });
});

describe('aboveHighs', () => {
  it('is measured in rises of the last two days', () => {
    // Up by one an hour for 48 h from where it always was: an entire rise above the highs (pairs of hours leave two off).
    const levels = hourly(100, (hour) => 20 + Math.max(0, hour - 52));

    expect(aboveHighs(levels, senRise(pairFloors(levels.subarray(-48)), 24))).toBeCloseTo(1, 1);
  });

  it('is below nothing where the past was higher', () => {
    expect(
      aboveHighs(
        hourly(100, (hour) => (hour < 40 ? 90 : hour / 10)),
        4.7,
      ),
    ).toBeLessThan(-10);
  });
});

describe('rangeOf', () => {
  it('is the greatest value less the least', () => {
    expect(rangeOf(Float64Array.of(3, -1, 2))).toBe(4);
    expect(rangeOf(new Float64Array())).toBeNaN();
  });
});
