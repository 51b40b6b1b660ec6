import { describe, expect, it } from 'vitest';
import { hourlyMeans, mstlForecast, outliersNow } from '../../bench/augurs.ts';

/** A hundred hours of quarters. */
const HOURS = Float64Array.from({ length: 400 }, (_, index) => -100 + index / 4);

function levelsOf(level: (hour: number) => number): Float64Array {
  return HOURS.map((hour) => level(hour + 100));
}

describe('MSTL', () => {
  it('carries on a line and the season of a day', () => {
    const levels = levelsOf((hour) => 20 + 0.4 * hour + 5 * Math.sin((2 * Math.PI * hour) / 24));

    // 24 hours after the hour 99: the same hour of the day.
    const expected = 20 + 0.4 * 123.4 + 5 * Math.sin((2 * Math.PI * 99.4) / 24);
    expect(Math.abs(mstlForecast({ hours: HOURS, levels }, 24) - expected)).toBeLessThan(2);
  });

  it('forecasts nothing from less than two days', () => {
    expect(mstlForecast({ hours: HOURS.slice(-100), levels: levelsOf(() => 40).slice(-100) }, 24)).toBeNaN();
  });
});

describe('outlier detection', () => {
  it('finds the host that is not where the others of its group are', () => {
    const levels = [40, 41, 39, 40.5, 70].map((level) =>
      Float64Array.from([0, 0.4, 0.1, 0.3], (noise) => level + noise),
    );

    expect(outliersNow(levels)).toEqual([false, false, false, false, true]);
  });

  it('finds none among two hosts', () => {
    expect(outliersNow([Float64Array.of(1, 1), Float64Array.of(9, 9)])).toEqual([false, false]);
  });
});

describe('hourly means', () => {
  it('carry the last hour over one without samples', () => {
    const samples = { hours: Float64Array.of(-3, -2.5, -0.5), levels: Float64Array.of(10, 20, 40) };

    expect([...hourlyMeans(samples)]).toEqual([15, 15, 40]);
  });
});
