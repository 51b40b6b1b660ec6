import { describe, expect, it } from 'vitest';
import { etsForecast } from '../../bench/ets.ts';

/** Five-minute samples of six hours up to the end. */
function samples(percentAt: (hour: number) => number, count = 72) {
  const hours = Float64Array.from({ length: count }, (_, sample) => (sample - count) / 12);
  return { hours, levels: hours.map(percentAt) };
}

describe('the ETS forecast', () => {
  it('goes on with a line', () => {
    const forecast = etsForecast(
      samples((hour) => 60 + hour + Math.sin(hour * 40) / 50),
      24,
    );

    expect(forecast).toBeCloseTo(84, 0);
  });

  it('stays where memory stays', () => {
    expect(
      etsForecast(
        samples((hour) => 60 + Math.sin(hour * 40)),
        24,
      ),
    ).toBeCloseTo(60, -1);
  });

  it('is not a number where there are too few samples for any model', () => {
    expect(
      etsForecast(
        samples(() => 60, 3),
        24,
      ),
    ).toBeNaN();
  });
});
