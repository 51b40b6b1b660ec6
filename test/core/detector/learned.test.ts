import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelOf, scoreOf } from '../../../core/detector/boosted-trees.ts';
import { LEARNED } from '../../../core/detector/detect.ts';
import { FEATURES } from '../../../core/detector/features.ts';
import { confidenceAt } from '../../../core/detector/learned.ts';

const someFeatures = fc
  .array(fc.double({ min: -50, max: 50, noNaN: false }), { minLength: FEATURES.length, maxLength: FEATURES.length })
  .map((values) => Float64Array.from(values));

describe('the learned table', () => {
  const monotone = [...FEATURES.keys()].filter((feature) => FEATURES[feature]?.monotone === true);

  it('never finds a leak less likely where a monotone feature speaks more for one', () => {
    fc.assert(
      fc.property(
        someFeatures,
        fc.constantFrom(...monotone),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (features, index, by) => {
          const value = features[index] ?? Number.NaN;
          fc.pre(!Number.isNaN(value));
          const more = features.with(index, value + by * (FEATURES[index]?.direction ?? 1));

          // Values of leaves are rounded to three digits.
          expect(scoreOf(LEARNED.model, more)).toBeGreaterThanOrEqual(scoreOf(LEARNED.model, features) - 1e-2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is never certain: every confidence lies strictly between 0 and 1', () => {
    fc.assert(
      fc.property(someFeatures, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (features, prior) => {
        for (const hours of [9, 15, 24, 50, 200]) {
          const confidence = confidenceAt(LEARNED, hours, scoreOf(LEARNED.model, features), prior);

          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThan(1);
        }
      }),
    );
  });

  it('has a limit for each feature', () => {
    expect(LEARNED.limits).toHaveLength(FEATURES.length);
    expect(LEARNED.limits.every(Number.isFinite)).toBe(true);
  });

  it('is refused when it names a feature that nobody computes', () => {
    expect(() => modelOf(0, [[[['colour', 1, false]], [0, 1]]])).toThrow(/colour/);
  });

  it('makes no host much surer or less sure because it has an hour more of history', () => {
    const scores = Array.from({ length: 41 }, (_, step) => -4 + step / 5);
    const hours = Array.from({ length: 150 }, (_, hour) => 9 + hour);

    const steps = scores.flatMap((score) => {
      const sure = hours.map((hour) => confidenceAt(LEARNED, hour, score, 0.03));
      return sure.slice(1).map((confidence, index) => Math.abs(confidence - (sure[index] ?? 0)));
    });

    expect(LEARNED.calibrations.map((one) => one.hours)).toEqual([12, 18, 30, 100]);
    expect(Math.max(...steps)).toBeLessThan(0.05);
  });
});
