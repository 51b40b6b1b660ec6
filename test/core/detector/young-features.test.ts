import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YOUNG_FEATURES, youngFeaturesOf } from '../../../core/detector/young-features.ts';
import { lineOf, waveRss } from '../../../core/detector/young-fits.ts';
import type { CheckName } from '../../../core/model/verdict.ts';

/** Twelve hours of cells. */
const cellsOf = (shape: (hour: number) => number, hours = 12) =>
  Float64Array.from({ length: 4 * hours }, (_, cell) => shape(cell / 4));
const featuresOf = (cells: Float64Array) => {
  const named: Partial<Record<CheckName, number>> = {};
  for (const [index, value] of youngFeaturesOf(cells).entries()) {
    const name = YOUNG_FEATURES[index]?.name;
    if (name !== undefined) named[name] = value;
  }
  return named;
};
const ofShape = (shape: (hour: number) => number) => featuresOf(cellsOf(shape));

describe('the features of a young host', () => {
  it('measure a line: its rise over each part, steady, without a fall, and nothing left unexplained', () => {
    const line = ofShape((hour) => 40 + hour);

    expect(line.young_rise).toBeCloseTo(12, 1);
    expect(line.young_rise_8h).toBeCloseTo(8);
    expect(line.young_rise_2h).toBeCloseTo(2);
    expect(line).toMatchObject({ young_trend: 1, young_new_highs: 1, young_never_below: 1, young_fall: 0 });
    expect(line.young_deviation).toBeCloseTo(0);
    expect(line.young_jump_30min).toBeLessThan(0.1);
  });

  it('distinguish a line from a step, two steps, a ramp that has ended, a fill and half a wave of a day', () => {
    const line = ofShape((hour) => 40 + hour);
    const step = ofShape((hour) => (hour < 6 ? 40 : 52));
    const twoSteps = ofShape((hour) => (hour < 4 ? 40 : hour < 8 ? 46 : 52));
    const ramp = ofShape((hour) => 40 + Math.min(12, 3 * Math.max(0, hour - 2)));
    const fill = ofShape((hour) => 40 + 12 * (1 - Math.exp(-hour / 2)));
    const wave = ofShape((hour) => 46 - 6 * Math.cos((Math.PI * hour) / 12));

    expect(step.young_bend_over_step).toBeLessThan(1);
    expect(line.young_bend_over_step).toBeGreaterThan(10);
    expect(step.young_jump_30min).toBeCloseTo(1);
    expect(twoSteps.young_line_over_two_steps).toBeLessThan(1);
    expect(line.young_line_over_two_steps).toBeGreaterThan(10);
    expect(ramp.young_bend_over_ramp).toBeLessThan(1);
    expect(line.young_bend_over_ramp).toBeGreaterThan(1);
    expect(fill.young_bend_over_fill).toBeLessThan(0);
    expect(line.young_bend_over_fill).toBeGreaterThan(0);
    expect(wave.young_line_over_wave).toBeLessThan(1);
    expect(line.young_line_over_wave).toBeGreaterThan(1);
  });

  it('measure noise by neighbours, and how many samples did not move', () => {
    const still = ofShape(() => 40);
    const restless = ofShape((hour) => 40 + 2 * Math.sin(1000 * hour));

    expect(still).toMatchObject({ young_noise: 0, young_unchanged: 1, young_range: 0 });
    expect(restless.young_noise).toBeGreaterThan(1);
    expect(restless.young_unchanged).toBeLessThan(0.2);
  });

  it('are of the last day alone', () => {
    const day = cellsOf((hour) => 40 + hour / 2, 24);

    expect(youngFeaturesOf(Float64Array.of(...cellsOf(() => 90, 10), ...day))).toEqual(youngFeaturesOf(day));
  });

  it('do not depend on the level: how full a host is shows nothing of its growth', () => {
    const change = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(fc.array(change, { minLength: 40, maxLength: 96 }), fc.integer({ min: 1, max: 50 }), (walk, by) => {
        const cells = Float64Array.from(walk, (value) => 40 + value / 4);

        const moved = youngFeaturesOf(cells.map((value) => value + by));

        for (const [index, value] of youngFeaturesOf(cells).entries()) {
          const difference = Math.abs((moved[index] ?? 0) - value);
          expect(Number.isNaN(value) || difference < 1e-6 * Math.max(1, Math.abs(value))).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are known of any cells of twelve hours and more, whatever is missing, and of less than six not at all', () => {
    const cell = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 47, maxLength: 120 }), (values) => {
        const known = Float64Array.of(40, ...values.slice(-95));

        expect(youngFeaturesOf(known).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(youngFeaturesOf(cellsOf(() => 40, 5)).every(Number.isNaN)).toBe(true);
    expect(youngFeaturesOf(new Float64Array(48).fill(Number.NaN)).every(Number.isNaN)).toBe(true);
  });
});

describe('lineOf', () => {
  it('has the slope, the residuals and their correlation', () => {
    expect(lineOf(Float64Array.of(1, 3, 5, 7))).toEqual({ slope: 2, rss: 0, correlation: 0 });
    expect(lineOf(Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1)).correlation).toBeLessThan(-0.5);
    expect(lineOf(Float64Array.from({ length: 20 }, (_, i) => i * i)).correlation).toBeGreaterThan(0.5);
  });
});

describe('waveRss', () => {
  it('is nothing for a wave of a day of any height and phase', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 7, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (phase, height) => {
          const wave = Float64Array.from({ length: 24 }, (_, i) => 40 + height * Math.sin(phase + (Math.PI * i) / 24));

          expect(Math.abs(waveRss(wave))).toBeLessThan(1e-6);
        },
      ),
    );
  });
});
