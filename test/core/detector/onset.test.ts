import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../bench/random.ts';
import { eachHinge, hingeOf } from '../../../core/detector/change-point.ts';
import { onsetOf } from '../../../core/detector/outlook.ts';

const HOUR = 3_600_000;
const END = 1000 * HOUR;

/** So many hourly floors that rise from the `changePoint`-th on, with noise. */
function floors(hours: number, changePoint: number, slope: number, noise = 0, seed = 1): Float64Array {
  const random = randomFrom(seed);
  return Float64Array.from({ length: hours }, (_, hour) => {
    return 40 + Math.max(0, hour - changePoint) * slope + (noise === 0 ? 0 : noise * gaussian(random));
  });
}
const onsetIn = (hourly: Float64Array) => onsetOf({ hourly, hinge: hingeOf(hourly, true) }, END);
const hoursBeforeEnd = (time: number | undefined) => (END - (time ?? Number.NaN)) / HOUR;

describe('onsetOf', () => {
  it('is the hour of the change point where a line shows it plainly', () => {
    const onset = onsetIn(floors(100, 60, 1));

    // The change point's floor stands for the hour that ends 39 hours before the end.
    expect([hoursBeforeEnd(onset?.start), hoursBeforeEnd(onset?.end)]).toEqual([40, 39]);
  });

  it('is left-censored where the growth may be older than the first floors', () => {
    expect(onsetIn(floors(100, 60, 1))?.leftCensored).toBe(false);
    expect(onsetIn(floors(100, 0, 1, 0.2))?.leftCensored).toBe(true);
    expect(onsetIn(floors(100, -30, 1))?.leftCensored).toBe(true);
  });

  it('is wider the less a line stands out from the noise, and about the true change point', () => {
    const [plain, faint] = [0.5, 4].map((noise) => onsetIn(floors(100, 60, 0.5, noise)));

    const width = (onset: typeof plain) => (onset?.end ?? 0) - (onset?.start ?? 0);
    expect(width(faint)).toBeGreaterThan(2 * width(plain));
    for (const onset of [plain, faint]) {
      expect(hoursBeforeEnd(onset?.start)).toBeGreaterThanOrEqual(39);
      expect(hoursBeforeEnd(onset?.end)).toBeLessThanOrEqual(40);
    }
  });

  it('holds the true change point most of the time where noise lasts for hours, within a day', () => {
    const random = randomFrom(9);
    const onsets = Array.from({ length: 100 }, () => {
      let noise = 0;
      const hourly = floors(100, 60, 0.5).map((floor) => {
        noise = 0.8 * noise + 0.24 * gaussian(random);
        return floor + noise;
      });
      return onsetIn(hourly);
    });

    const held = onsets.filter((onset) => hoursBeforeEnd(onset?.start) >= 39 && hoursBeforeEnd(onset?.end) <= 40);
    const widths = onsets.map((onset) => hoursBeforeEnd(onset?.start) - hoursBeforeEnd(onset?.end));
    expect(held.length).toBeGreaterThan(65);
    expect(Math.max(...widths)).toBeLessThan(24);
  });

  it('begins and ends with change points from which a line rises', () => {
    const slopesAtBounds = Array.from({ length: 40 }, (_, seed) => {
      const hourly = floors(60, 60, 0, 1, seed + 1);
      const onset = onsetIn(hourly);
      if (onset === null) return [];
      const slopes = new Map<number, number>();
      eachHinge(hourly, (changePoint, slope) => slopes.set(changePoint, slope));
      return [60 - hoursBeforeEnd(onset.start), 59 - hoursBeforeEnd(onset.end)].map((changePoint) =>
        slopes.get(changePoint),
      );
    });

    expect(slopesAtBounds.flat().length).toBeGreaterThan(40);
    expect(slopesAtBounds.flat().every((slope) => slope !== undefined && slope > 0)).toBe(true);
  });

  it('is none where nothing rises, or too little is known', () => {
    expect(onsetIn(floors(100, 60, -1))).toBeNull();
    expect(onsetIn(floors(3, 0, 1))).toBeNull();
    expect(onsetIn(new Float64Array())).toBeNull();
  });
});
